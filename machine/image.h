// SPDX-License-Identifier: BSD-3-Clause
// What is in a kernel file, found out without touching storage (machine/loader.h says which kinds there are). Everything in
// the file is checked against the file's and the storage's size; nothing in it is trusted.
#pragma once

#include "base/result.h"
#include "base/types.h"

#include <span>
#include <vector>

namespace siena::machine {

/// A kernel with debugging information may be larger than the storage it needs, but not larger than this.
constexpr u64 kMaximumImage = u64{1} << 30;

/// Bytes that belong at an absolute address, followed by zeros.
struct Piece {
  u64 address = 0;
  std::span<const u8> bytes; ///< part of the parsed file
  u64 zeros = 0;
  u64 length() const { return bytes.size() + zeros; }
};

struct Image {
  std::vector<Piece> pieces; ///< within storage
  u64 entry = 0;
  bool is_kernel = false; ///< carries the kernel's mark, hence a parameter area at 0x10400
};

/// The error's message is the cause alone. The pieces refer to `file`.
Result<Image> parse_image(std::span<const u8> file, u64 storage_size);

} // namespace siena::machine
