// SPDX-License-Identifier: BSD-3-Clause
// Binary-floating-point conversions between registers. The rounding-method and XxC fields (the mnemonics that end in A) are
// part of the same opcodes.
#include "cpu/isa/semantics/bfp_convert.h"
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
  //         function                                   mnemonic  opcode  facility                cost
  irregular<&bfp_load_lengthened<RRE, Short, Long>    >("LDEBR",  0xB304, Base,                   Fp      ),
  irregular<&bfp_load_lengthened<RRE, Long, Extended> >("LXDBR",  0xB305, Base,                   Fp      ),
  irregular<&bfp_load_lengthened<RRE, Short, Extended>>("LXEBR",  0xB306, Base,                   Fp      ),

  irregular<&bfp_load_rounded<Long, Short>            >("LEDBR",  0xB344, Base,                   Fp      ),
  irregular<&bfp_load_rounded<Extended, Long>         >("LDXBR",  0xB345, Base,                   Fp      ),
  irregular<&bfp_load_rounded<Extended, Short>        >("LEXBR",  0xB346, Base,                   Fp      ),

  irregular<&bfp_load_fp_integer<Short>               >("FIEBR",  0xB357, Base,                   Fp      ),
  irregular<&bfp_load_fp_integer<Long>                >("FIDBR",  0xB35F, Base,                   Fp      ),
  irregular<&bfp_load_fp_integer<Extended>            >("FIXBR",  0xB347, Base,                   Fp      ),

  irregular<&bfp_convert_from_fixed<Short, s32>       >("CEFBR",  0xB394, Base,                   Fp      ),
  irregular<&bfp_convert_from_fixed<Short, s64>       >("CEGBR",  0xB3A4, Base,                   Fp      ),
  irregular<&bfp_convert_from_fixed<Short, u32>       >("CELFBR", 0xB390, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_from_fixed<Short, u64>       >("CELGBR", 0xB3A0, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_from_fixed<Long, s32>        >("CDFBR",  0xB395, Base,                   Fp      ),
  irregular<&bfp_convert_from_fixed<Long, s64>        >("CDGBR",  0xB3A5, Base,                   Fp      ),
  irregular<&bfp_convert_from_fixed<Long, u32>        >("CDLFBR", 0xB391, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_from_fixed<Long, u64>        >("CDLGBR", 0xB3A1, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_from_fixed<Extended, s32>    >("CXFBR",  0xB396, Base,                   Fp      ),
  irregular<&bfp_convert_from_fixed<Extended, s64>    >("CXGBR",  0xB3A6, Base,                   Fp      ),
  irregular<&bfp_convert_from_fixed<Extended, u32>    >("CXLFBR", 0xB392, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_from_fixed<Extended, u64>    >("CXLGBR", 0xB3A2, FloatingPointExtension, Fp      ),

  irregular<&bfp_convert_to_fixed<Short, s32>         >("CFEBR",  0xB398, Base,                   Fp      ),
  irregular<&bfp_convert_to_fixed<Short, s64>         >("CGEBR",  0xB3A8, Base,                   Fp      ),
  irregular<&bfp_convert_to_fixed<Short, u32>         >("CLFEBR", 0xB39C, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_to_fixed<Short, u64>         >("CLGEBR", 0xB3AC, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_to_fixed<Long, s32>          >("CFDBR",  0xB399, Base,                   Fp      ),
  irregular<&bfp_convert_to_fixed<Long, s64>          >("CGDBR",  0xB3A9, Base,                   Fp      ),
  irregular<&bfp_convert_to_fixed<Long, u32>          >("CLFDBR", 0xB39D, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_to_fixed<Long, u64>          >("CLGDBR", 0xB3AD, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_to_fixed<Extended, s32>      >("CFXBR",  0xB39A, Base,                   Fp      ),
  irregular<&bfp_convert_to_fixed<Extended, s64>      >("CGXBR",  0xB3AA, Base,                   Fp      ),
  irregular<&bfp_convert_to_fixed<Extended, u32>      >("CLFXBR", 0xB39E, FloatingPointExtension, Fp      ),
  irregular<&bfp_convert_to_fixed<Extended, u64>      >("CLGXBR", 0xB3AE, FloatingPointExtension, Fp      ),

  irregular<&convert_bfp_to_hfp<Short>                >("THDER",  0xB358, Base,                   Fp      ),
  irregular<&convert_bfp_to_hfp<Long>                 >("THDR",   0xB359, Base,                   Fp      ),
  irregular<&convert_hfp_to_bfp<Short>                >("TBEDR",  0xB350, Base,                   Fp      ),
  irregular<&convert_hfp_to_bfp<Long>                 >("TBDR",   0xB351, Base,                   Fp      ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan bfp_convert_rows() { return kRows; }

} // namespace siena::cpu::isa
