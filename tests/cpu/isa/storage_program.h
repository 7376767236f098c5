// SPDX-License-Identifier: BSD-3-Clause
// One CPU on real storage for tests of instructions with operands in storage: bytes in, one instruction, bytes out. Frames can be
// made unfetchable or unstorable by their keys, so that access exceptions can be put between any two bytes.
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/decoder.h"
#include "tests/executed.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string_view>
#include <vector>

namespace siena::cpu::isa::testing {

using Bytes = std::vector<u8>;

inline u8 hex_digit(char c) { return static_cast<u8>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

/// "12 34 5C" -> bytes.
inline Bytes hex(std::string_view text) {
  Bytes bytes;
  bool half = false;
  for (const char c : text) {
    if (c == ' ') continue;
    if (half)
      bytes.back() = static_cast<u8>(bytes.back() << 4 | hex_digit(c));
    else
      bytes.push_back(hex_digit(c));
    half = !half;
  }
  return bytes;
}

class StorageProgram {
 public:
  static constexpr u64 kStorageSize = 32 << 20;
  static constexpr u64 kCode = 0x8000;
  static constexpr u8 kProgramKey = 0x10, kForeignKey = 0x20;

  StorageProgram() {
    cpu.decoder = &decoder;
    addressing(64);
  }

  /// 24, 31 or 64.
  void addressing(unsigned bits) {
    mask_ = (mask_ & ~(Psw::kExtendedAddressing | Psw::kBasicAddressing)) |
            (bits == 64   ? Psw::kExtendedAddressing | Psw::kBasicAddressing
             : bits == 31 ? Psw::kBasicAddressing
                          : 0);
    cpu.load_psw(mask_, kCode);
  }
  /// Stores, and with `fetch` also fetches, to the frame of `address` end in a protection exception from now on.
  void protect(u64 address, bool fetch) {
    for (u64 frame = 0; frame < 512; ++frame) {
      const AbsoluteAddress a{frame * kPageSize};
      const u8 key = storage->frames().key(a);
      if ((key & mmu::storage_key::kAccessControl) == 0)
        storage->frames().set_key(a, static_cast<u8>(key | kProgramKey));
    }
    storage->frames().set_key({address},
                              static_cast<u8>(kForeignKey | (fetch ? mmu::storage_key::kFetchProtection : 0)));
    mask_ |= u64{kProgramKey} << 48;
    cpu.load_psw(mask_, kCode);
  }
  void program_mask(u64 bits) {
    mask_ |= bits;
    cpu.load_psw(mask_, kCode);
  }
  StorageProgram& gr(unsigned n, u64 value) {
    cpu.gr[n] = value;
    return *this;
  }
  u64 gr(unsigned n) const { return cpu.gr[n]; }
  StorageProgram& put(u64 address, const Bytes& bytes) {
    EXPECT_TRUE(storage->write({address}, bytes));
    return *this;
  }
  StorageProgram& put(u64 address, std::string_view text) { return put(address, hex(text)); }
  StorageProgram& put_text(u64 address, std::string_view text) { return put(address, Bytes(text.begin(), text.end())); }
  StorageProgram& fill(u64 address, u64 length, u8 value) { return put(address, Bytes(length, value)); }
  Bytes get(u64 address, u64 length) const {
    Bytes bytes(length);
    EXPECT_TRUE(storage->read({address}, bytes));
    return bytes;
  }
  u8 byte(u64 address) const { return get(address, 1)[0]; }
  std::string text(u64 address, u64 length) const {
    const Bytes bytes = get(address, length);
    return {bytes.begin(), bytes.end()};
  }

  /// Executes the instruction once, as if it stood at kCode.
  Outcome step(std::string_view hexadecimal) {
    const Bytes bytes = hex(hexadecimal);
    InsnText insn;
    for (std::size_t i = 0; i < bytes.size(); ++i) insn.bits |= static_cast<u64>(bytes[i]) << (56 - 8 * i);
    EXPECT_EQ(insn.length(), bytes.size()) << hexadecimal;
    const InstructionDef* def = decoder.find(insn);
    cpu.pending_program = {};
    cpu.psw.address = kCode + insn.length();
    if (def == nullptr) return cpu.recognize(ProgramInterruption::Operation);
    return tests::execute_noted(cpu, *def, insn);
  }
  /// Executes until complete: re-executes after units of operation, and after condition code 3 when `branch_back`.
  Outcome finish(std::string_view hexadecimal, bool branch_back = false) {
    while (true) {
      const Outcome o = step(hexadecimal);
      if (o == Outcome::Partial || (branch_back && o == Outcome::Completed && cpu.psw.cc == 3)) continue;
      return o;
    }
  }
  void run(std::string_view hexadecimal) {
    EXPECT_EQ(finish(hexadecimal), Outcome::Completed)
        << hexadecimal << " ended with program interruption " << static_cast<unsigned>(cpu.pending_program.code);
  }
  ProgramInterruption interruption(std::string_view hexadecimal) {
    return step(hexadecimal) == Outcome::ProgramInterruption ? cpu.pending_program.code : ProgramInterruption::None;
  }
  int cc() const { return cpu.psw.cc; }

  std::unique_ptr<mmu::AbsoluteStorage> storage = std::move(mmu::AbsoluteStorage::create(kStorageSize).value());
  timing::TodClock clock{0};
  FloatingPending floating;
  Cpu cpu{0, Cpu::Environment{.storage = *storage, .clock = clock, .floating = floating, .features = {}}};
  static constexpr std::array<u64, 4> kFacilities{~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
  Decoder decoder{kFacilities};

 private:
  u64 mask_ = 0;
};

} // namespace siena::cpu::isa::testing
