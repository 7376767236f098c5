// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {

const std::vector<const InstructionDef*>& all_rows() {
  static const std::vector<const InstructionDef*> kAll = [] {
    std::vector<const InstructionDef*> all;
    constexpr RowSpan (*kFamilies[])() = {
        &add_rows,       &string_rows,          &move_rows,        &atomic_rows,   &decimal_rows,     &psw_rows,
        &control_rows,   &storage_control_rows, &timing_rows,      &io_rows,       &intercepted_rows, &fp_support_rows,
        &bfp_rows,       &bfp_convert_rows,     &bfp_storage_rows, &logical_rows,  &compare_rows,     &load_rows,
        &store_rows,     &on_condition_rows,    &immediate_rows,   &multiply_rows, &shift_rows,       &branch_rows,
        &high_word_rows, &multiple_rows,
    };
    for (const auto family : kFamilies) {
      for (const InstructionDef& def : family()) all.push_back(&def);
    }
    return all;
  }();
  return kAll;
}

} // namespace siena::cpu::isa
