// SPDX-License-Identifier: BSD-3-Clause
// Prefixing exchanges the first 8 KB of real storage with the prefix area (PoP, Storage, *Prefixing*).
#pragma once

#include "base/address.h"

namespace siena::mmu {

constexpr u64 kPrefixAreaSize = 8192;

/// Real to absolute. The same exchange turns absolute into real.
constexpr AbsoluteAddress apply_prefix(RealAddress real, u32 prefix) {
  const u64 area = real.value & ~(kPrefixAreaSize - 1);
  if (area == 0) return {real.value | prefix};
  if (area == prefix) return {real.value & (kPrefixAreaSize - 1)};
  return {real.value};
}
static_assert(apply_prefix({0x100}, 0x4000).value == 0x4100);
static_assert(apply_prefix({0x4100}, 0x4000).value == 0x100);
static_assert(apply_prefix({0x8000}, 0x4000).value == 0x8000);

} // namespace siena::mmu
