// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/trace_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace siena::frontends::cli {

Result<std::unique_ptr<TraceFile>> TraceFile::open(const machine::Configuration& configuration) {
  std::unique_ptr<TraceFile> trace{new TraceFile};
  for (const auto category : configuration.trace) trace->wanted_.at(static_cast<std::size_t>(category)) = true;
  if (configuration.trace_file.empty()) return trace;
  std::FILE* const file = std::fopen(configuration.trace_file.c_str(), "we");
  if (file == nullptr)
    return ConfigurationError{
        .message = fmt::format("-D: '{}': {}", configuration.trace_file, std::generic_category().message(errno))};
  trace->file_ = file;
  return trace;
}

TraceFile::~TraceFile() {
  if (file_ != stderr) std::fclose(file_);
}

void TraceFile::line(TraceCategory, int cpu, std::string_view text) {
  const auto length = static_cast<int>(text.size());
  if (cpu >= 0)
    std::fprintf(file_, "%d: %.*s\n", cpu, length, text.data());
  else
    std::fprintf(file_, "-: %.*s\n", length, text.data());
}

void TraceFile::line(std::string_view text) {
  std::fprintf(file_, "%.*s\n", static_cast<int>(text.size()), text.data());
}

} // namespace siena::frontends::cli
