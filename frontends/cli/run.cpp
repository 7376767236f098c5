// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/run.h"

#include "frontends/cli/command_line.h"
#include "frontends/cli/exit_status.h"
#include "frontends/cli/identification.h"
#include "frontends/cli/messages.h"
#include "frontends/cli/session.h"

#include <cstdio>

namespace siena::frontends::cli {

namespace {
int fail(const ConfigurationError& error) {
  print_note(error.message);
  return error.exit_code;
}

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return std::fflush(stdout) == 0 ? exit_status::kPoweredOff : exit_status::kFailed;
}
} // namespace

int run(const std::vector<std::string>& arguments) {
  auto line = parse_command_line(arguments);
  if (!line) return fail(line.error());
  if (line.value().text) return print(*line.value().text);
  if (line.value().configuration.identify) {
    const auto text = identification(line.value().configuration);
    return text ? print(text.value()) : fail(text.error());
  }
  const auto session = Session::create(std::move(line.value().configuration));
  if (!session) return fail(session.error());
  return session.value()->run();
}

} // namespace siena::frontends::cli
