// SPDX-License-Identifier: BSD-3-Clause
// The command line: QEMU's spelling for everything QEMU has (architecture.md section 7), one or two dashes. Parsing is a pure
// function: no file is opened and nothing is printed, so that every rule has a test.
#pragma once

#include "base/result.h"
#include "machine/configuration.h"

#include <optional>
#include <string>
#include <vector>

namespace siena::frontends::cli {

struct CommandLine {
  machine::Configuration configuration;
  /// -help, -version, -device help, ...: what to print on stdout instead of running a machine.
  std::optional<std::string> text;
};

/// `arguments` without the program's name. Errors are usage errors (exit code 2), one line that begins with the option.
Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments);

} // namespace siena::frontends::cli
