// SPDX-License-Identifier: BSD-3-Clause
// The ASCII (VT220) console, event type 1A: plain bytes both ways. Input has one byte in front that says what follows; only
// "data" (00) is sent, a session is always there.
#pragma once

#include "devices/byte_sink.h"
#include "devices/sclp/event_source.h"

#include <deque>

namespace siena::devices::sclp {

class AsciiConsole final : public Console {
 public:
  static constexpr std::size_t kInputCapacity = 64 * 1024;

  /// Both must outlive the console.
  AsciiConsole(EventAnnouncer& announcer, ByteSink& output) : announcer_(announcer), output_(output) {}

  std::size_t receive(std::span<const u8> input) override;
  std::size_t room() const override { return kInputCapacity - input_.size(); }

  EventMask sends() const override { return mask_of(EventType::AsciiConsole); }
  EventMask receives() const override { return mask_of(EventType::AsciiConsole); }
  bool pending() const override { return !input_.empty(); }
  std::optional<StoredEvent> read(std::span<u8> room) override;
  Response write(std::span<const u8> data) override;

  void reset() override { input_.clear(); }
  void save(SnapshotWriter& writer) const override;
  void restore(SnapshotReader& reader) override;
  std::string describe() const override;

 private:
  EventAnnouncer& announcer_;
  ByteSink& output_;
  std::deque<u8> input_; ///< not yet read by the guest
};

} // namespace siena::devices::sclp
