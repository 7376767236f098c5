// SPDX-License-Identifier: BSD-3-Clause
// What a Linux guest tells dump tools about itself (VMCOREINFO): lines KEY=VALUE in an ELF note, whose absolute address is in the
// prefix area at absolute zero, from early in the boot on. All of it comes from the guest, and may be anything.
#pragma once

#include "base/types.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace siena::frontends::symbols {

/// A guest's main storage by its own absolute addresses, seen without a trace: no reference bits, no interruptions.
class GuestStorage {
 public:
  virtual ~GuestStorage() = default;
  /// False when not all of the bytes can be had.
  virtual bool read(u64 absolute, std::span<u8> to) = 0;
};

class VmcoreInfo {
 public:
  /// Nothing when the guest has not published any (yet).
  static std::optional<VmcoreInfo> find(GuestStorage& storage);
  explicit VmcoreInfo(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  /// The text after KEY=; nothing when there is no such line.
  std::optional<std::string_view> value(std::string_view key) const;
  /// The same as a number in hexadecimal.
  std::optional<u64> number(std::string_view key) const;
  /// The virtual address of a kernel symbol: SYMBOL(name).
  std::optional<u64> symbol(std::string_view name) const;
  /// The absolute address of a byte of the kernel's image. Linux before 6.10 has it at the same address.
  u64 absolute_of(u64 image_address) const;

 private:
  std::string text_;
};

} // namespace siena::frontends::symbols
