// SPDX-License-Identifier: BSD-3-Clause
#include "devices/channel/interruption_queue.h"

#include <algorithm>

namespace siena::devices::channel {

void InterruptionQueue::add_key(u8 isc, Key key) {
  auto& queue = waiting_[isc % kSubclasses];
  if (std::find(queue.begin(), queue.end(), key) != queue.end()) return;
  queue.push_back(key);
  sink_.io_interruptions_changed();
}

void InterruptionQueue::add(u8 isc, SubchannelName subchannel) { add_key(isc, key(subchannel)); }
void InterruptionQueue::add_adapter(u8 isc) { add_key(isc, kAdapter); }

void InterruptionQueue::remove(SubchannelName subchannel) {
  bool changed = false;
  for (auto& queue : waiting_) changed |= std::erase(queue, key(subchannel)) != 0;
  if (changed) sink_.io_interruptions_changed();
}

u8 InterruptionQueue::subclasses() const {
  unsigned result = 0;
  for (unsigned isc = 0; isc < kSubclasses; ++isc)
    if (!waiting_[isc].empty()) result |= 0x80u >> isc;
  return static_cast<u8>(result);
}

std::optional<InterruptionQueue::Entry> InterruptionQueue::take(u8 subclasses) {
  for (unsigned isc = 0; isc < kSubclasses; ++isc) {
    auto& queue = waiting_[isc];
    if ((subclasses & (0x80u >> isc)) == 0 || queue.empty()) continue;
    const Key taken = queue.front();
    queue.pop_front();
    sink_.io_interruptions_changed();
    Entry entry;
    entry.isc = static_cast<u8>(isc);
    entry.adapter = taken == kAdapter;
    if (!entry.adapter) entry.subchannel = {static_cast<u8>(taken >> 16 & 3), static_cast<u16>(taken)};
    return entry;
  }
  return std::nullopt;
}

void InterruptionQueue::clear() {
  for (auto& queue : waiting_) queue.clear();
  sink_.io_interruptions_changed();
}

void InterruptionQueue::save(SnapshotWriter& out) const {
  for (const auto& queue : waiting_) {
    out.number(queue.size());
    for (const Key key : queue) out.number(key);
  }
}

void InterruptionQueue::restore(SnapshotReader& in) {
  for (auto& queue : waiting_) {
    queue.clear();
    for (u64 left = in.number(); left != 0 && in.ok(); --left) queue.push_back(static_cast<Key>(in.number()));
  }
  sink_.io_interruptions_changed();
}

} // namespace siena::devices::channel
