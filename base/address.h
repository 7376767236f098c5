// SPDX-License-Identifier: BSD-3-Clause
// The four kinds of guest address as distinct types (PoP, Storage, *Address types*). Conversions are named functions
// (mmu/prefix.h, mmu/dat_walk.h), never casts.
//   logical  -> what an instruction forms: virtual when DAT is on, else real
//   virtual  -> translated by DAT to a real address
//   real     -> prefixing makes it absolute
//   absolute -> indexes main storage
#pragma once

#include "base/types.h"

#include <compare>

namespace siena {

constexpr u64 kPageSize = 4096;
constexpr u64 kPageMask = ~(kPageSize - 1);

namespace detail {
template <typename Tag>
struct Address {
  u64 value = 0;

  constexpr auto operator<=>(const Address&) const = default;
  constexpr Address operator+(u64 n) const { return {value + n}; }
  constexpr Address page() const { return {value & kPageMask}; }
  constexpr u64 page_offset() const { return value & ~kPageMask; }
};
} // namespace detail

using VirtualAddress = detail::Address<struct VirtualTag>;
using RealAddress = detail::Address<struct RealTag>;
using AbsoluteAddress = detail::Address<struct AbsoluteTag>;

/// What an operand designates before translation. `access_register` is the base register number, which names the access
/// register (hence the space) in access-register mode and is ignored in the other modes.
struct LogicalAddress {
  u64 value = 0;
  u8 access_register = 0;
};

} // namespace siena
