// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/ir/fields.h"

#include "cpu/isa/operands.h"
#include "cpu/isa/views.h"

namespace siena::cpu::jit::ir {

Fields fields_of(isa::Format format, isa::InsnText text) {
  Fields f;
  isa::visit_view(format, text, [&f]<class View>(const View& v) {
    if constexpr (requires { v.r1(); }) f.r1 = v.r1();
    if constexpr (requires { v.r2(); }) f.r2 = v.r2();
    if constexpr (requires { v.r3(); }) f.r3 = v.r3();
    if constexpr (requires { v.x2(); }) f.x2 = v.x2();
    if constexpr (requires { v.b1(); }) f.b1 = v.b1();
    if constexpr (requires { v.b2(); }) f.b2 = v.b2();
    if constexpr (requires { v.b4(); }) f.b4 = v.b4();
    if constexpr (requires { v.m1(); }) f.m1 = v.m1();
    if constexpr (requires { v.m3(); }) f.m3 = v.m3();
    if constexpr (requires { v.m4(); }) f.m4 = v.m4();
    if constexpr (requires { v.l(); }) f.l = static_cast<u32>(v.l());
    if constexpr (requires { v.i3(); }) f.i3 = static_cast<u32>(v.i3());
    if constexpr (requires { v.i4(); }) f.i4 = static_cast<u32>(v.i4());
    if constexpr (requires { v.i5(); }) f.i5 = static_cast<u32>(v.i5());
    if constexpr (requires { v.d1(); }) f.d1 = v.d1();
    if constexpr (requires { v.d2(); }) f.d2 = v.d2();
    if constexpr (requires { v.d4(); }) f.d4 = v.d4();
    if constexpr (requires { v.i2(); }) {
      f.i2 = isa::detail::signed_immediate(v);
      f.i2u = static_cast<u64>(isa::detail::unsigned_immediate(v));
    }
    if constexpr (requires { v.ri2(); }) f.ri2 = v.ri2();
    if constexpr (requires { v.ri4(); }) f.ri4 = v.ri4();
  });
  return f;
}

} // namespace siena::cpu::jit::ir
