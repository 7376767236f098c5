// SPDX-License-Identifier: BSD-3-Clause
// The devices that a Configuration names: built, attached to the SCLP or the channel subsystem, and connected to their character
// devices, images and generators. A console on the SCLP, everything else behind a virtio-ccw transport.
#pragma once

#include "devices/channel/channel_subsystem.h"
#include "devices/sclp/sclp.h"
#include "devices/virtio/block/block_device.h"
#include "devices/virtio/ccw_transport.h"
#include "devices/virtio/console/console_device.h"
#include "devices/virtio/rng/rng_device.h"
#include "host/file.h"
#include "machine/configuration.h"
#include "machine/external_events.h"

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace siena::machine {

class Surroundings;

/// An image file as virtio-blk wants it.
class ImageBackend final : public devices::virtio::block::BlockBackend {
 public:
  explicit ImageBackend(host::ImageFile file) : file_(std::move(file)) {}
  u64 size() const override { return file_.size(); }
  bool read_only() const override { return file_.read_only(); }
  bool read(u64 offset, std::span<u8> to) override { return !file_.read(offset, to); }
  bool write(u64 offset, std::span<const u8> from) override { return !file_.write(offset, from); }
  bool flush() override { return !file_.flush(); }

 private:
  host::ImageFile file_;
};

/// Random numbers that follow from the seed alone, so that a run repeats.
class SeededEntropy final : public devices::virtio::rng::EntropySource {
 public:
  explicit SeededEntropy(u64 seed) : generator_(seed) {}
  void fill(std::span<u8> bytes) override {
    for (u8& b : bytes) b = static_cast<u8>(generator_());
  }

 private:
  std::mt19937_64 generator_;
};

/// The port named siena.exit: a decimal status, ended by a newline or the end of the run.
class ExitStatusPort final : public devices::ByteSink {
 public:
  void write(std::span<const u8> bytes) override;
  std::optional<int> status() const { return status_; }

 private:
  std::string text_;
  std::optional<int> status_;
};

class Peripherals {
 public:
  struct Parts {
    mmu::AbsoluteStorage& storage;
    cpu::timing::EventQueue& events;
    devices::sclp::Sclp& sclp;
    devices::channel::ChannelSubsystem& channels;
    ExternalEvents& external;
    Surroundings& surroundings;
    TraceSink* trace;
  };
  static constexpr const char* kExitPort = "siena.exit";

  Peripherals(const Configuration& configuration, const Parts& parts, u64 seed);

  /// Builds everything; the first thing that cannot be built is the error. Without a virtio-serial device of the configuration's
  /// own, one is added for the port siena.exit.
  std::optional<ConfigurationError> build();
  /// What the guest wrote to the port named siena.exit, when it is a decimal status.
  std::optional<int> guest_exit_code() const { return exit_port_.status(); }

 private:
  using Error = std::optional<ConfigurationError>;
  Error add_sclp_console(const Device& device);
  Error add_block(const Device& device);
  Error add_rng(const Device& device);
  /// A virtio-serial device and the ports that follow it in the configuration.
  Error add_serial(const Device* device, std::span<const Device> ports);
  Error attach(devices::virtio::VirtioDevice& device, const Device* from);
  /// Input for the device that is the next user of its character device.
  void connect_input(const std::string& chardev, ExternalEvents::Receiver receiver);

  const Configuration& configuration_;
  Parts parts_;
  SeededEntropy entropy_;
  ExitStatusPort exit_port_;
  std::map<std::string, unsigned> users_; ///< of each character device, so far
  std::vector<std::unique_ptr<ImageBackend>> images_;
  std::vector<std::unique_ptr<devices::virtio::VirtioDevice>> virtio_;
  std::vector<std::unique_ptr<devices::virtio::CcwTransport>> transports_;
};

} // namespace siena::machine
