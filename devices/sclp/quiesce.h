// SPDX-License-Identifier: BSD-3-Clause
// Signal quiesce, event type 1D: asks the guest to shut itself down. Data: timeout u16, unit u8; no timeout is given.
#pragma once

#include "devices/sclp/event_source.h"

namespace siena::devices::sclp {

class Quiesce final : public EventSource {
 public:
  explicit Quiesce(EventAnnouncer& announcer) : announcer_(announcer) {}

  /// Stays pending until the guest reads it or is reset.
  void request();

  EventMask sends() const override { return mask_of(EventType::SignalQuiesce); }
  EventMask receives() const override { return 0; }
  bool pending() const override { return requested_; }
  std::optional<StoredEvent> read(std::span<u8> room) override;
  Response write(std::span<const u8>) override { return Response::InvalidFunction; }

  void reset() override { requested_ = false; }
  void save(SnapshotWriter& writer) const override;
  void restore(SnapshotReader& reader) override;
  std::string describe() const override;

 private:
  EventAnnouncer& announcer_;
  bool requested_ = false;
};

} // namespace siena::devices::sclp
