// SPDX-License-Identifier: BSD-3-Clause
// The system control area (SCA), which all CPUs of one guest share: interlock word, topology report, and for each guest CPU an entry
// that designates its state description and holds an external call on its way.
//
//            basic, 64 CPUs                       extended, 248 CPUs
//   000      interlock word (interlock.cpp)       the same
//   030      CPUs in the configuration, 1 bit each
//   038                     topology change report in bit 0
//   040      entries of 32 bytes                  CPUs in the configuration, 4 doublewords
//   100                                           entries of 64 bytes
//   entry+0                                       |c:1|:7|sender:8|
//   entry+1  |c:1|r:1|sender:6|
//   entry+8  absolute address of the state description
#pragma once

#include "base/types.h"

namespace siena::sie::control_area {

constexpr u64 kHeaderSize = 0x40, kBasicSize = 0x840, kExtendedSize = 0x3F00, kUtility = 0x38, kStateDescription = 8;

struct Format {
  unsigned cpus;
  u64 size, configured, entries, entry_size;
};
constexpr Format kBasic{64, kBasicSize, 0x30, 0x40, 32}, kExtended{248, kExtendedSize, 0x40, 0x100, 64};

} // namespace siena::sie::control_area
