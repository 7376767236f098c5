// SPDX-License-Identifier: BSD-3-Clause
// The SCLP's event facility: the guest says with Write Event Mask which events it wants, sends its own with Write Event Data
// and fetches the SCLP's with Read Event Data, told by the event-pending bit of service signals that there are some.
// Event buffer: 0 length  2 type  3 flags (80 accepted)  4 reserved  6 data
#pragma once

#include "devices/sclp/event_source.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace siena::devices::sclp {

class EventFacility final : public EventAnnouncer {
 public:
  /// `signal` is called when an event that the guest wants becomes pending outside of a command.
  explicit EventFacility(std::function<void()> signal) : signal_(std::move(signal)) {}

  /// Sources are asked in the order in which they were added; that order is part of the snapshot.
  void add(std::unique_ptr<EventSource> source) { sources_.push_back(std::move(source)); }

  Response read_event_data(Sccb& sccb);
  Response write_event_data(Sccb& sccb);
  Response write_event_mask(Sccb& sccb);

  /// An event waits that the guest's receive mask asks for.
  bool pending() const;
  bool guest_receives(EventType type) const { return (guest_receive_mask_ & mask_of(type)) != 0; }
  void event_pending() override;

  void reset();
  void save(SnapshotWriter& writer) const;
  void restore(SnapshotReader& reader);
  std::vector<std::string> describe() const;

 private:
  EventMask sends() const;
  EventMask receives() const;
  /// Stores as many selected events as fit; answers the bytes used.
  std::size_t store_events(EventMask selected, std::span<u8> room);
  Response deliver(std::span<u8> event_buffer);

  std::function<void()> signal_;
  std::vector<std::unique_ptr<EventSource>> sources_;
  EventMask guest_receive_mask_ = 0;
  u16 mask_length_ = 4; ///< of the guest's last Write Event Mask; selective reads give masks of this length
};

} // namespace siena::devices::sclp
