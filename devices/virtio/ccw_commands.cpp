// SPDX-License-Identifier: BSD-3-Clause
// The virtio-ccw commands. Data blocks are big-endian except feature words and, for a driver of revision 1 or later, the
// configuration space. A command that cannot be done ends with unit check and command reject, which is also how a driver
// learns that a revision is not supported.
#include "devices/channel/channel_data.h"
#include "devices/virtio/ccw_transport.h"

#include <algorithm>
#include <array>

namespace siena::devices::virtio {
namespace {

namespace command {
constexpr u8 kWriteFeatures = 0x11;
constexpr u8 kReadFeatures = 0x12;
constexpr u8 kSetQueue = 0x13;
constexpr u8 kWriteConfiguration = 0x21;
constexpr u8 kReadConfiguration = 0x22;
constexpr u8 kWriteStatus = 0x31;
constexpr u8 kReadQueueConfiguration = 0x32;
constexpr u8 kReset = 0x33;
constexpr u8 kSetIndicators = 0x43;
constexpr u8 kSetConfigurationIndicators = 0x53;
constexpr u8 kReadStatus = 0x72;
constexpr u8 kSetAdapterIndicators = 0x73;
constexpr u8 kSetRevision = 0x83;
} // namespace command

namespace status {
constexpr u8 kDriverOk = 0x04;
constexpr u8 kFeaturesOk = 0x08;
constexpr u8 kNeedsReset = 0x40;
} // namespace status

constexpr u16 kLatestRevision = 2;
constexpr std::size_t kLargestConfiguration = 256;
constexpr unsigned kClassicIndicatorBits = 64;

constexpr u8 kDone = channel::device_status::kNormalEnd;
constexpr u8 kRejected = channel::device_status::kNormalEnd | channel::device_status::kUnitCheck;

/// Fetches a whole data block.
template <std::size_t Size>
bool take(channel::ChannelData& data, std::array<u8, Size>& block) {
  return data.fetch(block) == Size;
}

/// How a command ends whose data block was not there: the channel's own check, or a reject of a count too small.
u8 incomplete(const channel::ChannelData& data) { return data.check() != 0 ? kDone : kRejected; }

u8 give(channel::ChannelData& data, std::span<const u8> block) {
  return data.store(block) == block.size() ? kDone : incomplete(data);
}

} // namespace

u8 CcwTransport::start(const channel::Ccw& ccw, channel::ChannelData& data) {
  switch (ccw.command) {
  case command::kSetRevision: return set_revision(data);
  case command::kReset: reset_device(); return kDone;
  case command::kReadFeatures: return read_features(data);
  case command::kWriteFeatures: return write_features(data);
  case command::kReadConfiguration: return read_configuration(data);
  case command::kWriteConfiguration: return write_configuration(data);
  case command::kReadStatus: return read_status(data);
  case command::kWriteStatus: return write_status(data);
  case command::kReadQueueConfiguration: return read_queue_configuration(data);
  case command::kSetQueue: return revision_ >= 1 ? set_queue(data) : set_queue_legacy(data);
  case command::kSetIndicators: return set_indicators(data);
  case command::kSetConfigurationIndicators: return set_configuration_indicators(data);
  case command::kSetAdapterIndicators: return set_adapter_indicators(data);
  default: return kRejected;
  }
}

// revision 2, length of what follows 2, data
u8 CcwTransport::set_revision(channel::ChannelData& data) {
  std::array<u8, 4> block;
  if (!take(data, block)) return incomplete(data);
  const u16 length = load_big<u16>(block.data() + 2);
  if (data.skip(length) != length) return incomplete(data);
  const u16 revision = load_big<u16>(block.data());
  if (revision_ != kUnset || revision > kLatestRevision) return kRejected;
  revision_ = revision;
  return kDone;
}

// features 4 (little-endian), index 1: the index is read, the features are put in front of it
u8 CcwTransport::read_features(channel::ChannelData& data) {
  u8 index = 0;
  if (data.skip(4) != 4 || data.fetch({&index, 1}) != 1) return incomplete(data);
  data.rewind();
  u8 word[4];
  store(ByteOrder::Little, word, index < 2 ? static_cast<u32>(offered() >> (32 * index)) : 0);
  return give(data, word);
}

u8 CcwTransport::write_features(channel::ChannelData& data) {
  std::array<u8, 5> block;
  if (!take(data, block)) return incomplete(data);
  const u64 word = load<u32>(ByteOrder::Little, block.data());
  const u8 index = block[4];
  if ((status_ & status::kFeaturesOk) != 0) return kDone; // settled; the driver may not change its mind
  if (index == 0)
    features_ = (features_ & 0xFFFF'FFFF'0000'0000) | word;
  else if (index == 1 && revision_ >= 1)
    features_ = (features_ & 0xFFFF'FFFF) | word << 32;
  if (revision_ < 1) features_ &= offered(); // a legacy driver cannot be told that it asked for too much
  return kDone;
}

u8 CcwTransport::read_configuration(channel::ChannelData& data) {
  u8 space[kLargestConfiguration] = {};
  const std::size_t size = std::min(device_.configuration_size(), sizeof space);
  device_.read_configuration({space, size}, byte_order());
  // The driver may want only the first part of it.
  return give(data, {space, std::min<std::size_t>(size, data.count())});
}

u8 CcwTransport::write_configuration(channel::ChannelData& data) {
  u8 space[kLargestConfiguration];
  const std::size_t size = std::min(device_.configuration_size(), sizeof space);
  const std::size_t wanted = std::min<std::size_t>(size, data.count());
  if (data.fetch({space, wanted}) != wanted) return incomplete(data);
  device_.write_configuration({space, wanted}, byte_order());
  return kDone;
}

u8 CcwTransport::read_status(channel::ChannelData& data) { return give(data, {&status_, 1}); }

u8 CcwTransport::write_status(channel::ChannelData& data) {
  u8 wanted = 0;
  if (data.fetch({&wanted, 1}) != 1) return incomplete(data);
  if (wanted == 0) {
    reset_device();
    return kDone;
  }
  const bool modern = revision_ >= 1;
  if (modern && (wanted & status::kFeaturesOk) != 0 && !features_acceptable()) return kRejected;
  if (modern && (wanted & status::kDriverOk) != 0 && (wanted & status::kFeaturesOk) == 0) return kRejected;
  const bool starts = (wanted & ~status_ & status::kDriverOk) != 0;
  status_ = static_cast<u8>((status_ & status::kNeedsReset) | wanted);
  if (starts) start_device();
  return kDone;
}

// index 2, maximum size 2: the index is read, the size is put behind it
u8 CcwTransport::read_queue_configuration(channel::ChannelData& data) {
  std::array<u8, 2> block;
  if (!take(data, block)) return incomplete(data);
  const u16 index = load_big<u16>(block.data());
  u8 size[2];
  store_big<u16>(size, index < queues_.size() ? queues_[index].maximum_size() : 0);
  return give(data, size);
}

// descriptors 8, reserved 4, index 2, size 2, available 8, used 8
u8 CcwTransport::set_queue(channel::ChannelData& data) {
  std::array<u8, 32> block;
  if (!take(data, block)) return incomplete(data);
  const u16 index = load_big<u16>(block.data() + 12), size = load_big<u16>(block.data() + 14);
  const Virtqueue::Areas areas{
      {load_big<u64>(block.data())}, {load_big<u64>(block.data() + 16)}, {load_big<u64>(block.data() + 24)}};
  if (index >= queues_.size()) return kRejected;
  if (areas.descriptors.value == 0) {
    queues_[index].reset();
    return kDone;
  }
  return queues_[index].enable(areas, size) ? kDone : kRejected;
}

// queue 8, alignment 4, index 2, size 2
u8 CcwTransport::set_queue_legacy(channel::ChannelData& data) {
  std::array<u8, 16> block;
  if (!take(data, block)) return incomplete(data);
  const u64 address = load_big<u64>(block.data());
  const u32 alignment = load_big<u32>(block.data() + 8);
  const u16 index = load_big<u16>(block.data() + 12), size = load_big<u16>(block.data() + 14);
  if (index >= queues_.size()) return kRejected;
  if (address == 0) {
    queues_[index].reset();
    return kDone;
  }
  // The size is not negotiable: the driver's layout is that of the maximum.
  if (alignment != kPageSize || size != queues_[index].maximum_size()) return kRejected;
  return queues_[index].enable_legacy(address) ? kDone : kRejected;
}

u8 CcwTransport::set_indicators(channel::ChannelData& data) {
  std::array<u8, 8> block;
  if (indicators_.adapter || queues_.size() > kClassicIndicatorBits) return kRejected;
  if (!take(data, block)) return incomplete(data);
  indicators_.queues = load_big<u64>(block.data());
  return kDone;
}

u8 CcwTransport::set_configuration_indicators(channel::ChannelData& data) {
  std::array<u8, 8> block;
  if (!take(data, block)) return incomplete(data);
  indicators_.configuration = load_big<u64>(block.data());
  return kDone;
}

// summary indicator 8, indicators 8, first bit 8, interruption subclass 1
u8 CcwTransport::set_adapter_indicators(channel::ChannelData& data) {
  std::array<u8, 25> block;
  if (!indicators_.adapter && indicators_.queues != 0) return kRejected; // classic ones are in use
  if (!take(data, block)) return incomplete(data);
  if (block[24] > 7) return kRejected;
  indicators_.summary = load_big<u64>(block.data());
  indicators_.queues = load_big<u64>(block.data() + 8);
  indicators_.first_bit = load_big<u64>(block.data() + 16);
  indicators_.isc = block[24];
  indicators_.adapter = indicators_.summary != 0 && indicators_.queues != 0;
  return kDone;
}

u64 CcwTransport::offered() const {
  const u64 common = device_.features() | feature::kIndirectDescriptors | feature::kEventIndex;
  return revision_ >= 1 ? common | feature::kVersion1 : common & 0xFFFF'FFFF;
}

bool CcwTransport::features_acceptable() const {
  return (features_ & ~offered()) == 0 && (features_ & feature::kVersion1) != 0;
}

} // namespace siena::devices::virtio
