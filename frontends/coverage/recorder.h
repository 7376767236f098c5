// SPDX-License-Identifier: BSD-3-Clause
// Which instructions of guests were executed (begun, at least): for each depth and state, a bit for every halfword address.
#pragma once

#include "base/result.h"
#include "machine/execution_observer.h"

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace siena::frontends::coverage {

class Recorder final : public machine::ExecutionObserver {
 public:
  static constexpr std::size_t kHalfwords = kPageSize / 2;
  /// Instructions by page of virtual addresses. All programs of a depth share those of the problem state.
  struct Where {
    unsigned depth = 1;
    bool problem_state = false;
    u64 page = 0;
    auto operator<=>(const Where&) const = default;
  };
  using Bits = std::array<u64, kHalfwords / 64>; ///< bit n % 64 from the right of word n / 64: the halfword n

  // machine::ExecutionObserver
  void executed(const machine::ExecutedRun& run) override;
  bool before(cpu::Cpu& cpu) override;
  bool after(cpu::Cpu&) override { return true; }

  /// In the order of Where, without pages in which nothing was executed.
  const std::map<Where, Bits>& pages() const { return pages_; }
  bool was_executed(const Where& where) const; ///< `page` is any even address

 private:
  Bits& bits_of(const Where& where);

  std::map<Where, Bits> pages_; ///< std::map: what is in it stays where it is
  Where last_{};
  Bits* last_bits_ = nullptr;
};

/// The file's text: `stext DEPTH ADDRESS` where a kernel has said where it is, then for each page `page DEPTH STATE ADDRESS BITS`, with
/// 512 hexadecimal digits: the bit of the halfword at the page's first byte is the leftmost.
std::string coverage_text(const Recorder& recorder, const std::map<unsigned, u64>& stext);

class CoverageFile {
 public:
  static Result<std::unique_ptr<CoverageFile>> create(const std::string& name);
  ~CoverageFile();
  CoverageFile(const CoverageFile&) = delete;
  CoverageFile& operator=(const CoverageFile&) = delete;
  /// What went wrong, naming option and file; empty when nothing did. Once.
  std::string write(std::string_view text);

 private:
  CoverageFile(std::string name, std::FILE* file) : name_(std::move(name)), file_(file) {}
  std::string name_;
  std::FILE* file_;
};

} // namespace siena::frontends::coverage
