// SPDX-License-Identifier: BSD-3-Clause
// Small things that packets are taken apart with.
#pragma once

#include "base/types.h"

#include <span>
#include <string_view>

namespace siena::frontends::gdb {

/// Takes `start` off the text, if it begins so.
inline bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

inline std::span<const u8> bytes_of(std::string_view text) {
  return {reinterpret_cast<const u8*>(text.data()), text.size()};
}

} // namespace siena::frontends::gdb
