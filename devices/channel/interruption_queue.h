// SPDX-License-Identifier: BSD-3-Clause
// Pending I/O interruptions by interruption subclass, first come first served within one subclass: at most one per
// subchannel, and at most one adapter interruption per subclass.
#pragma once

#include "base/snapshot.h"
#include "cpu/ports/interruption_sink.h"

#include <array>
#include <deque>
#include <optional>

namespace siena::devices::channel {

/// Names a subchannel of the default channel-subsystem image: subchannel set and number.
struct SubchannelName {
  u8 set = 0;
  u16 number = 0;
  bool operator==(const SubchannelName&) const = default;
};

class InterruptionQueue {
 public:
  static constexpr unsigned kSubclasses = 8;

  struct Entry {
    u8 isc = 0;
    bool adapter = false;
    SubchannelName subchannel;
  };

  explicit InterruptionQueue(cpu::ports::InterruptionSink& sink) : sink_(sink) {}

  void add(u8 isc, SubchannelName subchannel);
  void add_adapter(u8 isc);
  void remove(SubchannelName subchannel);
  /// Bit 0x80 >> n when ISC n has something.
  u8 subclasses() const;
  /// Removes and answers the oldest of the lowest ISC among `subclasses`.
  std::optional<Entry> take(u8 subclasses);
  void clear();

  void save(SnapshotWriter& out) const;
  void restore(SnapshotReader& in);

 private:
  using Key = u32;
  static constexpr Key kAdapter = 0x8000'0000;
  static Key key(SubchannelName s) { return static_cast<Key>(s.set) << 16 | s.number; }
  void add_key(u8 isc, Key key);

  cpu::ports::InterruptionSink& sink_;
  std::array<std::deque<Key>, kSubclasses> waiting_;
};

} // namespace siena::devices::channel
