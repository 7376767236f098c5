// SPDX-License-Identifier: BSD-3-Clause
// Numbers in rings, requests and configuration spaces: little-endian for a driver that negotiated VIRTIO_F_VERSION_1,
// in the guest's own order (big-endian) for a legacy driver.
#pragma once

#include "base/big_endian.h"

namespace siena::devices::virtio {

enum class ByteOrder : u8 { Little, Big };

template <typename T>
T load(ByteOrder order, const void* bytes) {
  const T big = load_big<T>(bytes);
  return order == ByteOrder::Big ? big : byte_swap(big);
}

template <typename T>
void store(ByteOrder order, void* bytes, T value) {
  store_big(bytes, order == ByteOrder::Big ? value : byte_swap(value));
}

} // namespace siena::devices::virtio
