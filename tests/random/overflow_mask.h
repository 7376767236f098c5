// SPDX-License-Identifier: BSD-3-Clause
// The fixed-point-overflow mask, of which the oracle knows nothing: with it a program of one instruction must do the same as
// without, and end in the interruption where it overflows.
#pragma once

#include "tests/random/siena_side.h"

#include <string>

namespace siena::random_test {

/// What is wrong with the program under the mask; empty: nothing. `plain` is its result without.
std::string wrong_under_overflow_mask(SienaSide& siena, const Case& c, const SienaResult& plain);

} // namespace siena::random_test
