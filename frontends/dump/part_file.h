// SPDX-License-Identifier: BSD-3-Clause
// A file that gets its name when it is complete: until then it is NAME.part, and without `finish` it goes away.
#pragma once

#include "base/result.h"
#include "host/file.h"

#include <span>
#include <string>
#include <system_error>

namespace siena::frontends::dump {

class PartFile {
 public:
  /// An empty NAME.part of `size` bytes, all of them holes, for the owner only (mode 0600). Fails when `name` is there and is not a
  /// regular file, and when somebody else is writing NAME.part.
  static Result<PartFile, std::error_code> create(const std::string& name, u64 size);
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&&) = delete;
  PartFile(const PartFile&) = delete;
  ~PartFile();

  [[nodiscard]] std::error_code write(u64 offset, std::span<const u8> from);
  /// Gives the file its name. Afterwards, whatever the result, only the destructor may be called.
  [[nodiscard]] std::error_code finish();

 private:
  PartFile(std::string name, host::Descriptor fd) : name_(std::move(name)), fd_(std::move(fd)) {}
  std::string part() const { return name_ + ".part"; }

  std::string name_; ///< empty: nothing to be removed
  host::Descriptor fd_;
};

} // namespace siena::frontends::dump
