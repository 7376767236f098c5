// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/multiply.h"

#include "cpu/isa/operands.h"

#include <limits>

namespace siena::cpu::isa {

namespace {

u64 pair_32(const Cpu& cpu, u32 r1) { return static_cast<u64>(cpu.gr32(r1)) << 32 | cpu.gr32(r1 + 1); }
void set_pair_32(Cpu& cpu, u32 r1, u64 value) {
  cpu.set_gr32(r1, static_cast<u32>(value >> 32));
  cpu.set_gr32(r1 + 1, static_cast<u32>(value));
}
void set_pair_64(Cpu& cpu, u32 r1, u128 value) {
  cpu.gr[r1] = static_cast<u64>(value >> 64);
  cpu.gr[r1 + 1] = static_cast<u64>(value);
}

/// Runs `operation(r1, second operand)` once R1 is known to be even and a storage operand has been fetched.
template <typename T, class View, class Run>
Outcome with_pair(Cpu& cpu, const View& insn, Run operation) {
  if ((insn.r1() & 1) != 0) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  if constexpr (requires { insn.b2(); }) {
    const auto second = cpu.fetch<T>(second_operand(cpu, insn));
    if (second.outcome != Outcome::Completed) [[unlikely]]
      return second.outcome;
    return operation(insn.r1(), second.value);
  } else {
    return operation(insn.r1(), static_cast<T>(cpu.gr[insn.r2()]));
  }
}

template <class View>
Outcome signed_product_32(Cpu& cpu, const View& insn) {
  return with_pair<u32>(cpu, insn, [&](u32 r1, u32 second) {
    const s64 product = s64{static_cast<s32>(cpu.gr32(r1 + 1))} * static_cast<s32>(second);
    set_pair_32(cpu, r1, static_cast<u64>(product));
    return Outcome::Completed;
  });
}
template <class View>
Outcome logical_product_32(Cpu& cpu, const View& insn) {
  return with_pair<u32>(cpu, insn, [&](u32 r1, u32 second) {
    set_pair_32(cpu, r1, u64{cpu.gr32(r1 + 1)} * second);
    return Outcome::Completed;
  });
}
template <class View>
Outcome logical_product_64(Cpu& cpu, const View& insn) {
  return with_pair<u64>(cpu, insn, [&](u32 r1, u64 second) {
    set_pair_64(cpu, r1, static_cast<u128>(cpu.gr[r1 + 1]) * second);
    return Outcome::Completed;
  });
}
u128 signed_product(u64 a, u64 b) {
  return static_cast<u128>(static_cast<s128>(static_cast<s64>(a)) * static_cast<s64>(b));
}

/// 64-bit dividend in the pair's words, 32-bit divisor.
template <class View>
Outcome signed_quotient_32(Cpu& cpu, const View& insn) {
  return with_pair<u32>(cpu, insn, [&](u32 r1, u32 second) {
    const s64 divisor = static_cast<s32>(second);
    const auto dividend = static_cast<s64>(pair_32(cpu, r1));
    // The one quotient that the host cannot form does not fit anyway.
    if (divisor == 0 || (divisor == -1 && dividend == std::numeric_limits<s64>::min())) [[unlikely]]
      return cpu.recognize(ProgramInterruption::FixedPointDivide);
    const s64 quotient = dividend / divisor;
    if (quotient != static_cast<s32>(quotient)) [[unlikely]]
      return cpu.recognize(ProgramInterruption::FixedPointDivide);
    cpu.set_gr32(r1, static_cast<u32>(dividend % divisor));
    cpu.set_gr32(r1 + 1, static_cast<u32>(quotient));
    return Outcome::Completed;
  });
}

/// 64-bit dividend in R1 + 1; the divisor is the second operand, or its 32 bits extended.
template <typename Divisor, class View>
Outcome single_quotient(Cpu& cpu, const View& insn) {
  return with_pair<std::make_unsigned_t<Divisor>>(cpu, insn, [&](u32 r1, auto second) {
    const s64 divisor = static_cast<Divisor>(second);
    const auto dividend = static_cast<s64>(cpu.gr[r1 + 1]);
    if (divisor == 0 || (divisor == -1 && dividend == std::numeric_limits<s64>::min())) [[unlikely]]
      return cpu.recognize(ProgramInterruption::FixedPointDivide);
    cpu.gr[r1] = static_cast<u64>(dividend % divisor);
    cpu.gr[r1 + 1] = static_cast<u64>(dividend / divisor);
    return Outcome::Completed;
  });
}

template <class View>
Outcome logical_quotient_32(Cpu& cpu, const View& insn) {
  return with_pair<u32>(cpu, insn, [&](u32 r1, u32 divisor) {
    const u64 dividend = pair_32(cpu, r1);
    // The quotient fits exactly when the divisor is above the dividend's high half; that also rules out a zero divisor.
    if (dividend >> 32 >= divisor) [[unlikely]]
      return cpu.recognize(ProgramInterruption::FixedPointDivide);
    cpu.set_gr32(r1, static_cast<u32>(dividend % divisor));
    cpu.set_gr32(r1 + 1, static_cast<u32>(dividend / divisor));
    return Outcome::Completed;
  });
}
template <class View>
Outcome logical_quotient_64(Cpu& cpu, const View& insn) {
  return with_pair<u64>(cpu, insn, [&](u32 r1, u64 divisor) {
    const u64 high = cpu.gr[r1];
    const u64 low = cpu.gr[r1 + 1];
    if (high >= divisor) [[unlikely]]
      return cpu.recognize(ProgramInterruption::FixedPointDivide);
    if (high == 0) [[likely]] { // compilers divide 64 bits by 64; the host's 128-bit division is several times slower
      cpu.gr[r1] = low % divisor;
      cpu.gr[r1 + 1] = low / divisor;
      return Outcome::Completed;
    }
    const u128 dividend = static_cast<u128>(high) << 64 | low;
    cpu.gr[r1] = static_cast<u64>(dividend % divisor);
    cpu.gr[r1 + 1] = static_cast<u64>(dividend / divisor);
    return Outcome::Completed;
  });
}

} // namespace

Outcome multiply_register_32(Cpu& cpu, RR insn) { return signed_product_32(cpu, insn); }
Outcome multiply_32(Cpu& cpu, RX_a insn) { return signed_product_32(cpu, insn); }
Outcome multiply_32_long(Cpu& cpu, RXY_a insn) { return signed_product_32(cpu, insn); }
/// Unlike the other products: both factors are named, and neither is in the pair.
Outcome multiply_register_64(Cpu& cpu, RRF_a insn) {
  if ((insn.r1() & 1) != 0) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  set_pair_64(cpu, insn.r1(), signed_product(cpu.gr[insn.r2()], cpu.gr[insn.r3()]));
  return Outcome::Completed;
}
Outcome multiply_64(Cpu& cpu, RXY_a insn) {
  return with_pair<u64>(cpu, insn, [&](u32 r1, u64 second) {
    set_pair_64(cpu, r1, signed_product(cpu.gr[r1 + 1], second));
    return Outcome::Completed;
  });
}
Outcome multiply_logical_register_32(Cpu& cpu, RRE insn) { return logical_product_32(cpu, insn); }
Outcome multiply_logical_32(Cpu& cpu, RXY_a insn) { return logical_product_32(cpu, insn); }
Outcome multiply_logical_register_64(Cpu& cpu, RRE insn) { return logical_product_64(cpu, insn); }
Outcome multiply_logical_64(Cpu& cpu, RXY_a insn) { return logical_product_64(cpu, insn); }

Outcome divide_register_32(Cpu& cpu, RR insn) { return signed_quotient_32(cpu, insn); }
Outcome divide_32(Cpu& cpu, RX_a insn) { return signed_quotient_32(cpu, insn); }
Outcome divide_single_register_64(Cpu& cpu, RRE insn) { return single_quotient<s64>(cpu, insn); }
Outcome divide_single_register_by_32(Cpu& cpu, RRE insn) { return single_quotient<s32>(cpu, insn); }
Outcome divide_single_64(Cpu& cpu, RXY_a insn) { return single_quotient<s64>(cpu, insn); }
Outcome divide_single_by_32(Cpu& cpu, RXY_a insn) { return single_quotient<s32>(cpu, insn); }
Outcome divide_logical_register_32(Cpu& cpu, RRE insn) { return logical_quotient_32(cpu, insn); }
Outcome divide_logical_32(Cpu& cpu, RXY_a insn) { return logical_quotient_32(cpu, insn); }
Outcome divide_logical_register_64(Cpu& cpu, RRE insn) { return logical_quotient_64(cpu, insn); }
Outcome divide_logical_64(Cpu& cpu, RXY_a insn) { return logical_quotient_64(cpu, insn); }

} // namespace siena::cpu::isa
