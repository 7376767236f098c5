// SPDX-License-Identifier: BSD-3-Clause
// Strings with an ending character, and CHECKSUM (PoP, General Instructions). None is interruptible: an execution ends with
// condition code 3 after a bounded number of bytes. An access exception in the middle ends it the same way, before the bytes that
// cannot be accessed; the next execution meets the exception at its first byte, where it nullifies all of that execution.
#include "cpu/isa/semantics/string.h"

#include "cpu/isa/semantics/register_operand.h"
#include "cpu/isa/semantics/storage_operand.h"

namespace siena::cpu::isa {
namespace {

/// The character in general register 0 that ends a string; bits 32-55 must be zeros.
bool ending_character(const Cpu& cpu, u8& character) {
  character = static_cast<u8>(cpu.gr[0]);
  return (cpu.gr[0] & 0xFFFF'FF00) == 0;
}

u32 fold(u64 sum) {
  sum = (sum & 0xFFFF'FFFF) + (sum >> 32);
  sum = (sum & 0xFFFF'FFFF) + (sum >> 32);
  return static_cast<u32>(sum);
}

/// Sum of the words at `bytes`, the last one extended with zeros on the right.
u64 sum_of_words(const u8* bytes, u64 n) {
  u64 sum = 0;
  for (; n >= 4; n -= 4, bytes += 4) sum += load_big<u32>(bytes);
  for (unsigned shift = 24; n != 0; --n, shift -= 8) sum += u64{*bytes++} << shift;
  return sum;
}

} // namespace

Outcome move_string(Cpu& cpu, RRE insn) {
  u8 end = 0;
  if (!ending_character(cpu, end)) return specification_exception(cpu);
  LogicalAddress to = cpu.register_address(insn.r1()), from = cpu.register_address(insn.r2());
  u64 done = 0;
  u8 cc = 3;
  while (done < kUnitOfOperation) {
    const HostSpan source = cpu.span(from, kUnitOfOperation, Access::Fetch);
    if (source.outcome != Outcome::Completed) {
      if (done == 0) return source.outcome;
      break;
    }
    const auto* found = static_cast<const u8*>(std::memchr(source.bytes, end, source.length));
    const u64 wanted = found != nullptr ? static_cast<u64>(found - source.bytes) + 1 : source.length;
    const HostSpan target = cpu.span(to, wanted, Access::Store);
    if (target.outcome != Outcome::Completed) {
      if (done == 0) return target.outcome;
      break;
    }
    const u64 n = target.length;
    std::memmove(target.bytes, source.bytes, n); // overlap that destroys the source makes the result unpredictable
    cpu.stored(target.bytes, n);
    done += n;
    if (found != nullptr && n == wanted) {
      to = cpu.advance(to, n - 1);
      cc = 1;
      break;
    }
    to = cpu.advance(to, n);
    from = cpu.advance(from, n);
  }
  set_register_address(cpu, insn.r1(), to.value);
  if (cc == 3) set_register_address(cpu, insn.r2(), from.value);
  cpu.charge(done / 8);
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

Outcome search_string(Cpu& cpu, RRE insn) {
  u8 character = 0;
  if (!ending_character(cpu, character)) return specification_exception(cpu);
  LogicalAddress at = cpu.register_address(insn.r2());
  u64 length = (cpu.register_address(insn.r1()).value - at.value) & cpu.address_mask();
  u64 done = 0;
  u8 cc = length == 0 ? 2 : 3;
  while (cc == 3 && done < kUnitOfOperation) {
    const HostSpan s = cpu.span(at, length, Access::Fetch);
    if (s.outcome != Outcome::Completed) {
      if (done == 0) return s.outcome;
      break;
    }
    const auto* found = static_cast<const u8*>(std::memchr(s.bytes, character, s.length));
    const u64 n = found != nullptr ? static_cast<u64>(found - s.bytes) : s.length;
    at = cpu.advance(at, n);
    length -= n;
    done += n;
    if (found != nullptr)
      cc = 1;
    else if (length == 0)
      cc = 2;
  }
  if (cc != 2) set_register_address(cpu, cc == 1 ? insn.r1() : insn.r2(), at.value);
  cpu.charge(done / 8);
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

Outcome search_string_unicode(Cpu& cpu, RRE insn) {
  if ((cpu.gr[0] & 0xFFFF'0000) != 0) return specification_exception(cpu);
  const auto character = static_cast<u16>(cpu.gr[0]);
  LogicalAddress at = cpu.register_address(insn.r2());
  // A character whose second byte is at the ending address is still looked at.
  u64 length = (cpu.register_address(insn.r1()).value - at.value) & cpu.address_mask();
  length += length & 1;
  u64 done = 0;
  u8 cc = length == 0 ? 2 : 3;
  while (cc == 3 && done < kUnitOfOperation) {
    const auto c = cpu.fetch<u16>(at);
    if (c.outcome != Outcome::Completed) {
      if (done == 0) return c.outcome;
      break;
    }
    if (c.value == character) {
      cc = 1;
    } else {
      at = cpu.advance(at, 2);
      length -= 2;
      done += 2;
      if (length == 0) cc = 2;
    }
  }
  if (cc != 2) set_register_address(cpu, cc == 1 ? insn.r1() : insn.r2(), at.value);
  cpu.charge(done / 8);
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

Outcome checksum(Cpu& cpu, RRE insn) {
  if (odd(insn.r2())) return specification_exception(cpu);
  RegisterPairOperand operand(cpu, insn.r2());
  u64 sum = cpu.gr32(insn.r1());
  if (operand.length != 0) {
    const HostSpan s = cpu.span(operand.address, operand.length, Access::Fetch);
    if (s.outcome != Outcome::Completed) return s.outcome;
    u64 n = s.length;
    if (n != operand.length) n = n / 4 * 4;
    if (n != 0) {
      sum += sum_of_words(s.bytes, n);
    } else {
      // A word that crosses a page boundary.
      u8 word[4];
      n = std::min<u64>(4, operand.length);
      if (const Outcome o = cpu.fetch_bytes(operand.address, {word, n}); o != Outcome::Completed) return o;
      sum += sum_of_words(word, n);
    }
    operand.advance(cpu, n);
    cpu.charge(n / 8);
  }
  cpu.set_gr32(insn.r1(), fold(sum));
  operand.update(cpu);
  cpu.psw.cc = operand.length != 0 ? 3 : 0;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
