// SPDX-License-Identifier: BSD-3-Clause
// -d and -D: what the machine reports, line by line, into a file or on stderr.
#pragma once

#include "base/result.h"
#include "base/trace.h"
#include "machine/configuration.h"

#include <array>
#include <cstdio>
#include <memory>

namespace siena::frontends::cli {

class TraceFile final : public TraceSink {
 public:
  static Result<std::unique_ptr<TraceFile>> open(const machine::Configuration& configuration);
  ~TraceFile() override;

  bool wants(TraceCategory category) const override { return wanted_[static_cast<std::size_t>(category)]; }
  void line(TraceCategory category, int cpu, std::string_view text) override;
  void line(std::string_view text); ///< as it is

 private:
  TraceFile() = default;

  std::array<bool, 16> wanted_{};
  std::FILE* file_ = stderr;
};

} // namespace siena::frontends::cli
