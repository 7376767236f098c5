// SPDX-License-Identifier: BSD-3-Clause
// virtio console device (virtio, *Console Device*) with one or more ports. Queues: 0 and 1 are input and output of port 0,
// 2 and 3 the control channel, 2n+2 and 2n+3 those of port n. Ports are announced over the control channel and opened by
// the guest; without the multiport feature only port 0 is there and always open.
#pragma once

#include "devices/virtio/console/port.h"
#include "devices/virtio/device.h"

#include <memory>
#include <vector>

namespace siena::devices::virtio::console {

struct ConsoleOptions {
  std::vector<PortOptions> ports{}; ///< numbers are distinct and at most 30
  u32 maximum_ports = 0;            ///< what the driver sets up queues for; 0: as many as the ports' numbers need
  bool emergency_write = true;      ///< output of single characters through the configuration space, before any queue
};

class ConsoleDevice final : public VirtioDevice {
 public:
  static constexpr u32 kMaximumPorts = 31;

  ConsoleDevice(mmu::AbsoluteStorage& storage, const ConsoleOptions& options);

  /// The port of this number, or nullptr.
  Port* port(u32 number);

  u8 id() const override { return 3; }
  u64 features() const override;
  unsigned queue_count() const override { return multiport() ? 2 * (maximum_ports_ + 1) : 2; }
  u16 queue_size(unsigned) const override { return 128; }
  std::size_t configuration_size() const override { return 12; }
  void read_configuration(std::span<u8> space, ByteOrder order) const override;
  void write_configuration(std::span<const u8> bytes, ByteOrder order) override;
  bool notified(unsigned queue) override;
  void reset() override;
  void save(SnapshotWriter& out) const override;
  void restore(SnapshotReader& in) override;

 private:
  friend class Port;

  bool multiport() const { return multiport_; }
  bool multiport_accepted() const;
  bool open(const Port& port) const;
  bool deliver_input(Port& port);
  bool take_output(unsigned queue, Port* port);
  bool take_control();
  void handle_control(u32 number, u16 event, u16 value);
  bool send_control();

  mmu::AbsoluteStorage& storage_;
  std::vector<std::unique_ptr<Port>> ports_;
  u32 maximum_ports_;
  bool multiport_;
  bool emergency_write_;
  DescriptorChain chain_;
};

} // namespace siena::devices::virtio::console
