// SPDX-License-Identifier: BSD-3-Clause
// Integer types by width. Guest values carry their width in the type; 128-bit values are host integers (high half first
// only when they are in storage).
#pragma once

#include <cstddef>
#include <cstdint>

namespace siena {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s8 = std::int8_t;
using s16 = std::int16_t;
using s32 = std::int32_t;
using s64 = std::int64_t;
__extension__ using u128 = unsigned __int128;
__extension__ using s128 = __int128;

} // namespace siena
