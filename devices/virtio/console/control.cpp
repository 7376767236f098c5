// SPDX-License-Identifier: BSD-3-Clause
// The control channel of a multiport console: messages {port 4, event 2, value 2}, little-endian or legacy order, a name
// behind the event "port name". What is to be sent is a set of bits per port, so that no driver can make it grow; bits go
// out in their order, as buffers become available.
#include "devices/virtio/console/console_device.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace siena::devices::virtio::console {
namespace {

constexpr unsigned kInput = 2, kOutput = 3;
constexpr std::size_t kMessageSize = 8;

namespace event {
constexpr u16 kDeviceReady = 0, kPortAdd = 1, kPortReady = 3, kConsolePort = 4, kPortOpen = 6, kPortName = 7;
}

struct Message {
  u16 event;
  u16 value;
};
/// By bit number in Port::messages_.
constexpr Message kMessages[] = {
    {event::kPortAdd, 1}, {event::kConsolePort, 1}, {event::kPortName, 1}, {event::kPortOpen, 1}};
constexpr u32 kAdd = 1, kConsole = 2, kName = 4, kOpen = 8, kAll = 15;

} // namespace

bool ConsoleDevice::take_control() {
  Virtqueue& queue = transport().queue(kOutput);
  unsigned budget = queue.size();
  while (budget != 0 && queue.pop(chain_)) {
    --budget;
    u8 bytes[kMessageSize];
    const bool complete = chain_.read(storage_, 0, bytes) == sizeof bytes;
    const u16 head = chain_.head(); // handling it may use chain_ for another queue
    const ByteOrder order = transport().byte_order();
    if (complete) handle_control(load<u32>(order, bytes), load<u16>(order, bytes + 4), load<u16>(order, bytes + 6));
    queue.push(head, 0);
  }
  transport().signal(kOutput);
  (void)send_control();
  return budget == 0;
}

void ConsoleDevice::handle_control(u32 number, u16 event, u16 value) {
  if (event == event::kDeviceReady) {
    if (value == 0) return;
    for (auto& p : ports_) p->messages_ |= kAdd;
    return;
  }
  Port* const p = port(number);
  if (p == nullptr) return;
  switch (event) {
  case event::kPortReady:
    if (value == 0) break; // the driver could not set it up
    // Whatever is outside is always connected.
    p->messages_ |= kOpen | (p->options_.console ? kConsole : 0) | (p->options_.name.empty() ? 0 : kName);
    break;
  case event::kPortOpen:
    p->guest_open_ = value != 0;
    (void)deliver_input(*p);
    break;
  default: break;
  }
}

bool ConsoleDevice::send_control() {
  Virtqueue& queue = transport().queue(kInput);
  for (auto& p : ports_) {
    while ((p->messages_ & kAll) != 0 && queue.pop(chain_)) {
      const auto bit = static_cast<unsigned>(std::countr_zero(p->messages_ & kAll));
      p->messages_ &= ~(1u << bit);
      u8 bytes[kMessageSize + 256];
      const ByteOrder order = transport().byte_order();
      store<u32>(order, bytes, p->options_.number);
      store<u16>(order, bytes + 4, kMessages[bit].event);
      store<u16>(order, bytes + 6, kMessages[bit].value);
      std::size_t length = kMessageSize;
      if (1u << bit == kName) {
        const std::size_t name = std::min<std::size_t>(p->options_.name.size(), 255);
        std::memcpy(bytes + length, p->options_.name.data(), name);
        length += name;
      }
      queue.push(chain_.head(), static_cast<u32>(chain_.write(storage_, 0, {bytes, length})));
    }
  }
  transport().signal(kInput);
  return false;
}

} // namespace siena::devices::virtio::console
