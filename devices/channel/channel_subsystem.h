// SPDX-License-Identifier: BSD-3-Clause
// The channel subsystem of the machine: one image (fe), which the program sees as the default one, with up to four
// subchannel sets. Subchannels are numbered from 0 without holes in the order of attaching, because Linux ends its scan of
// a set at the first number that is not there. Implements the I/O instructions' port.
#pragma once

#include "cpu/ports/channel_subsystem.h"
#include "devices/channel/channel_reports.h"
#include "devices/channel/chsc.h"
#include "devices/channel/device_number.h"
#include "devices/channel/subchannel.h"

#include <memory>
#include <optional>
#include <vector>

namespace siena::devices::channel {

/// A device to put behind a new subchannel.
struct Attachment {
  Device& device; ///< not owned; must live until the subsystem is gone or `detach`
  DeviceIdentity identity;
  NotifiedDevice* notified = nullptr;   ///< the device's other side when it has virtqueues
  std::optional<DeviceNumber> number{}; ///< without one: the lowest free number of set 0
  bool announce = false;                ///< the machine is running: tell the program by a channel report
};

class ChannelSubsystem final : public cpu::ports::ChannelSubsystem, private ChscTarget {
 public:
  ChannelSubsystem(mmu::AbsoluteStorage& storage,
                   cpu::timing::EventQueue& events,
                   cpu::ports::InterruptionSink& sink,
                   TraceSink* trace = nullptr);
  ~ChannelSubsystem() override;

  /// Puts the device behind a new subchannel and tells it its link. Fails when the device number is taken.
  Result<SubchannelName> attach(const Attachment& attachment);
  /// Takes the device away; the subchannel's number stays reserved until a device is attached there again.
  void detach(SubchannelName name, bool announce);
  /// The device number behind a subchannel, for messages and for IPL parameters.
  std::optional<DeviceNumber> device_number(SubchannelName name) const;
  /// Those with a device, by set and number.
  std::vector<const Subchannel*> subchannels() const;
  /// The subsystem-identification word that designates the subchannel now.
  u32 subsystem_id(SubchannelName name) const;

  cpu::ports::IoCondition clear(u32 subsystem_id) override;
  cpu::ports::IoCondition halt(u32 subsystem_id) override;
  cpu::ports::IoCondition resume(u32 subsystem_id) override;
  cpu::ports::IoCondition cancel(u32 subsystem_id) override;
  cpu::ports::IoCondition modify(u32 subsystem_id, std::span<const u8, cpu::ports::kSchibSize> schib) override;
  cpu::ports::IoCondition start(u32 subsystem_id, std::span<const u8, cpu::ports::kOrbSize> orb) override;
  cpu::ports::IoCondition store(u32 subsystem_id, std::span<u8, cpu::ports::kSchibSize> schib) override;
  cpu::ports::IoCondition test(u32 subsystem_id, std::span<u8, cpu::ports::kIrbSize> irb) override;
  void tested(u32 subsystem_id) override;

  u32 channel_report() override { return reports_.take(); }
  bool channel_report_waiting() const override { return reports_.waiting(); }
  cpu::ports::IoCondition reset_channel_path(u32 path) override;
  cpu::ports::IoCondition set_channel_monitor(u64 r1, u64 r2) override;
  cpu::ports::IoCondition set_address_limit(u64 r1) override;
  cpu::ports::IoCondition channel_subsystem_call(std::span<u8, 4096> page) override;

  u8 pending_subclasses() const override { return interruptions_.subclasses(); }
  std::optional<cpu::ports::IoInterruption> take_interruption(u8 subclasses) override;

  s64 notify_virtqueue(u32 subsystem_id, u64 queue, u64 cookie) override;

  void reset() override;

  /// The subsystem, its subchannels and their devices, in the order of attaching.
  void save(SnapshotWriter& out) const;
  /// Into a subsystem with the same devices attached. False when the snapshot does not fit or is damaged.
  bool restore(SnapshotReader& in);

 private:
  using Set = std::vector<std::unique_ptr<Subchannel>>;
  struct Found {
    cpu::ports::IoCondition condition; ///< not zero when `subchannel` is null
    Subchannel* subchannel = nullptr;
  };

  Found find(u32 subsystem_id) const;
  template <typename Function>
  cpu::ports::IoCondition on_subchannel(u32 subsystem_id, Function function) const;
  Subchannel* subchannel(SubchannelName name) const;
  bool number_taken(DeviceNumber number) const;
  void report_subchannel(SubchannelName name);

  void enable_multiple_subchannel_sets() override { multiple_sets_ = true; }
  void enable_multiple_channel_subsystems() override { multiple_images_ = true; }
  bool channel_path_in_use(u8 path) const override;

  InterruptionQueue interruptions_;
  ChannelReports reports_;
  ChannelMonitor monitor_;
  SubchannelContext context_;
  Set sets_[kSubchannelSets];
  bool multiple_sets_ = false;
  bool multiple_images_ = false;
};

} // namespace siena::devices::channel
