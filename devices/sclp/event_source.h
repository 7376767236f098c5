// SPDX-License-Identifier: BSD-3-Clause
// One kind of event of the event facility: a console, a signal, an identification. The facility knows only this interface.
#pragma once

#include "base/bits.h"
#include "base/snapshot.h"
#include "devices/sclp/sccb.h"

#include <optional>
#include <span>
#include <string>

namespace siena::devices::sclp {

enum class EventType : u8 {
  OperatorCommand = 0x01,
  Message = 0x02,
  PriorityMessage = 0x09,
  ControlProgramIdentification = 0x0B,
  AsciiConsole = 0x1A,
  SignalQuiesce = 0x1D,
};

/// A set of event types; type 1 is the leftmost bit.
using EventMask = u64;
constexpr EventMask mask_of(EventType type) { return bit(static_cast<unsigned>(type) - 1); }

/// What a source calls when it has something for the guest.
class EventAnnouncer {
 public:
  virtual ~EventAnnouncer() = default;
  virtual void event_pending() = 0;
};

/// An event whose data has been stored; the facility adds the header.
struct StoredEvent {
  EventType type;
  std::size_t length;
};

class EventSource {
 public:
  virtual ~EventSource() = default;
  /// Types this source sends to the guest (at most one), and types it takes from the guest.
  virtual EventMask sends() const = 0;
  virtual EventMask receives() const = 0;

  virtual bool pending() const = 0;
  /// Stores one pending event's data; nothing when none is pending or the next one does not fit into `room`.
  virtual std::optional<StoredEvent> read(std::span<u8> room) = 0;
  /// Takes an event of a type in `receives()`; anything but Normal refuses it.
  virtual Response write(std::span<const u8> data) = 0;

  virtual void reset() = 0;
  virtual void save(SnapshotWriter& writer) const = 0;
  virtual void restore(SnapshotReader& reader) = 0;
  /// One line for people.
  virtual std::string describe() const = 0;
};

/// An event source with a terminal behind it.
class Console : public EventSource {
 public:
  /// Input from the back end, on the machine's thread. Answers how many bytes, from the first, were taken; the rest is the
  /// caller's to offer again once `room()` is not zero.
  virtual std::size_t receive(std::span<const u8> input) = 0;
  virtual std::size_t room() const = 0;
};

} // namespace siena::devices::sclp
