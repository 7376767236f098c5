// SPDX-License-Identifier: BSD-3-Clause
#include "devices/virtio/descriptor_chain.h"

#include <algorithm>

namespace siena::devices::virtio {
namespace {

/// Calls `move(address, done, length)` for the pieces of `buffers` that hold the bytes [offset, offset + length).
template <typename Move>
std::size_t
for_each_piece(const std::vector<DescriptorChain::Buffer>& buffers, u64 offset, std::size_t length, Move move) {
  std::size_t done = 0;
  for (const auto& buffer : buffers) {
    if (done == length) break;
    if (offset >= buffer.length) {
      offset -= buffer.length;
      continue;
    }
    const std::size_t piece = std::min<u64>(length - done, buffer.length - offset);
    if (!move(buffer.address + offset, done, piece)) break;
    done += piece;
    offset = 0;
  }
  return done;
}

} // namespace

std::size_t DescriptorChain::read(const mmu::AbsoluteStorage& storage, u64 offset, std::span<u8> to) const {
  return for_each_piece(readable_, offset, to.size(), [&](AbsoluteAddress from, std::size_t done, std::size_t length) {
    return storage.read(from, to.subspan(done, length));
  });
}

std::size_t DescriptorChain::write(mmu::AbsoluteStorage& storage, u64 offset, std::span<const u8> from) const {
  return for_each_piece(writable_, offset, from.size(), [&](AbsoluteAddress to, std::size_t done, std::size_t length) {
    return storage.write(to, from.subspan(done, length));
  });
}

void DescriptorChain::start(u16 head) {
  head_ = head;
  readable_.clear();
  writable_.clear();
  readable_length_ = writable_length_ = 0;
}

void DescriptorChain::add_readable(Buffer buffer) {
  readable_.push_back(buffer);
  readable_length_ += buffer.length;
}

void DescriptorChain::add_writable(Buffer buffer) {
  writable_.push_back(buffer);
  writable_length_ += buffer.length;
}

} // namespace siena::devices::virtio
