// SPDX-License-Identifier: BSD-3-Clause
// -perfmap: a line for each translated block in /tmp/perf-PID.map, where Linux's perf looks for the names of code that no file holds.
// A block's name is its text's absolute address and its first instruction. Lines of blocks that have gone stay: perf takes the
// last one of an address.
#pragma once

#include "base/result.h"
#include "cpu/jit/engine.h"

#include <cstdio>
#include <memory>

namespace siena::frontends::trace {

class PerfMap final : public cpu::jit::TranslationObserver {
 public:
  static Result<std::unique_ptr<PerfMap>> create();
  ~PerfMap() override;
  void translated(const Translation& translation) override;

 private:
  explicit PerfMap(std::FILE* file) : file_(file) {}
  std::FILE* file_;
};

} // namespace siena::frontends::trace
