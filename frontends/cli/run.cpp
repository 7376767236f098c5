// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/run.h"

#include "frontends/cli/command_line.h"
#include "frontends/cli/session.h"

#include <algorithm>
#include <cstdio>

namespace siena::frontends::cli {

namespace {
/// One line on stderr, whatever the names in it hold.
int fail(const ConfigurationError& error) {
  std::string line = "siena: " + error.message;
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  std::fprintf(stderr, "%s\n", line.c_str());
  return error.exit_code;
}
} // namespace

int run(const std::vector<std::string>& arguments) {
  const auto line = parse_command_line(arguments);
  if (!line) return fail(line.error());
  if (line.value().text) {
    std::fputs(line.value().text->c_str(), stdout);
    return std::fflush(stdout) == 0 ? exit_status::kPoweredOff : exit_status::kFailed;
  }
  Session session(line.value().configuration);
  const auto status = session.run();
  return status ? status.value() : fail(status.error());
}

} // namespace siena::frontends::cli
