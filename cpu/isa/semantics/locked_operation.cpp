// SPDX-License-Identifier: BSD-3-Clause
// PERFORM LOCKED OPERATION (PoP, General Instructions). The function code is an operation (compare and load, compare and swap,
// double compare and swap, compare and swap and one to three stores) times an operand kind: 32 bits in registers, 64 bits in a
// parameter list, 64 bits in registers, 128 bits in a parameter list. The program lock token names a lock that only other
// executions of this instruction look at; CPUs do not execute between each other's instructions, so it needs no lock here.
#include "cpu/isa/semantics/locked_operation.h"

#include "cpu/isa/semantics/register_operand.h"
#include "cpu/isa/semantics/storage_operand.h"

namespace siena::cpu::isa {
namespace {

enum class Operation : u8 {
  CompareAndLoad,
  CompareAndSwap,
  DoubleCompareAndSwap,
  CompareAndSwapAndStore,
  CompareAndSwapAndDoubleStore,
  CompareAndSwapAndTripleStore
};
enum class Kind : u8 { Words, ListDoublewords, Doublewords, ListQuadwords };
constexpr u32 kFunctions = 24;
constexpr u64 kTestBit = 0x100;
constexpr u64 kReserved = 0xFFFF'FE00;

/// Parameter list: operands stand right-aligned in quadwords, an address in its quadword's right half, an ALET before it.
namespace list {
constexpr u64 kFirstComparison = 0, kFirstReplacement = 16, kThirdComparison = 32, kThird = 48, kFourthAddress = 64,
              kFifth = 80, kSixthAddress = 96, kSeventh = 112, kEighthAddress = 128, kSize = 144;
}

/// A storage operand that has been reached: value and host bytes.
struct Place {
  OperandBytes bytes;
  u128 value = 0;
};

class LockedOperation {
 public:
  LockedOperation(Cpu& cpu, SS_e insn, u32 function)
      : cpu_(cpu), insn_(insn), operation_(static_cast<Operation>(function / 4)),
        kind_(static_cast<Kind>(function % 4)), size_(kind_ == Kind::Words           ? 4
                                                      : kind_ == Kind::ListQuadwords ? 16
                                                                                     : 8),
        list_at_(cpu.address(insn.b4(), insn.d4())) {}

  Outcome perform();

 private:
  bool values_in_list() const { return kind_ == Kind::ListDoublewords || kind_ == Kind::ListQuadwords; }
  bool stores_from_list() const { return operation_ >= Operation::CompareAndSwapAndDoubleStore; }
  bool has_list() const { return values_in_list() || stores_from_list(); }
  bool addresses_in_list() const { return has_list() && operation_ != Operation::CompareAndSwap; }
  bool specification_holds() const;
  /// The value in the list's quadword at `offset`.
  u128 listed(u64 offset) const;
  u128 in_register(unsigned r) const { return kind_ == Kind::Words ? cpu_.gr32(r) : cpu_.gr[r]; }
  u128 operand(u64 offset, unsigned r) const { return values_in_list() ? listed(offset) : in_register(r); }
  /// Reaches `size_` bytes of storage; Store access includes fetching.
  Outcome reach(Place& place, LogicalAddress a, Access access);
  /// Reaches the operand whose address is at `offset` of the list, or D4(B4).
  Outcome reach_listed(Place& place, u64 offset, Access access);
  void store(Place& place, u128 value);
  /// Puts `value` where an operand came from: a register, or the list, whose bytes at `offset` are reached first.
  Outcome give_back(u64 offset, unsigned r, u128 value);
  Outcome end(u8 cc) {
    cpu_.psw.cc = cc;
    return Outcome::Completed;
  }

  Cpu& cpu_;
  SS_e insn_;
  Operation operation_;
  Kind kind_;
  u64 size_;
  LogicalAddress list_at_;
  u8 list_[list::kSize] = {};
};

bool LockedOperation::specification_holds() const {
  if ((cpu_.address(insn_.b2(), insn_.d2()).value & (size_ - 1)) != 0) return false;
  const bool comparison_in_register = !values_in_list();
  // A pair holds comparison and replacement value.
  if (comparison_in_register && operation_ != Operation::CompareAndLoad && odd(insn_.r1())) return false;
  if (comparison_in_register && operation_ == Operation::DoubleCompareAndSwap && odd(insn_.r3())) return false;
  if (has_list()) {
    if ((list_at_.value & 7) != 0) return false;
    const bool alets = cpu_.psw.has(Psw::kDat) && cpu_.psw.address_space() == AddressSpace::AccessRegister;
    return !(alets && addresses_in_list() && insn_.r3() == 0);
  }
  return operation_ == Operation::CompareAndSwap || (list_at_.value & (size_ - 1)) == 0;
}

u128 LockedOperation::listed(u64 offset) const {
  const u8* at = list_ + offset + (16 - size_);
  return size_ == 4 ? load_big<u32>(at) : size_ == 8 ? load_big<u64>(at) : load_big<u128>(at);
}

Outcome LockedOperation::reach(Place& place, LogicalAddress a, Access access) {
  if ((a.value & (size_ - 1)) != 0) return specification_exception(cpu_);
  if (const Outcome o = place.bytes.reach(cpu_, a, size_, access); o != Outcome::Completed) return o;
  u8 bytes[16] = {};
  place.bytes.read(bytes + (16 - size_));
  place.value = load_big<u128>(bytes);
  return Outcome::Completed;
}

Outcome LockedOperation::reach_listed(Place& place, u64 offset, Access access) {
  if (!addresses_in_list()) return reach(place, list_at_, access);
  const u64 address = long_addressing(cpu_) ? load_big<u64>(list_ + offset + 8)
                                            : load_big<u32>(list_ + offset + 12) & cpu_.address_mask();
  if (cpu_.psw.has(Psw::kDat) && cpu_.psw.address_space() == AddressSpace::AccessRegister) {
    cpu_.ar[insn_.r3()] = load_big<u32>(list_ + offset + 4);
    cpu_.controls_changed();
  }
  return reach(place, {address, static_cast<u8>(insn_.r3())}, access);
}

void LockedOperation::store(Place& place, u128 value) {
  u8 bytes[16];
  store_big(bytes, value);
  place.bytes.write(bytes + (16 - size_));
  place.bytes.stored(cpu_);
}

Outcome LockedOperation::give_back(u64 offset, unsigned r, u128 value) {
  if (!values_in_list()) {
    if (kind_ == Kind::Words)
      cpu_.set_gr32(r, static_cast<u32>(value));
    else
      cpu_.gr[r] = static_cast<u64>(value);
    return Outcome::Completed;
  }
  u8 bytes[16];
  store_big(bytes, value);
  const u64 skipped = 16 - size_;
  return cpu_.store_bytes(cpu_.advance(list_at_, offset + skipped), {bytes + skipped, size_});
}

Outcome LockedOperation::perform() {
  using enum Operation;
  if (!specification_holds()) return specification_exception(cpu_);
  if (has_list()) {
    // Only as far as this function's list goes.
    const u64 length = operation_ == CompareAndSwap                 ? 32
                       : operation_ == CompareAndSwapAndDoubleStore ? list::kSeventh
                       : operation_ == CompareAndSwapAndTripleStore ? list::kSize
                                                                    : list::kFifth;
    if (const Outcome o = cpu_.fetch_bytes(list_at_, {list_, length}); o != Outcome::Completed) return o;
  }
  Place second;
  const Access access = operation_ == CompareAndLoad ? Access::Fetch : Access::Store;
  if (const Outcome o = reach(second, cpu_.address(insn_.b2(), insn_.d2()), access); o != Outcome::Completed) return o;
  if (operand(list::kFirstComparison, insn_.r1()) != second.value) {
    const Outcome o = give_back(list::kFirstComparison, insn_.r1(), second.value);
    return o == Outcome::Completed ? end(1) : o;
  }

  // Everything is reached before anything is stored.
  Place fourth, sixth, eighth;
  if (operation_ == CompareAndLoad) {
    if (const Outcome o = reach_listed(fourth, list::kFourthAddress, Access::Fetch); o != Outcome::Completed) return o;
    const Outcome o = give_back(list::kThirdComparison, insn_.r3(), fourth.value);
    return o == Outcome::Completed ? end(0) : o;
  }
  if (operation_ >= DoubleCompareAndSwap) {
    if (const Outcome o = reach_listed(fourth, list::kFourthAddress, Access::Store); o != Outcome::Completed) return o;
  }
  if (operation_ == DoubleCompareAndSwap && operand(list::kThirdComparison, insn_.r3()) != fourth.value) {
    const Outcome o = give_back(list::kThirdComparison, insn_.r3(), fourth.value);
    return o == Outcome::Completed ? end(2) : o;
  }
  if (operation_ >= CompareAndSwapAndDoubleStore) {
    if (const Outcome o = reach_listed(sixth, list::kSixthAddress, Access::Store); o != Outcome::Completed) return o;
  }
  if (operation_ == CompareAndSwapAndTripleStore) {
    if (const Outcome o = reach_listed(eighth, list::kEighthAddress, Access::Store); o != Outcome::Completed) return o;
  }

  store(second, operand(list::kFirstReplacement, insn_.r1() + 1));
  if (operation_ == DoubleCompareAndSwap) store(fourth, operand(list::kThird, insn_.r3() + 1));
  if (operation_ == CompareAndSwapAndStore) store(fourth, operand(list::kThird, insn_.r3()));
  if (stores_from_list()) {
    store(fourth, listed(list::kThird));
    store(sixth, listed(list::kFifth));
    if (operation_ == CompareAndSwapAndTripleStore) store(eighth, listed(list::kSeventh));
  }
  return end(0);
}

} // namespace

Outcome perform_locked_operation(Cpu& cpu, SS_e insn) {
  const auto function = static_cast<u32>(cpu.gr[0] & 0xFF);
  if ((cpu.gr[0] & kReserved) != 0) return specification_exception(cpu);
  if ((cpu.gr[0] & kTestBit) != 0) {
    cpu.psw.cc = function < kFunctions ? 0 : 3;
    return Outcome::Completed;
  }
  if (function >= kFunctions) return specification_exception(cpu);
  return LockedOperation(cpu, insn, function).perform();
}

} // namespace siena::cpu::isa
