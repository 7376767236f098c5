// SPDX-License-Identifier: BSD-3-Clause
// The fields of an instruction's text by name, whatever its format; those that the format does not have are zero.
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::jit::ir {

struct Fields {
  u32 r1 = 0, r2 = 0, r3 = 0, x2 = 0, b1 = 0, b2 = 0, b4 = 0, m1 = 0, m3 = 0, m4 = 0, l = 0, i3 = 0, i4 = 0, i5 = 0;
  s64 d1 = 0, d2 = 0, d4 = 0;
  s64 i2 = 0;           ///< sign-extended
  u64 i2u = 0;          ///< zero-extended
  s64 ri2 = 0, ri4 = 0; ///< in bytes
};

Fields fields_of(isa::Format format, isa::InsnText text);

} // namespace siena::cpu::jit::ir
