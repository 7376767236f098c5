// SPDX-License-Identifier: BSD-3-Clause
// A request: header 16 (type 4, reserved 4, sector 8) readable; data; status byte, the last writable one. How the bytes are
// spread over descriptors is the driver's affair.
#include "devices/virtio/block/block_device.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace siena::devices::virtio::block {
namespace {

constexpr unsigned kQueue = 0;
constexpr u64 kSectorSize = 512;
constexpr u64 kHeaderSize = 16;
constexpr u64 kLargestTransfer = u64{64} << 20; ///< keeps one event's work bounded; more than any driver asks for
constexpr std::size_t kPiece = 128 * 1024;
constexpr std::size_t kSerialSize = 20;

namespace request {
constexpr u32 kIn = 0, kOut = 1, kFlush = 4, kGetId = 8;
}
namespace result {
constexpr u8 kOk = 0, kError = 1, kUnsupported = 2;
}
namespace block_feature {
constexpr u64 kSegmentMaximum = 1 << 2, kReadOnly = 1 << 5, kBlockSize = 1 << 6, kFlush = 1 << 9, kTopology = 1 << 10;
}

// The cost model: a fast disk of 1 GB/s.
constexpr cpu::timing::VirtualTime kLatency = cpu::timing::microseconds(50);
constexpr cpu::timing::VirtualTime transfer_time(u64 bytes) {
  return std::min(bytes, kLargestTransfer) * cpu::timing::kUnitsPerMicrosecond / 1000;
}

constexpr bool is_block_size(u32 size) { return std::has_single_bit(size) && size >= kSectorSize && size <= 32768; }

} // namespace

std::optional<ConfigurationError> check_options(const BlockOptions& options) {
  if (!is_block_size(options.logical_block_size))
    return ConfigurationError{"logical_block_size: must be a power of two from 512 to 32768", 2};
  if (!is_block_size(options.physical_block_size) || options.physical_block_size < options.logical_block_size)
    return ConfigurationError{"physical_block_size: must be a power of two from logical_block_size to 32768", 2};
  if (!std::has_single_bit(options.queue_size) || options.queue_size < 4 || options.queue_size > 1024)
    return ConfigurationError{"queue-size: must be a power of two from 4 to 1024", 2};
  if (options.serial.size() > kSerialSize) return ConfigurationError{"serial: must be at most 20 characters", 2};
  return std::nullopt;
}

BlockDevice::BlockDevice(mmu::AbsoluteStorage& storage,
                         cpu::timing::EventQueue& events,
                         BlockBackend& backend,
                         const BlockOptions& options)
    : storage_(storage), events_(events), backend_(backend),
      options_(check_options(options) ? BlockOptions{} : options), buffer_(kPiece) {}

BlockDevice::~BlockDevice() {
  if (scheduled_) events_.cancel(event_);
}

u64 BlockDevice::features() const {
  using namespace block_feature;
  return kSegmentMaximum | kBlockSize | kFlush | kTopology | (backend_.read_only() ? kReadOnly : 0);
}

void BlockDevice::read_configuration(std::span<u8> space, ByteOrder order) const {
  u8* s = space.data();
  store<u64>(order, s, backend_.size() / kSectorSize);
  store<u32>(order, s + 12, options_.queue_size - 2u); // segments: all but header and status
  store<u32>(order, s + 20, options_.logical_block_size);
  s[24] = static_cast<u8>(std::countr_zero(options_.physical_block_size / options_.logical_block_size));
  store<u16>(order, s + 26, options_.minimum_io_size);
  store<u32>(order, s + 28, options_.optimal_io_size);
}

bool BlockDevice::read_header(const DescriptorChain& chain, Header& header) const {
  u8 bytes[kHeaderSize];
  if (chain.read(storage_, 0, bytes) != sizeof bytes || chain.writable_length() == 0) return false;
  const ByteOrder order = transport().byte_order();
  header = {load<u32>(order, bytes), load<u64>(order, bytes + 8)};
  return true;
}

bool BlockDevice::notified(unsigned) { return take_requests(); }

bool BlockDevice::take_requests() {
  Virtqueue& requests = transport().queue(kQueue);
  // No more than the queue has entries can be under way; whoever offers more has reused a descriptor too early and is served
  // when there is room.
  while (waiting_.size() < requests.size() && requests.pop(chain_)) {
    Header header;
    if (!read_header(chain_, header)) {
      transport().fail("block request without header or status");
      return false;
    }
    const u64 data = std::max(chain_.readable_length() - kHeaderSize, chain_.writable_length() - 1);
    transfer_free_ = std::max(transfer_free_, events_.now()) + transfer_time(data);
    waiting_.push_back({chain_.head(), transfer_free_ + kLatency});
  }
  schedule();
  return false;
}

void BlockDevice::schedule() {
  if (scheduled_ || waiting_.empty()) return;
  scheduled_ = true;
  event_ = events_.schedule(waiting_.front().due, [this] { complete(); });
}

void BlockDevice::complete() {
  scheduled_ = false;
  if (!transport().running()) {
    waiting_.clear();
    return;
  }
  while (!waiting_.empty() && waiting_.front().due <= events_.now() && transport().running()) {
    const u16 head = waiting_.front().head;
    waiting_.pop_front();
    execute(head);
  }
  transport().signal(kQueue);
  if (transport().running()) (void)take_requests();
}

bool BlockDevice::transferable(u64 sector, u64 length) const {
  const u64 sectors = backend_.size() / kSectorSize;
  return length <= kLargestTransfer && length % kSectorSize == 0 && sector <= sectors &&
         length / kSectorSize <= sectors - sector;
}

u8 BlockDevice::transfer_in(const DescriptorChain& chain, u64 sector, u64 length) {
  if (!transferable(sector, length)) return result::kError;
  for (u64 done = 0; done < length;) {
    const std::span<u8> piece(buffer_.data(), std::min<u64>(length - done, buffer_.size()));
    if (!backend_.read(sector * kSectorSize + done, piece)) return result::kError;
    (void)chain.write(storage_, done, piece);
    done += piece.size();
  }
  return result::kOk;
}

u8 BlockDevice::transfer_out(const DescriptorChain& chain, u64 sector, u64 length) {
  if (backend_.read_only() || !transferable(sector, length)) return result::kError;
  for (u64 done = 0; done < length;) {
    const std::span<u8> piece(buffer_.data(), std::min<u64>(length - done, buffer_.size()));
    (void)chain.read(storage_, kHeaderSize + done, piece);
    if (!backend_.write(sector * kSectorSize + done, piece)) return result::kError;
    done += piece.size();
  }
  return result::kOk;
}

void BlockDevice::execute(u16 head) {
  Virtqueue& requests = transport().queue(kQueue);
  Header header;
  // The driver had the storage in its hands since; what was checked when the request came is checked again.
  if (!requests.walk(head, chain_)) return;
  if (!read_header(chain_, header)) {
    transport().fail("block request without header or status");
    return;
  }
  const u64 room = chain_.writable_length() - 1; // before the status byte
  u64 written = 0;
  u8 status = result::kUnsupported;
  switch (header.type) {
  case request::kIn:
    status = transfer_in(chain_, header.sector, room);
    if (status == result::kOk) written = room;
    break;
  case request::kOut: status = transfer_out(chain_, header.sector, chain_.readable_length() - kHeaderSize); break;
  case request::kFlush: status = backend_.flush() ? result::kOk : result::kError; break;
  case request::kGetId: {
    u8 serial[kSerialSize] = {};
    std::memcpy(serial, options_.serial.data(), std::min(options_.serial.size(), kSerialSize));
    written = chain_.write(storage_, 0, {serial, static_cast<std::size_t>(std::min<u64>(room, kSerialSize))});
    status = result::kOk;
    break;
  }
  default: break;
  }
  (void)chain_.write(storage_, room, {&status, 1});
  requests.push(head, static_cast<u32>(written + 1));
}

void BlockDevice::reset() {
  if (scheduled_) events_.cancel(event_);
  scheduled_ = false;
  waiting_.clear();
}

void BlockDevice::save(SnapshotWriter& out) const {
  out.begin("virtio-blk", 1);
  out.number(transfer_free_);
  out.number(waiting_.size());
  for (const auto& w : waiting_) {
    out.number(w.head);
    out.number(w.due);
  }
}

void BlockDevice::restore(SnapshotReader& in) {
  reset();
  in.begin("virtio-blk");
  transfer_free_ = in.number();
  for (u64 left = in.number(); left != 0 && in.ok() && waiting_.size() < options_.queue_size; --left) {
    const u16 head = static_cast<u16>(in.number());
    waiting_.push_back({head, in.number()});
  }
  if (in.ok()) schedule();
}

} // namespace siena::devices::virtio::block
