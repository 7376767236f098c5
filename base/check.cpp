// SPDX-License-Identifier: BSD-3-Clause
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace siena {

void check_failed(const char* condition, const char* message, const char* file, int line) {
  std::fprintf(stderr, "siena: internal error: %s (%s) at %s:%d\n", message, condition, file, line);
  std::abort();
}

} // namespace siena
