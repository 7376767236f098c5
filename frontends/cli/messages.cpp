// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/messages.h"

#include <algorithm>
#include <cstdio>
#include <string>

namespace siena::frontends::cli {

void print_line(std::string_view text) {
  std::string line{text};
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  std::fprintf(stderr, "%s\n", line.c_str());
}

void print_note(std::string_view text) { print_line("siena: " + std::string{text}); }

} // namespace siena::frontends::cli
