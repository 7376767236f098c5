// SPDX-License-Identifier: BSD-3-Clause
#include "devices/sclp/event_facility.h"

#include <cstdio>
#include <cstring>

namespace siena::devices::sclp {
namespace {

constexpr std::size_t kEventHeaderSize = 6;
constexpr u8 kAccepted = 0x80;

constexpr u8 kNormalWrite = 0;
constexpr u8 kUnconditionalRead = 0;
constexpr u8 kSelectiveRead = 1;

constexpr std::size_t kMaskLengthOffset = 10;
constexpr std::size_t kMasksOffset = 12;
constexpr std::size_t kMaximumMaskLength = 1021; ///< four of them fill a page

/// Masks have any length; what is beyond 8 bytes names types that do not exist.
EventMask load_mask(std::span<const u8> bytes) {
  u8 leftmost[8] = {};
  std::memcpy(leftmost, bytes.data(), std::min(bytes.size(), sizeof leftmost));
  return load_big<u64>(leftmost);
}

void store_mask(std::span<u8> bytes, EventMask mask) {
  u8 leftmost[8];
  store_big(leftmost, mask);
  std::memset(bytes.data(), 0, bytes.size());
  std::memcpy(bytes.data(), leftmost, std::min(bytes.size(), sizeof leftmost));
}

} // namespace

EventMask EventFacility::sends() const {
  EventMask mask = 0;
  for (const auto& source : sources_) mask |= source->sends();
  return mask;
}

EventMask EventFacility::receives() const {
  EventMask mask = 0;
  for (const auto& source : sources_) mask |= source->receives();
  return mask;
}

bool EventFacility::pending() const {
  for (const auto& source : sources_) {
    if ((source->sends() & guest_receive_mask_) != 0 && source->pending()) return true;
  }
  return false;
}

void EventFacility::event_pending() {
  if (pending()) signal_();
}

std::size_t EventFacility::store_events(EventMask selected, std::span<u8> room) {
  std::size_t used = 0;
  for (const auto& source : sources_) {
    if ((source->sends() & selected) == 0) continue;
    while (room.size() - used > kEventHeaderSize) {
      const auto buffer = room.subspan(used);
      const auto event = source->read(buffer.subspan(kEventHeaderSize));
      if (!event) break;
      const std::size_t length = kEventHeaderSize + event->length;
      std::memset(buffer.data(), 0, kEventHeaderSize);
      store_big(buffer.data(), static_cast<u16>(length));
      buffer[2] = static_cast<u8>(event->type);
      used += length;
    }
  }
  return used;
}

Response EventFacility::read_event_data(Sccb& sccb) {
  EventMask selected = guest_receive_mask_;
  if (sccb.function_code() == kSelectiveRead) {
    // The selection mask follows the first event-buffer header.
    const std::size_t offset = kEventHeaderSize;
    const std::size_t length = std::min<std::size_t>(mask_length_, sizeof(EventMask));
    if (sccb.data().size() < offset + length) return Response::InsufficientLength;
    selected = load_mask(sccb.data().subspan(offset, length));
    if (guest_receive_mask_ == 0 || (selected & ~guest_receive_mask_) != 0) return Response::InvalidSelectionMask;
  } else if (sccb.function_code() != kUnconditionalRead) {
    return Response::InvalidFunction;
  }

  const std::size_t used = store_events(selected, sccb.data());
  // What is not an event buffer reads as one of length zero, for programs that walk the whole SCCB.
  std::memset(sccb.data().data() + used, 0, sccb.data().size() - used);
  if (sccb.variable_length_response()) sccb.set_reply_length(Sccb::kHeaderSize + used);
  if (used != 0) return Response::Normal;
  for (const auto& source : sources_) {
    if ((source->sends() & selected) != 0 && source->pending()) return Response::InsufficientLength;
  }
  return Response::NoEventBuffersStored;
}

Response EventFacility::deliver(std::span<u8> event_buffer) {
  const unsigned type = event_buffer[2];
  const EventMask mask = type >= 1 && type <= 64 ? bit(type - 1) : 0;
  for (const auto& source : sources_) {
    if ((source->receives() & mask) != 0) return source->write(event_buffer.subspan(kEventHeaderSize));
  }
  return Response::InvalidFunction;
}

Response EventFacility::write_event_data(Sccb& sccb) {
  if (sccb.function_code() != kNormalWrite) return Response::InvalidFunction;

  // All lengths are checked before anything is delivered.
  for (auto rest = sccb.data(); !rest.empty();) {
    if (rest.size() < kEventHeaderSize) return Response::EventBufferSyntaxError;
    const std::size_t length = load_big<u16>(rest.data());
    if (length < kEventHeaderSize || length > rest.size()) return Response::EventBufferSyntaxError;
    rest = rest.subspan(length);
  }

  // After a refused buffer the following ones are not looked at, and show so.
  Response response = Response::Normal;
  for (auto rest = sccb.data(); !rest.empty();) {
    const auto buffer = rest.first(load_big<u16>(rest.data()));
    buffer[3] &= static_cast<u8>(~kAccepted);
    if (response == Response::Normal) {
      response = deliver(buffer);
      if (response == Response::Normal) buffer[3] |= kAccepted;
    }
    rest = rest.subspan(buffer.size());
  }
  return response;
}

Response EventFacility::write_event_mask(Sccb& sccb) {
  const auto block = sccb.bytes();
  if (block.size() < kMasksOffset) return Response::InsufficientLength;
  const u16 length = load_big<u16>(&block[kMaskLengthOffset]);
  if (length == 0 || length > kMaximumMaskLength) return Response::InvalidMaskLength;
  if (block.size() < kMasksOffset + 4 * std::size_t{length}) return Response::InsufficientLength;

  const auto mask = [&](std::size_t index) { return block.subspan(kMasksOffset + index * length, length); };
  guest_receive_mask_ = load_mask(mask(0));
  mask_length_ = length;
  // What the SCLP can do, whatever the guest asked for; the guest's own masks stay as they are.
  store_mask(mask(2), receives());
  store_mask(mask(3), sends());
  return Response::Normal;
}

void EventFacility::reset() {
  guest_receive_mask_ = 0;
  mask_length_ = 4;
  for (const auto& source : sources_) source->reset();
}

void EventFacility::save(SnapshotWriter& writer) const {
  writer.begin("sclp-event-facility", 1);
  writer.number(guest_receive_mask_);
  writer.number(mask_length_);
  for (const auto& source : sources_) source->save(writer);
}

void EventFacility::restore(SnapshotReader& reader) {
  reader.begin("sclp-event-facility");
  guest_receive_mask_ = reader.number();
  mask_length_ = static_cast<u16>(std::min<u64>(reader.number(), kMaximumMaskLength));
  for (const auto& source : sources_) source->restore(reader);
}

std::vector<std::string> EventFacility::describe() const {
  std::vector<std::string> lines;
  char line[80];
  const auto add = [&](const char* what, EventMask mask) {
    std::snprintf(line, sizeof line, "%-13s %016llX", what, static_cast<unsigned long long>(mask));
    lines.emplace_back(line);
  };
  add("events sent", sends());
  add("events taken", receives());
  add("guest's mask", guest_receive_mask_);
  for (const auto& source : sources_) lines.push_back(source->describe());
  return lines;
}

} // namespace siena::devices::sclp
