// SPDX-License-Identifier: BSD-3-Clause
// Binary floating point with the second operand in storage (for TEST DATA CLASS, its address).
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/bfp.h"
#include "cpu/isa/semantics/bfp_convert.h"

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
  //         function                                            mnemonic opcode facility                cost
  irregular<&bfp_compare<RXE, Short, CompareAndSignal>         >("KEB",  0xED08, Base,                   Fp      ),
  irregular<&bfp_compare<RXE, Short, Compare>                  >("CEB",  0xED09, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RXE, Short, Add>                   >("AEB",  0xED0A, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RXE, Short, Subtract>              >("SEB",  0xED0B, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RXE, Short, Multiply>              >("MEEB", 0xED17, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RXE, Short, Divide>                >("DEB",  0xED0D, Base,                   FpDivide),
  irregular<&bfp_arithmetic<RXE, Short, SquareRoot>            >("SQEB", 0xED14, Base,                   FpDivide),
  irregular<&bfp_multiply_and_add<RXF, Short, MultiplyAdd>     >("MAEB", 0xED0E, Base,                   Fp      ),
  irregular<&bfp_multiply_and_add<RXF, Short, MultiplySubtract>>("MSEB", 0xED0F, Base,                   Fp      ),
  irregular<&bfp_test_data_class<Short>                        >("TCEB", 0xED10, Base,                   Fp      ),

  irregular<&bfp_compare<RXE, Long, CompareAndSignal>          >("KDB",  0xED18, Base,                   Fp      ),
  irregular<&bfp_compare<RXE, Long, Compare>                   >("CDB",  0xED19, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RXE, Long, Add>                    >("ADB",  0xED1A, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RXE, Long, Subtract>               >("SDB",  0xED1B, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RXE, Long, Multiply>               >("MDB",  0xED1C, Base,                   Fp      ),
  irregular<&bfp_arithmetic<RXE, Long, Divide>                 >("DDB",  0xED1D, Base,                   FpDivide),
  irregular<&bfp_arithmetic<RXE, Long, SquareRoot>             >("SQDB", 0xED15, Base,                   FpDivide),
  irregular<&bfp_multiply_and_add<RXF, Long, MultiplyAdd>      >("MADB", 0xED1E, Base,                   Fp      ),
  irregular<&bfp_multiply_and_add<RXF, Long, MultiplySubtract> >("MSDB", 0xED1F, Base,                   Fp      ),
  irregular<&bfp_test_data_class<Long>                         >("TCDB", 0xED11, Base,                   Fp      ),

  irregular<&bfp_test_data_class<Extended>                     >("TCXB", 0xED12, Base,                   Fp      ),

  irregular<&bfp_multiply_lengthened<RXE, Short, Long>         >("MDEB", 0xED0C, Base,                   Fp      ),
  irregular<&bfp_multiply_lengthened<RXE, Long, Extended>      >("MXDB", 0xED07, Base,                   Fp      ),
  irregular<&bfp_load_lengthened<RXE, Short, Long>             >("LDEB", 0xED04, Base,                   Fp      ),
  irregular<&bfp_load_lengthened<RXE, Long, Extended>          >("LXDB", 0xED05, Base,                   Fp      ),
  irregular<&bfp_load_lengthened<RXE, Short, Extended>         >("LXEB", 0xED06, Base,                   Fp      ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan bfp_storage_rows() { return kRows; }

} // namespace siena::cpu::isa
