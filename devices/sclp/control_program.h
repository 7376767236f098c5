// SPDX-License-Identifier: BSD-3-Clause
// Control-program identification, event type 0B: the guest's operating system says what it is. Stored for people to read.
#pragma once

#include "cpu/timing/event_queue.h"
#include "devices/sclp/event_source.h"

#include <array>

namespace siena::devices::sclp {

struct ControlProgram {
  std::string system_type; ///< "LINUX"
  std::string system_name;
  std::string sysplex_name;
  u64 system_level = 0; ///< Linux: distribution and kernel version, two digits each
  cpu::timing::VirtualTime received_at = 0;
};

class ControlProgramIdentification final : public EventSource {
 public:
  explicit ControlProgramIdentification(const cpu::timing::EventQueue& time) : time_(time) {}

  /// The last identification since reset.
  std::optional<ControlProgram> control_program() const;

  EventMask sends() const override { return 0; }
  EventMask receives() const override { return mask_of(EventType::ControlProgramIdentification); }
  bool pending() const override { return false; }
  std::optional<StoredEvent> read(std::span<u8>) override { return std::nullopt; }
  Response write(std::span<const u8> data) override;

  void reset() override { received_ = false; }
  void save(SnapshotWriter& writer) const override;
  void restore(SnapshotReader& reader) override;
  std::string describe() const override;

 private:
  static constexpr std::size_t kDataSize = 58;

  const cpu::timing::EventQueue& time_;
  bool received_ = false;
  cpu::timing::VirtualTime received_at_ = 0;
  std::array<u8, kDataSize> data_{};
};

} // namespace siena::devices::sclp
