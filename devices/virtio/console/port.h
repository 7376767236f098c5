// SPDX-License-Identifier: BSD-3-Clause
// One port of a console device: a byte stream in each direction. Output goes to the sink at once; input waits in a bounded
// buffer until the guest has opened the port and made room.
#pragma once

#include "devices/byte_sink.h"
#include "devices/virtio/device.h"

#include <deque>
#include <string>

namespace siena::devices::virtio::console {

/// Configuration of a port. Port 0 is the console of drivers that know only one port.
struct PortOptions {
  u32 number = 0;
  bool console = false;       ///< a terminal (hvcN) rather than a byte channel
  std::string name{};         ///< /dev/virtio-ports/<name> in a Linux guest; may be empty
  ByteSink* output = nullptr; ///< may be null: output is thrown away
};

class ConsoleDevice;

class Port {
 public:
  static constexpr std::size_t kInputCapacity = 4096;

  Port(ConsoleDevice& device, const PortOptions& options) : device_(device), options_(options) {}

  const PortOptions& options() const { return options_; }
  /// Input from outside. Answers how many of the bytes, from the front, were taken; the caller keeps the others.
  std::size_t receive(std::span<const u8> bytes);
  /// Whether a program in the guest has the port open.
  bool guest_open() const { return guest_open_; }

 private:
  friend class ConsoleDevice;

  ConsoleDevice& device_;
  PortOptions options_;
  bool guest_open_ = false;
  u32 messages_ = 0; ///< control messages to be sent, one bit each
  std::deque<u8> input_;
};

} // namespace siena::devices::virtio::console
