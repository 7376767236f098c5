// SPDX-License-Identifier: BSD-3-Clause
// Binary floating point, operands in registers. Forms with an operand in storage are in bfp_storage.cpp, conversions in
// bfp_convert.cpp.
#include "cpu/isa/semantics/bfp.h"
#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {
namespace {
using bfp::Extended;
using bfp::Long;
using bfp::Short;
using enum BfpOperation;
using CostClass::Fp;
using CostClass::FpDivide;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  //         function                                            mnemonic opcode  facility                cost
  irregular<&bfp_arithmetic<RRE, Short, LoadPositive>          >("LPEBR", 0xB300, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Short, LoadNegative>          >("LNEBR", 0xB301, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Short, LoadAndTest>           >("LTEBR", 0xB302, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Short, LoadComplement>        >("LCEBR", 0xB303, Base,                   Fp      ),
  irregular<&bfp_compare<RRE, Short, CompareAndSignal>         >("KEBR",  0xB308, Base,                   Fp      ),
  irregular<&bfp_compare<RRE, Short, Compare>                  >("CEBR",  0xB309, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Short, Add>                   >("AEBR",  0xB30A, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Short, Subtract>              >("SEBR",  0xB30B, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Short, Multiply>              >("MEEBR", 0xB317, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Short, Divide>                >("DEBR",  0xB30D, Base,                   FpDivide),
  irregular<&bfp_arithmetic<RRE, Short, SquareRoot>            >("SQEBR", 0xB314, Base,                   FpDivide),
  irregular<&bfp_multiply_and_add<RRD, Short, MultiplyAdd>     >("MAEBR", 0xB30E, Base,                   Fp      ),
  irregular<&bfp_multiply_and_add<RRD, Short, MultiplySubtract>>("MSEBR", 0xB30F, Base,                   Fp      ),
  irregular<&bfp_divide_to_integer<Short>                      >("DIEBR", 0xB353, Base,                   FpDivide),

  irregular<&bfp_arithmetic<RRE, Long, LoadPositive>           >("LPDBR", 0xB310, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Long, LoadNegative>           >("LNDBR", 0xB311, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Long, LoadAndTest>            >("LTDBR", 0xB312, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Long, LoadComplement>         >("LCDBR", 0xB313, Base,                   Fp      ),
  irregular<&bfp_compare<RRE, Long, CompareAndSignal>          >("KDBR",  0xB318, Base,                   Fp      ),
  irregular<&bfp_compare<RRE, Long, Compare>                   >("CDBR",  0xB319, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Long, Add>                    >("ADBR",  0xB31A, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Long, Subtract>               >("SDBR",  0xB31B, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Long, Multiply>               >("MDBR",  0xB31C, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Long, Divide>                 >("DDBR",  0xB31D, Base,                   FpDivide),
  irregular<&bfp_arithmetic<RRE, Long, SquareRoot>             >("SQDBR", 0xB315, Base,                   FpDivide),
  irregular<&bfp_multiply_and_add<RRD, Long, MultiplyAdd>      >("MADBR", 0xB31E, Base,                   Fp      ),
  irregular<&bfp_multiply_and_add<RRD, Long, MultiplySubtract> >("MSDBR", 0xB31F, Base,                   Fp      ),
  irregular<&bfp_divide_to_integer<Long>                       >("DIDBR", 0xB35B, Base,                   FpDivide),

  irregular<&bfp_arithmetic<RRE, Extended, LoadPositive>       >("LPXBR", 0xB340, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Extended, LoadNegative>       >("LNXBR", 0xB341, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Extended, LoadAndTest>        >("LTXBR", 0xB342, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Extended, LoadComplement>     >("LCXBR", 0xB343, Base,                   Fp      ),
  irregular<&bfp_compare<RRE, Extended, CompareAndSignal>      >("KXBR",  0xB348, Base,                   Fp      ),
  irregular<&bfp_compare<RRE, Extended, Compare>               >("CXBR",  0xB349, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Extended, Add>                >("AXBR",  0xB34A, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Extended, Subtract>           >("SXBR",  0xB34B, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Extended, Multiply>           >("MXBR",  0xB34C, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RRE, Extended, Divide>             >("DXBR",  0xB34D, Base,                   FpDivide),
  irregular<&bfp_arithmetic<RRE, Extended, SquareRoot>         >("SQXBR", 0xB316, Base,                   FpDivide),

  irregular<&bfp_multiply_lengthened<RRE, Short, Long>         >("MDEBR", 0xB30C, Base,                   Fp      ),
  irregular<&bfp_multiply_lengthened<RRE, Long, Extended>      >("MXDBR", 0xB307, Base,                   Fp      ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan bfp_rows() { return kRows; }

} // namespace siena::cpu::isa
