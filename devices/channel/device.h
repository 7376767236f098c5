// SPDX-License-Identifier: BSD-3-Clause
// What stands behind a subchannel: a control unit and its device in one object. It executes one command at a time and sees
// neither chaining nor addresses: the channel program's walk (channel_program.h) does that. Sense ID, Basic Sense and NOP
// never reach it.
#pragma once

#include "base/snapshot.h"
#include "devices/channel/structures.h"

namespace siena::devices::channel {

class ChannelData;

/// What a device may tell its subchannel. Valid as long as the device is attached.
class DeviceLink {
 public:
  virtual ~DeviceLink() = default;
  /// Unsolicited status: makes the subchannel status-pending with alert status, as soon as nothing else is going on there.
  /// Status 0 is "look at what we share in storage" (virtio's classic indicators); it is dropped when the subchannel is
  /// status-pending already, since the program will look anyway.
  virtual void alert(u8 device_status) = 0;
  /// Makes an adapter interruption pending in this subclass (0-7), unless one is already.
  virtual void adapter_interruption(u8 isc) = 0;
  /// Which subchannel that is, as traces name it: set << 16 | number.
  virtual u32 subchannel_name() const = 0;
};

/// What Sense ID answers.
struct DeviceIdentity {
  u16 control_unit_type = 0;
  u8 control_unit_model = 0;
  u16 device_type = 0;
  u8 device_model = 0;
};

class Device {
 public:
  virtual ~Device() = default;
  /// Called once, before anything else.
  virtual void attached(DeviceLink& link) = 0;
  /// Executes one command, moving its data through `data`, and answers the ending device status: normally
  /// `device_status::kNormalEnd`. With unit check, `sense` says why.
  virtual u8 start(const Ccw& ccw, ChannelData& data) = 0;
  /// The sense bytes of the last unit check.
  virtual SenseBytes sense() const = 0;
  /// The program took the enabled bit away from the subchannel.
  virtual void disabled() = 0;
  /// I/O-system reset.
  virtual void reset() = 0;
  virtual void save(SnapshotWriter& out) const = 0;
  virtual void restore(SnapshotReader& in) = 0;
};

/// A device whose queues are notified by DIAGNOSE 0x500 (virtio-ccw).
class NotifiedDevice {
 public:
  virtual ~NotifiedDevice() = default;
  /// The value for general register 2: a cookie >= 0, or a negative errno value.
  virtual s64 notify(u64 queue, u64 cookie) = 0;
};

/// The all-purpose sense bytes for a command or parameter that the device does not know.
inline SenseBytes command_reject_sense() {
  SenseBytes sense{};
  sense[0] = kCommandReject;
  return sense;
}

} // namespace siena::devices::channel
