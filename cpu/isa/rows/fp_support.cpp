// SPDX-License-Identifier: BSD-3-Clause
// Floating-point-support instructions: moves, signs, transfers, and the floating-point-control register.
#include "cpu/isa/semantics/fp_support.h"
#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {
namespace {
using bfp::Extended;
using bfp::Long;
using bfp::Short;
using enum CostClass;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  //                         view   format     mnemonic  opcode  facility              cost
  irregular<&load_fp_register<RR,    Short   >>("LER",    0x3800, Base,                 Load ),
  irregular<&load_fp_register<RR,    Long    >>("LDR",    0x2800, Base,                 Load ),
  irregular<&load_fp_register<RRE,   Extended>>("LXR",    0xB365, Base,                 Load ),
  irregular<&load_fp_storage< RX_a,  Short   >>("LE",     0x7800, Base,                 Load ),
  irregular<&load_fp_storage< RX_a,  Long    >>("LD",     0x6800, Base,                 Load ),
  irregular<&load_fp_storage< RXY_a, Short   >>("LEY",    0xED64, LongDisplacement,     Load ),
  irregular<&load_fp_storage< RXY_a, Long    >>("LDY",    0xED65, LongDisplacement,     Load ),
  irregular<&store_fp<        RX_a,  Short   >>("STE",    0x7000, Base,                 Store),
  irregular<&store_fp<        RX_a,  Long    >>("STD",    0x6000, Base,                 Store),
  irregular<&store_fp<        RXY_a, Short   >>("STEY",   0xED66, LongDisplacement,     Store),
  irregular<&store_fp<        RXY_a, Long    >>("STDY",   0xED67, LongDisplacement,     Store),
  irregular<&load_fp_zero<           Short   >>("LZER",   0xB374, Base,                 Load ),
  irregular<&load_fp_zero<           Long    >>("LZDR",   0xB375, Base,                 Load ),
  irregular<&load_fp_zero<           Extended>>("LZXR",   0xB376, Base,                 Load ),
  irregular<&load_positive_fp                 >("LPDFR",  0xB370, FloatingPointSupport, Load ),
  irregular<&load_negative_fp                 >("LNDFR",  0xB371, FloatingPointSupport, Load ),
  irregular<&copy_sign                        >("CPSDR",  0xB372, FloatingPointSupport, Load ),
  irregular<&load_complement_fp               >("LCDFR",  0xB373, FloatingPointSupport, Load ),
  irregular<&load_fpr_from_gr                 >("LDGR",   0xB3C1, FloatingPointSupport, Load ),
  irregular<&load_gr_from_fpr                 >("LGDR",   0xB3CD, FloatingPointSupport, Load ),

  irregular<&extract_fpc                      >("EFPC",   0xB38C, Base,                 Fp   ),
  irregular<&set_fpc                          >("SFPC",   0xB384, Base,                 Fp   ),
  irregular<&load_fpc                         >("LFPC",   0xB29D, Base,                 Fp   ),
  irregular<&store_fpc                        >("STFPC",  0xB29C, Base,                 Fp   ),
  irregular<&set_fpc_and_signal               >("SFASR",  0xB385, FloatingPointSupport, Fp   ),
  irregular<&load_fpc_and_signal              >("LFAS",   0xB2BD, FloatingPointSupport, Fp   ),
  irregular<&set_bfp_rounding_mode_2_bit      >("SRNM",   0xB299, Base,                 Fp   ),
  irregular<&set_bfp_rounding_mode_3_bit      >("SRNMB",  0xB2B8, FloatingPointExtension, Fp ),
  irregular<&set_dfp_rounding_mode            >("SRNMT",  0xB2B9, FloatingPointSupport, Fp   ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan fp_support_rows() { return kRows; }

} // namespace siena::cpu::isa
