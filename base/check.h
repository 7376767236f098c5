// SPDX-License-Identifier: BSD-3-Clause
// CHECK is for our own bugs only: nothing a guest, image, file or peer sends may reach one. On in all builds.
#pragma once

namespace siena {
/// Prints `condition`, `message` and the place on stderr and aborts.
[[noreturn]] void check_failed(const char* condition, const char* message, const char* file, int line);
} // namespace siena

#define CHECK(condition, message)                                                                                      \
  do {                                                                                                                 \
    if (!(condition)) [[unlikely]]                                                                                     \
      ::siena::check_failed(#condition, message, __FILE__, __LINE__);                                                  \
  } while (false)
