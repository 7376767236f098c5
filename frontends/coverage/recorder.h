// SPDX-License-Identifier: BSD-3-Clause
// Which instructions of guests were executed (begun, at least): for each depth and state, a bit for every halfword address. It looks at
// every instruction, so that translated code is not used: a guest runs about as fast as under a debugger that waits somewhere.
#pragma once

#include "base/result.h"
#include "cpu/interpreter/interpreter.h"

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace siena::frontends::coverage {

class Recorder final : public cpu::interpreter::InstructionHook {
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

  bool before(cpu::Cpu& cpu) override {
    const u64 address = cpu.psw.address;
    const Where where{cpu.interpretive() ? 2u : 1u, cpu.psw.problem_state(), address & kPageMask};
    if (where != last_ || bits_ == nullptr) [[unlikely]] {
      last_ = where;
      bits_ = &pages_[where];
    }
    const u64 halfword = (address & ~kPageMask) / 2;
    (*bits_)[halfword / 64] |= u64{1} << (halfword % 64);
    return true;
  }
  bool after(cpu::Cpu&) override { return true; }

  const std::map<Where, Bits>& pages() const { return pages_; }
  bool executed(const Where& where) const; ///< `page` is any even address

 private:
  std::map<Where, Bits> pages_; ///< std::map: what is in it stays where it is
  Where last_{};
  Bits* bits_ = nullptr;
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
