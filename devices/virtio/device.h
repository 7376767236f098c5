// SPDX-License-Identifier: BSD-3-Clause
// A virtio device's core, which knows queues and requests but not how the driver reaches it, and the transport's side that
// it may use. devices/virtio/<name>/ has one device each; ccw_transport.h is the one transport.
#pragma once

#include "base/snapshot.h"
#include "devices/virtio/virtqueue.h"

#include <span>
#include <string_view>

namespace siena::devices::virtio {

namespace feature {
constexpr u64 kIndirectDescriptors = u64{1} << 28;
constexpr u64 kEventIndex = u64{1} << 29;
constexpr u64 kVersion1 = u64{1} << 32;
} // namespace feature

class Transport {
 public:
  virtual ~Transport() = default;
  virtual Virtqueue& queue(unsigned index) = 0;
  /// The driver has finished its setup, and the device has not failed since.
  virtual bool running() const = 0;
  /// The accepted features.
  virtual u64 features() const = 0;
  virtual ByteOrder byte_order() const = 0;
  /// Buffers were pushed: interrupts the driver if it wants to know.
  virtual void signal(unsigned queue) = 0;
  virtual void configuration_changed() = 0;
  /// The driver broke the device's protocol: the device stops and asks to be reset.
  virtual void fail(std::string_view reason) = 0;
};

class VirtioDevice {
 public:
  virtual ~VirtioDevice() = default;

  virtual u8 id() const = 0;                ///< virtio device id
  virtual u64 features() const = 0;         ///< the device's own; those of queues and transport are the transport's
  virtual unsigned queue_count() const = 0; ///< at most 64
  virtual u16 queue_size(unsigned queue) const = 0;

  virtual std::size_t configuration_size() const = 0;
  /// Fills the whole configuration space.
  virtual void read_configuration(std::span<u8> space, ByteOrder order) const = 0;
  /// The driver wrote the first bytes of the configuration space.
  virtual void write_configuration(std::span<const u8> bytes, ByteOrder order) = 0;

  /// Called once, before anything else.
  void connect(Transport& transport) { transport_ = &transport; }
  /// The driver made buffers available. Does a bounded amount of work; true when there is more to do in a later turn.
  [[nodiscard]] virtual bool notified(unsigned queue) = 0;
  /// Back to the state before the driver found the device. The queues are the transport's to reset.
  virtual void reset() = 0;

  virtual void save(SnapshotWriter& out) const = 0;
  virtual void restore(SnapshotReader& in) = 0;

 protected:
  Transport& transport() const { return *transport_; }

 private:
  Transport* transport_ = nullptr;
};

} // namespace siena::devices::virtio
