// SPDX-License-Identifier: BSD-3-Clause
// virtio over channel I/O (virtio, *Virtio Over Channel I/O*): a control unit of type 3832 whose commands negotiate features,
// place queues and read and write the configuration; DIAGNOSE 0x500 notifies the device; bits in storage plus an I/O or
// adapter interruption notify the driver.
//
// Revisions 0 (legacy), 1 and 2. A driver that starts with another command than "set revision" gets legacy behaviour, until
// it does set one; the subchannel's being disabled makes the revision unset again.
#pragma once

#include "base/trace.h"
#include "cpu/timing/event_queue.h"
#include "devices/channel/channel_subsystem.h"
#include "devices/virtio/device.h"

#include <optional>
#include <vector>

namespace siena::devices::virtio {

class CcwTransport final : public channel::Device, public channel::NotifiedDevice, private Transport {
 public:
  /// `device` must live as long as the transport and is connected to it.
  CcwTransport(mmu::AbsoluteStorage& storage,
               cpu::timing::EventQueue& events,
               VirtioDevice& device,
               TraceSink* trace = nullptr);
  ~CcwTransport() override;
  CcwTransport(const CcwTransport&) = delete;
  CcwTransport& operator=(const CcwTransport&) = delete;

  /// What ChannelSubsystem::attach wants to know.
  channel::Attachment attachment(std::optional<channel::DeviceNumber> number = std::nullopt);

  void attached(channel::DeviceLink& link) override;
  u8 start(const channel::Ccw& ccw, channel::ChannelData& data) override;
  channel::SenseBytes sense() const override { return channel::command_reject_sense(); }
  void disabled() override { revision_ = kUnset; }
  void reset() override;
  void save(SnapshotWriter& out) const override;
  void restore(SnapshotReader& in) override;

  s64 notify(u64 queue, u64 cookie) override;

 private:
  static constexpr int kUnset = -1;

  /// Where the driver looks for what happened.
  struct Indicators {
    u64 queues = 0;        ///< classic: a doubleword, bit 2^n for queue n. Adapter: a bit vector, leftmost bit first
    u64 configuration = 0; ///< a doubleword, bit 2^0
    bool adapter = false;
    u64 summary = 0;   ///< adapter: a byte that says some bit of the vector is on
    u64 first_bit = 0; ///< adapter: queue 0's bit in the vector
    u8 isc = 0;        ///< adapter
  };

  // Transport
  Virtqueue& queue(unsigned index) override { return queues_[index]; }
  bool running() const override;
  u64 features() const override { return features_; }
  ByteOrder byte_order() const override { return revision_ >= 1 ? ByteOrder::Little : ByteOrder::Big; }
  void signal(unsigned queue) override;
  void configuration_changed() override;
  void fail(std::string_view reason) override;

  // Commands (ccw_commands.cpp); each answers the device status.
  u8 set_revision(channel::ChannelData& data);
  u8 read_features(channel::ChannelData& data);
  u8 write_features(channel::ChannelData& data);
  u8 read_configuration(channel::ChannelData& data);
  u8 write_configuration(channel::ChannelData& data);
  u8 read_status(channel::ChannelData& data);
  u8 write_status(channel::ChannelData& data);
  u8 read_queue_configuration(channel::ChannelData& data);
  u8 set_queue(channel::ChannelData& data);
  u8 set_queue_legacy(channel::ChannelData& data);
  u8 set_indicators(channel::ChannelData& data);
  u8 set_configuration_indicators(channel::ChannelData& data);
  u8 set_adapter_indicators(channel::ChannelData& data);

  u64 offered() const;
  bool features_acceptable() const;
  void start_device();
  void reset_device();
  void apply_modes();
  void work(unsigned queue);
  void work_later(unsigned queue);
  void schedule_later(cpu::timing::VirtualTime due);
  void cancel_later();
  void check(unsigned queue);
  bool set_indicator_bit(u64 address, u64 mask);
  void trace(std::string_view name, const TraceField& about) const;

  mmu::AbsoluteStorage& storage_;
  cpu::timing::EventQueue& events_;
  VirtioDevice& device_;
  TraceSink* trace_;
  channel::DeviceLink* link_ = nullptr;

  std::vector<Virtqueue> queues_;
  int revision_ = kUnset;
  u8 status_ = 0;
  u64 features_ = 0;
  Indicators indicators_;

  u64 later_ = 0; ///< queues whose work was cut off, bit 2^n for queue n
  cpu::timing::VirtualTime later_due_ = 0;
  cpu::timing::EventId later_event_ = 0;
};

} // namespace siena::devices::virtio
