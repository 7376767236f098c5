// SPDX-License-Identifier: BSD-3-Clause
// What differs between the two sides' results.
#pragma once

#include "tests/random/oracle.h"
#include "tests/random/siena_side.h"

#include <set>
#include <string>

namespace siena::random_test {

struct Difference {
  std::set<std::string> kinds; ///< interruption, cc, gr, ar, fpr, fpc, storage; empty: none
  std::string text;            ///< a line for the first difference of each kind
};

Difference compare(const SienaResult& ours, const OracleResult& theirs);

} // namespace siena::random_test
