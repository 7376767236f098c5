// SPDX-License-Identifier: BSD-3-Clause
// Fetches and validates CCWs and indirect-data-address words (PoP, *I/O Instructions*: *Channel-Command Word*, *CCW Indirect
// Data Addressing*). What is invalid ends up as subchannel status, never as more than that.
#pragma once

#include "devices/channel/structures.h"
#include "mmu/storage.h"

#include <optional>

namespace siena::devices::channel {

/// How the ORB says the channel program is to be read.
struct ProgramControls {
  u16 control = 0;  ///< the ORB's halfword at offset 4
  u8 control_2 = 0; ///< the ORB's byte at offset 7

  u8 key() const {
    return static_cast<u8>((control & orb::kKey) >> 8);
  } ///< in the position of a storage key's access control
  bool format1() const { return (control & orb::kFormat1Ccws) != 0; }
  bool suspend_allowed() const { return (control & orb::kSuspendControl) != 0; }
  bool format2_idaws() const { return (control & orb::kFormat2Idaws) != 0; }
  u32 idaw_block() const { return format2_idaws() && (control & orb::k2KIdaws) == 0 ? 4096 : 2048; }
};

/// Where in a program a CCW stands, which decides what is valid there.
enum class CcwPlace : u8 { First, CommandChained, DataChained };

class CcwReader {
 public:
  CcwReader(const mmu::AbsoluteStorage& storage, ProgramControls controls) : storage_(storage), controls_(controls) {}

  const ProgramControls& controls() const { return controls_; }

  /// The CCW at `address`, or, when that is a transfer in channel, the one it leads to. `address` then designates the CCW
  /// that was fetched last, whether valid or not. Nothing when it is not valid: `check` is the subchannel status.
  std::optional<Ccw> fetch(u32& address, CcwPlace place, u8& check) const;

  /// Where byte `offset` of the data of `ccw` is, and in `contiguous` how many bytes from there on are in the same block.
  std::optional<AbsoluteAddress> locate(const Ccw& ccw, u32 offset, u32& contiguous, u8& check) const;

  /// Whether key-controlled protection lets the channel access these bytes, which are in main storage.
  bool permitted(AbsoluteAddress first, u32 length, bool store) const;

 private:
  std::optional<Ccw> fetch_one(u32 address, u8& check) const;
  bool is_transfer(const Ccw& ccw) const;
  bool valid(const Ccw& ccw, CcwPlace place) const;
  std::optional<u64> fetch_idaw(u32 list, u32 index, u8& check) const;

  const mmu::AbsoluteStorage& storage_;
  ProgramControls controls_;
};

} // namespace siena::devices::channel
