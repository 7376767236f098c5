// SPDX-License-Identifier: BSD-3-Clause
// The data of one command, as the device sees it: a stream over the storage areas of a CCW and of those data-chained to it.
// `fetch` moves bytes from storage to the device, `store` from the device to storage; both stop at the end of the areas or
// at an access that fails, so a device compares the number of bytes with what it asked for. Nothing is read ahead.
#pragma once

#include "devices/channel/ccw_reader.h"

#include <span>

namespace siena::devices::channel {

class ChannelData {
 public:
  /// `ccw` was fetched at `address` by `reader`.
  ChannelData(const CcwReader& reader, mmu::AbsoluteStorage& storage, const Ccw& ccw, u32 address)
      : reader_(reader), storage_(storage), cursor_{ccw, address, 0}, first_(cursor_), furthest_(cursor_) {}

  /// The count of the command's first CCW.
  u16 count() const { return first_.ccw.count; }

  [[nodiscard]] std::size_t fetch(std::span<u8> to);
  [[nodiscard]] std::size_t store(std::span<const u8> from);
  /// Passes over bytes without looking at them.
  std::size_t skip(std::size_t length);
  /// Back to the first byte, for commands that read a parameter and put the answer in front of it.
  void rewind() {
    cursor_ = first_;
    position_ = 0;
  }

  // For the walk, after the device has ended the command.

  /// Goes on to the CCW in which the data really ended: one with a zero residual that chains data is not the last.
  void settle();
  /// Program or protection check met while moving data; 0 when none.
  u8 check() const { return check_; }
  bool nothing_moved() const { return furthest_position_ == 0 && !overrun_; }
  /// The device wanted to move more than there was.
  bool overrun() const { return overrun_; }
  const Ccw& last_ccw() const { return furthest_.ccw; }
  u32 last_address() const { return furthest_.address; }
  u16 residual() const { return static_cast<u16>(furthest_.ccw.count - furthest_.used); }
  bool program_controlled_interruption() const { return program_controlled_; }

 private:
  struct Cursor {
    Ccw ccw;
    u32 address = 0;
    u32 used = 0; ///< bytes of this CCW's count
  };

  template <typename Move>
  std::size_t transfer(std::size_t length, bool store, Move move);
  bool advance(Cursor& cursor);

  const CcwReader& reader_;
  mmu::AbsoluteStorage& storage_;
  Cursor cursor_, first_, furthest_;
  u64 position_ = 0, furthest_position_ = 0;
  u8 check_ = 0;
  bool overrun_ = false;
  bool program_controlled_ = false;
};

} // namespace siena::devices::channel
