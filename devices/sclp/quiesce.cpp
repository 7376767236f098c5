// SPDX-License-Identifier: BSD-3-Clause
#include "devices/sclp/quiesce.h"

#include <algorithm>

namespace siena::devices::sclp {
namespace {
constexpr std::size_t kDataSize = 3;
} // namespace

void Quiesce::request() {
  requested_ = true;
  announcer_.event_pending();
}

std::optional<StoredEvent> Quiesce::read(std::span<u8> room) {
  if (!requested_ || room.size() < kDataSize) return std::nullopt;
  requested_ = false;
  std::fill_n(room.begin(), kDataSize, u8{0});
  return StoredEvent{EventType::SignalQuiesce, kDataSize};
}

void Quiesce::save(SnapshotWriter& writer) const {
  writer.begin("sclp-quiesce", 1);
  writer.number(requested_ ? 1 : 0);
}

void Quiesce::restore(SnapshotReader& reader) {
  reader.begin("sclp-quiesce");
  requested_ = reader.number() != 0;
}

std::string Quiesce::describe() const { return std::string("quiesce       ") + (requested_ ? "requested" : "idle"); }

} // namespace siena::devices::sclp
