// SPDX-License-Identifier: BSD-3-Clause
// -d jit: each block when it is translated, as the guest's text, as the intermediate representation before and after the passes, and
// as host code.
#pragma once

#include "cpu/isa/decoder.h"
#include "cpu/jit/engine.h"

#include <functional>
#include <string_view>

namespace siena::frontends::trace {

class TranslationTrace final : public cpu::jit::TranslationObserver {
 public:
  /// `line` takes a line without its newline.
  explicit TranslationTrace(std::function<void(std::string_view)> line);
  void translated(const Translation& translation) override;

 private:
  std::function<void(std::string_view)> line_;
  cpu::isa::Decoder decoder_;
};

} // namespace siena::frontends::trace
