// SPDX-License-Identifier: BSD-3-Clause
#include "devices/sclp/ascii_console.h"

#include "devices/sclp/saved_bytes.h"

#include <algorithm>

namespace siena::devices::sclp {
namespace {
constexpr u8 kSessionData = 0x00;
} // namespace

std::size_t AsciiConsole::receive(std::span<const u8> input) {
  const auto taken = input.first(std::min(input.size(), room()));
  input_.insert(input_.end(), taken.begin(), taken.end());
  if (!taken.empty()) announcer_.event_pending();
  return taken.size();
}

std::optional<StoredEvent> AsciiConsole::read(std::span<u8> room) {
  if (input_.empty() || room.size() < 2) return std::nullopt;
  room[0] = kSessionData;
  const std::size_t count = std::min(input_.size(), room.size() - 1);
  const auto end = input_.begin() + static_cast<std::ptrdiff_t>(count);
  std::copy(input_.begin(), end, room.begin() + 1);
  input_.erase(input_.begin(), end);
  return StoredEvent{EventType::AsciiConsole, 1 + count};
}

Response AsciiConsole::write(std::span<const u8> data) {
  if (!data.empty()) output_.write(data);
  return Response::Normal;
}

void AsciiConsole::save(SnapshotWriter& writer) const {
  writer.begin("sclp-ascii-console", 1);
  save_bytes(writer, input_);
}

void AsciiConsole::restore(SnapshotReader& reader) {
  reader.begin("sclp-ascii-console");
  restore_bytes(reader, input_, kInputCapacity);
}

std::string AsciiConsole::describe() const {
  return "console       ASCII (VT220), " + std::to_string(input_.size()) + " bytes of input waiting";
}

} // namespace siena::devices::sclp
