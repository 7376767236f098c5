// SPDX-License-Identifier: BSD-3-Clause
// From a format known at run time to the view of it: for readers of any row (disassembler, translator).
#pragma once

#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

namespace detail {
template <class... Views>
struct ViewList {
  template <class Visitor>
  static void visit(Format format, InsnText text, Visitor&& visitor) {
    (void)((Views::format == format ? (visitor(Views{text}), true) : false) || ...);
  }
};
using AllViews = ViewList<E,
                          I,
                          IE,
                          MII,
                          RI_a,
                          RI_b,
                          RI_c,
                          RIE_a,
                          RIE_b,
                          RIE_c,
                          RIE_d,
                          RIE_e,
                          RIE_f,
                          RIE_g,
                          RIL_a,
                          RIL_b,
                          RIL_c,
                          RIS,
                          RR,
                          RRD,
                          RRE,
                          RRF_a,
                          RRF_b,
                          RRF_c,
                          RRF_d,
                          RRF_e,
                          RRS,
                          RS_a,
                          RS_b,
                          RSI,
                          RSL_a,
                          RSL_b,
                          RSY_a,
                          RSY_b,
                          RX_a,
                          RX_b,
                          RXE,
                          RXF,
                          RXY_a,
                          RXY_b,
                          S,
                          SI,
                          SIL,
                          SIY,
                          SMI,
                          SS_a,
                          SS_b,
                          SS_c,
                          SS_d,
                          SS_e,
                          SS_f,
                          SSE,
                          SSF>;
} // namespace detail

/// Calls `visitor(view)` with the view of that format.
template <class Visitor>
void visit_view(Format format, InsnText text, Visitor&& visitor) {
  detail::AllViews::visit(format, text, visitor);
}

} // namespace siena::cpu::isa
