// SPDX-License-Identifier: BSD-3-Clause
// Data in both directions, configuration, snapshot; control.cpp has the control channel.
#include "devices/virtio/console/console_device.h"

#include "base/check.h"

#include <algorithm>

namespace siena::devices::virtio::console {
namespace {

constexpr u64 kMultiport = 1 << 1, kEmergencyWrite = 1 << 2;
constexpr u32 kEmergencyWriteOffset = 8;
constexpr u64 kLongestOutput = u64{1} << 20; ///< in one chain; drivers stay far below
constexpr std::size_t kPiece = 4096;

constexpr unsigned input_queue(u32 port) { return port == 0 ? 0 : 2 * port + 2; }

} // namespace

ConsoleDevice::ConsoleDevice(mmu::AbsoluteStorage& storage, const ConsoleOptions& options)
    : storage_(storage), maximum_ports_(std::max(options.maximum_ports, 1u)), multiport_(options.maximum_ports > 1),
      emergency_write_(options.emergency_write) {
  for (const PortOptions& port : options.ports) {
    CHECK(port.number < kMaximumPorts, "port numbers have been validated");
    ports_.push_back(std::make_unique<Port>(*this, port));
    maximum_ports_ = std::max(maximum_ports_, port.number + 1);
    // A lone console needs no control channel.
    if (port.number != 0 || !port.console || !port.name.empty()) multiport_ = true;
  }
  maximum_ports_ = std::min(maximum_ports_, kMaximumPorts);
}

Port* ConsoleDevice::port(u32 number) {
  for (const auto& p : ports_)
    if (p->options_.number == number) return p.get();
  return nullptr;
}

u64 ConsoleDevice::features() const { return (multiport_ ? kMultiport : 0) | (emergency_write_ ? kEmergencyWrite : 0); }

bool ConsoleDevice::multiport_accepted() const { return (transport().features() & kMultiport) != 0; }

bool ConsoleDevice::open(const Port& port) const {
  return multiport_accepted() ? port.guest_open_ : port.options_.number == 0;
}

void ConsoleDevice::read_configuration(std::span<u8> space, ByteOrder order) const {
  store<u32>(order, space.data() + 4, maximum_ports_);
}

void ConsoleDevice::write_configuration(std::span<const u8> bytes, ByteOrder order) {
  if (!emergency_write_ || bytes.size() < kEmergencyWriteOffset + 4) return;
  const u8 character = static_cast<u8>(load<u32>(order, bytes.data() + kEmergencyWriteOffset));
  const Port* target = port(0);
  if (target != nullptr && target->options_.output != nullptr) target->options_.output->write({&character, 1});
}

std::size_t Port::receive(std::span<const u8> bytes) {
  const std::size_t taken = std::min(bytes.size(), kInputCapacity - input_.size());
  input_.insert(input_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
  // What is cut off here goes on when the guest gives the buffers back.
  if (taken != 0) (void)device_.deliver_input(*this);
  return taken;
}

bool ConsoleDevice::notified(unsigned queue) {
  if (queue == 2) return send_control();
  if (queue == 3) return take_control();
  Port* const p = port(queue < 2 ? 0 : (queue - 2) / 2);
  if (queue % 2 != 0) return take_output(queue, p);
  return p != nullptr && deliver_input(*p);
}

bool ConsoleDevice::deliver_input(Port& port) {
  if (!transport().running() || !open(port)) return false;
  const unsigned index = input_queue(port.options_.number);
  Virtqueue& queue = transport().queue(index);
  unsigned budget = queue.size();
  while (budget != 0 && !port.input_.empty() && queue.pop(chain_)) {
    --budget;
    u8 bytes[Port::kInputCapacity];
    const std::size_t length = std::min<u64>(chain_.writable_length(), port.input_.size());
    const auto end = port.input_.begin() + static_cast<std::ptrdiff_t>(length);
    std::copy(port.input_.begin(), end, bytes);
    port.input_.erase(port.input_.begin(), end);
    queue.push(chain_.head(), static_cast<u32>(chain_.write(storage_, 0, {bytes, length})));
  }
  transport().signal(index);
  return budget == 0 && !port.input_.empty();
}

bool ConsoleDevice::take_output(unsigned index, Port* port) {
  Virtqueue& queue = transport().queue(index);
  unsigned budget = queue.size();
  while (budget != 0 && queue.pop(chain_)) {
    --budget;
    if (chain_.readable_length() > kLongestOutput) {
      transport().fail("console output too long");
      return false;
    }
    for (u64 done = 0; done < chain_.readable_length();) {
      u8 bytes[kPiece];
      const std::size_t length = chain_.read(storage_, done, bytes);
      if (length == 0) break;
      if (port != nullptr && port->options_.output != nullptr) port->options_.output->write({bytes, length});
      done += length;
    }
    queue.push(chain_.head(), 0);
  }
  transport().signal(index);
  return budget == 0;
}

void ConsoleDevice::reset() {
  for (auto& p : ports_) {
    p->guest_open_ = false;
    p->messages_ = 0;
  }
}

void ConsoleDevice::save(SnapshotWriter& out) const {
  out.begin("virtio-console", 1);
  out.number(ports_.size());
  for (const auto& p : ports_) {
    out.number(p->guest_open_);
    out.number(p->messages_);
    const std::vector<u8> input(p->input_.begin(), p->input_.end());
    out.number(input.size());
    out.bytes(input);
  }
}

void ConsoleDevice::restore(SnapshotReader& in) {
  reset();
  in.begin("virtio-console");
  if (in.number() != ports_.size()) return; // another configuration's: what follows does not fit and says so
  for (auto& p : ports_) {
    p->guest_open_ = in.number() != 0;
    p->messages_ = static_cast<u32>(in.number());
    std::vector<u8> input(std::min<u64>(in.number(), Port::kInputCapacity));
    in.bytes(input);
    p->input_.assign(input.begin(), input.end());
  }
}

} // namespace siena::devices::virtio::console
