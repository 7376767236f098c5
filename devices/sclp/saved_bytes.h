// SPDX-License-Identifier: BSD-3-Clause
// A byte queue in a snapshot: its length, then its bytes.
#pragma once

#include "base/snapshot.h"

#include <algorithm>
#include <deque>
#include <vector>

namespace siena::devices::sclp {

inline void save_bytes(SnapshotWriter& writer, const std::deque<u8>& queue) {
  writer.number(queue.size());
  writer.bytes(std::vector<u8>(queue.begin(), queue.end()));
}

/// A length beyond `capacity` makes the reader fail, since the byte field then has another length than is asked for.
inline void restore_bytes(SnapshotReader& reader, std::deque<u8>& queue, std::size_t capacity) {
  std::vector<u8> bytes(std::min<u64>(reader.number(), capacity));
  reader.bytes(bytes);
  queue.assign(bytes.begin(), bytes.end());
  if (!reader.ok()) queue.clear();
}

} // namespace siena::devices::sclp
