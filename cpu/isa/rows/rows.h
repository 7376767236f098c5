// SPDX-License-Identifier: BSD-3-Clause
// The row arrays, one function per family file. `all_rows` (rows.cpp) puts them together.
#pragma once

#include "cpu/isa/definition.h"

#include <vector>

namespace siena::cpu::isa {

// General instructions.
RowSpan add_rows();          // add, subtract, carry
RowSpan logical_rows();      // and, or, xor, test under mask, not-and ...
RowSpan compare_rows();      // compare, compare logical
RowSpan load_rows();         // load, insert, load and test, reversed, relative long, load address
RowSpan store_rows();        // store, move immediate
RowSpan on_condition_rows(); // load, store, select on condition
RowSpan immediate_rows();    // halfword/fullword immediates, RIxBG
RowSpan multiply_rows();     // multiply, divide
RowSpan shift_rows();        // shift, rotate
RowSpan branch_rows();       // branch, compare and branch, traps, linkage (BAL .. BSM), EXECUTE, hints, SPM, IPM
RowSpan high_word_rows();    // high-word facility
RowSpan multiple_rows();     // load/store multiple, access registers
RowSpan atomic_rows();       // CS, CDS, CSST, PLO, LAA .., TS, LPD
RowSpan move_rows();         // MVC, MVCL .., CLC, NC, OC, XC, TR, TRT
RowSpan string_rows();       // CLST, MVST, SRST, CKSM, CUxx, TRxx, translate extended
RowSpan decimal_rows();      // packed and zoned decimal, CVB, CVD, ED
// Floating point.
RowSpan fp_support_rows();
RowSpan bfp_rows();
RowSpan bfp_convert_rows();
RowSpan bfp_storage_rows();
// Control instructions.
RowSpan psw_rows();             // LPSW, SSM, STNSM, SPKA, SAC, SVC, EPSW, SAM ..
RowSpan control_rows();         // LCTL, STCTL, SPX, STAP, STIDP, STSI, STFLE, SIGP, SERVC, DIAG, SIE ..
RowSpan storage_control_rows(); // keys, IPTE, IDTE, CSP, PTLB, LRA, TPROT, LURA, STURA, MVCOS, MVCP .., PFMF, TB
RowSpan timing_rows();          // STCK .., SCKC, SPT, PTFF, ECTG
RowSpan io_rows();              // CSCH .. STCRW
RowSpan intercepted_rows();     // PCI, AP, QDIO assists: only ever intercepted

/// Every row there is, in no particular order; opcodes are unique over all of them (tests/cpu/isa).
const std::vector<const InstructionDef*>& all_rows();

} // namespace siena::cpu::isa
