// SPDX-License-Identifier: BSD-3-Clause
#include "devices/virtio/rng/rng_device.h"

#include <algorithm>

namespace siena::devices::virtio::rng {
namespace {
constexpr std::size_t kMostPerBuffer = 4096; ///< a driver that asks for more gets less, as the device may decide
}

bool RngDevice::notified(unsigned queue) {
  Virtqueue& requests = transport().queue(queue);
  u8 bytes[kMostPerBuffer];
  unsigned budget = requests.size();
  while (budget != 0 && requests.pop(chain_)) {
    --budget;
    const std::size_t length = std::min<u64>(chain_.writable_length(), sizeof bytes);
    source_.fill({bytes, length});
    requests.push(chain_.head(), static_cast<u32>(chain_.write(storage_, 0, {bytes, length})));
  }
  transport().signal(queue);
  return budget == 0;
}

} // namespace siena::devices::virtio::rng
