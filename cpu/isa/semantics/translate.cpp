// SPDX-License-Identifier: BSD-3-Clause
// Translation of characters through tables in storage (PoP, General Instructions, TRANSLATE). Only the table bytes that are
// actually selected are accessed. The forms with a length in a register end with condition code 3 after a bounded part; an access
// exception in the middle ends the part before it and is met again by the next execution, at its first character.
#include "cpu/isa/semantics/translate.h"

#include "cpu/isa/semantics/register_operand.h"
#include "cpu/isa/semantics/storage_operand.h"

#include <type_traits>

namespace siena::cpu::isa {
namespace {

constexpr u64 kTableSize = 256;

/// TRT and TRTR: `direction` is 1 or -1.
Outcome test_bytes(Cpu& cpu, SS_a insn, u64 direction) {
  const LogicalAddress operand = cpu.address(insn.b1(), insn.d1());
  const LogicalAddress table = cpu.address(insn.b2(), insn.d2());
  const u64 last = insn.l();
  cpu.charge((last + 1) / 8);
  for (u64 i = 0; i <= last; ++i) {
    const LogicalAddress at = cpu.advance(operand, i * direction);
    const auto argument = cpu.fetch<u8>(at);
    if (argument.outcome != Outcome::Completed) return argument.outcome;
    const auto function = cpu.fetch<u8>(cpu.advance(table, argument.value));
    if (function.outcome != Outcome::Completed) return function.outcome;
    if (function.value == 0) continue;
    // Unlike in other instructions, bits 32-39 of the address register stay in the 24-bit mode.
    if (long_addressing(cpu) || cpu.psw.has(Psw::kBasicAddressing))
      set_register_address(cpu, 1, at.value);
    else
      cpu.gr[1] = (cpu.gr[1] & ~u64{0xFF'FFFF}) | at.value;
    cpu.gr[2] = (cpu.gr[2] & ~u64{0xFF}) | function.value;
    cpu.psw.cc = i == last ? 2 : 1;
    return Outcome::Completed;
  }
  cpu.psw.cc = 0;
  return Outcome::Completed;
}

/// TROO, TROT, TRTO, TRTT. The length in R1+1 is that of the second operand, the source.
template <typename Argument, typename Function>
Outcome translate_characters(Cpu& cpu, RRF_c insn) {
  if (odd(insn.r1())) return specification_exception(cpu);
  LogicalAddress to = cpu.register_address(insn.r1()), from = cpu.register_address(insn.r2());
  u64 length = register_by_mode(cpu, insn.r1() + 1);
  if (length % sizeof(Argument) != 0) return specification_exception(cpu);
  const LogicalAddress table{cpu.register_address(1).value & ~u64{7}, 1};
  const auto test = static_cast<Function>(cpu.gr[0]);
  const bool no_test = (insn.m3() & 1) != 0;

  u64 done = 0;
  u8 cc = 0;
  Outcome outcome = Outcome::Completed;
  while (length != 0) {
    if (done >= kUnitOfOperation) {
      cc = 3;
      break;
    }
    const auto argument = cpu.fetch<Argument>(from);
    if ((outcome = argument.outcome) != Outcome::Completed) break;
    const auto function = cpu.fetch<Function>(cpu.advance(table, argument.value * sizeof(Function)));
    if ((outcome = function.outcome) != Outcome::Completed) break;
    if (!no_test && function.value == test) {
      cc = 1;
      break;
    }
    if ((outcome = cpu.store(to, function.value)) != Outcome::Completed) break;
    from = cpu.advance(from, sizeof(Argument));
    to = cpu.advance(to, sizeof(Function));
    length -= sizeof(Argument);
    done += sizeof(Argument);
  }
  if (outcome != Outcome::Completed) {
    if (done == 0) return outcome;
    cc = 3;
  }
  set_register_address(cpu, insn.r1(), to.value);
  set_register_by_mode(cpu, insn.r1() + 1, length);
  set_register_address(cpu, insn.r2(), from.value);
  cpu.charge(done);
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

/// One argument of TRTE and TRTRE: fetched, then looked up.
struct Lookup {
  u32 function = 0;
  Outcome outcome = Outcome::Completed;
};
template <typename Argument, typename Function>
Lookup look_up(Cpu& cpu, LogicalAddress at, LogicalAddress table, bool limited) {
  const auto argument = cpu.fetch<Argument>(at);
  if (argument.outcome != Outcome::Completed) return {0, argument.outcome};
  if (limited && argument.value > 255) return {};
  const auto function = cpu.fetch<Function>(cpu.advance(table, argument.value * sizeof(Function)));
  return {function.value, function.outcome};
}

/// TRTE and TRTRE: `direction` is 1 or -1.
Outcome translate_and_test_by_length(Cpu& cpu, RRF_c insn, u64 direction) {
  const bool wide_arguments = (insn.m3() & 8) != 0, wide_functions = (insn.m3() & 4) != 0,
             limited = (insn.m3() & 2) != 0;
  const u64 size = wide_arguments ? 2 : 1;
  const unsigned r1 = insn.r1(), r2 = insn.r2();
  if (odd(r1)) return specification_exception(cpu);
  RegisterPairOperand operand(cpu, r1);
  if (operand.length % size != 0) return specification_exception(cpu);
  const LogicalAddress table = cpu.register_address(1);

  u64 done = 0;
  Lookup found;
  while (operand.length != 0 && done < kUnitOfOperation) {
    const LogicalAddress at = operand.address;
    if (wide_arguments)
      found = wide_functions ? look_up<u16, u16>(cpu, at, table, limited) : look_up<u16, u8>(cpu, at, table, limited);
    else
      found = wide_functions ? look_up<u8, u16>(cpu, at, table, limited) : look_up<u8, u8>(cpu, at, table, limited);
    if (found.outcome != Outcome::Completed || found.function != 0) break;
    operand.address = cpu.advance(at, size * direction);
    operand.length -= size;
    done += size;
  }
  if (found.outcome != Outcome::Completed && done == 0) return found.outcome;
  operand.update(cpu);
  cpu.charge(done);
  if (found.outcome != Outcome::Completed || (found.function == 0 && operand.length != 0)) return cpu_determined(cpu);
  if (r2 != r1 && r2 != r1 + 1) set_register_by_mode(cpu, r2, found.function);
  cpu.psw.cc = found.function != 0;
  return Outcome::Completed;
}

} // namespace

Outcome translate(Cpu& cpu, SS_a insn) {
  const u64 length = insn.l() + 1;
  const LogicalAddress table = cpu.address(insn.b2(), insn.d2());
  OperandBytes operand;
  if (const Outcome o = operand.reach(cpu, cpu.address(insn.b1(), insn.d1()), length, Access::Store);
      o != Outcome::Completed)
    return o;
  // Which table bytes are needed does not depend on what is stored, even if the table overlaps the operand.
  const u64 in_first_page = std::min(kTableSize, kPageSize - (table.value & ~kPageMask));
  bool low = in_first_page == kTableSize, high = false;
  if (!low) {
    for (u64 i = 0; i < length; ++i) (operand[i] < in_first_page ? low : high) = true;
  }
  const u8* part[2] = {};
  if (low) {
    const HostSpan s = cpu.span(table, in_first_page, Access::Fetch);
    if (s.outcome != Outcome::Completed) return s.outcome;
    part[0] = s.bytes;
  }
  if (high) {
    const HostSpan s = cpu.span(cpu.advance(table, in_first_page), kTableSize - in_first_page, Access::Fetch);
    if (s.outcome != Outcome::Completed) return s.outcome;
    part[1] = s.bytes;
  }
  for (u64 i = 0; i < length; ++i) {
    u8& byte = operand[i];
    byte = byte < in_first_page ? part[0][byte] : part[1][byte - in_first_page];
  }
  operand.stored(cpu);
  cpu.charge(length / 8);
  return Outcome::Completed;
}

Outcome translate_and_test(Cpu& cpu, SS_a insn) { return test_bytes(cpu, insn, 1); }

Outcome translate_and_test_reverse(Cpu& cpu, SS_a insn) { return test_bytes(cpu, insn, ~u64{0}); }

Outcome translate_extended(Cpu& cpu, RRE insn) {
  if (odd(insn.r1())) return specification_exception(cpu);
  RegisterPairOperand operand(cpu, insn.r1());
  const LogicalAddress table = cpu.register_address(insn.r2());
  const auto test = static_cast<u8>(cpu.gr[0]);
  u8 cc = 0;
  if (operand.length != 0) {
    const HostSpan s = cpu.span(operand.address, operand.length, Access::Store);
    if (s.outcome != Outcome::Completed) return s.outcome;
    u64 i = 0;
    for (; i < s.length && s.bytes[i] != test; ++i) {
      const auto function = cpu.fetch<u8>(cpu.advance(table, s.bytes[i]));
      if (function.outcome != Outcome::Completed) {
        if (i == 0) return function.outcome;
        break;
      }
      s.bytes[i] = function.value;
    }
    if (i != 0) cpu.stored(s.bytes, i);
    cc = i < s.length && s.bytes[i] == test ? 1 : i == operand.length ? 0 : 3;
    operand.advance(cpu, i);
    cpu.charge(i);
  }
  operand.update(cpu);
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

Outcome translate_one_to_one(Cpu& cpu, RRF_c insn) { return translate_characters<u8, u8>(cpu, insn); }
Outcome translate_one_to_two(Cpu& cpu, RRF_c insn) { return translate_characters<u8, u16>(cpu, insn); }
Outcome translate_two_to_one(Cpu& cpu, RRF_c insn) { return translate_characters<u16, u8>(cpu, insn); }
Outcome translate_two_to_two(Cpu& cpu, RRF_c insn) { return translate_characters<u16, u16>(cpu, insn); }

Outcome translate_and_test_extended(Cpu& cpu, RRF_c insn) { return translate_and_test_by_length(cpu, insn, 1); }
Outcome translate_and_test_reverse_extended(Cpu& cpu, RRF_c insn) {
  return translate_and_test_by_length(cpu, insn, ~u64{0});
}

} // namespace siena::cpu::isa
