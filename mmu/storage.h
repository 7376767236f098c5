// SPDX-License-Identifier: BSD-3-Clause
// Main storage of guest 1 by absolute address, sparse (untouched frames cost nothing), and the checked access that
// devices and control-block readers use. CPU accesses go through mmu/tlb.h; nobody keeps host pointers across instructions.
#pragma once

#include "base/address.h"
#include "base/big_endian.h"
#include "base/result.h"
#include "mmu/frames.h"

#include <memory>
#include <optional>
#include <span>

namespace siena::mmu {

class AbsoluteStorage {
 public:
  /// `size` is a positive multiple of 1 MiB. Fails when the host cannot reserve it.
  static Result<std::unique_ptr<AbsoluteStorage>> create(u64 size);
  ~AbsoluteStorage();
  AbsoluteStorage(const AbsoluteStorage&) = delete;
  AbsoluteStorage& operator=(const AbsoluteStorage&) = delete;

  u64 size() const { return size_; }
  bool contains(AbsoluteAddress a, u64 length = 1) const { return length <= size_ && a.value <= size_ - length; }

  /// Copies out; false (nothing copied) when any byte is outside main storage. The range may cross frames.
  [[nodiscard]] bool read(AbsoluteAddress from, std::span<u8> to) const;
  /// Copies in and tells the frames' owners; false (nothing stored) when any byte is outside main storage.
  /// Does not look at storage keys; reference and change bits are recorded.
  [[nodiscard]] bool write(AbsoluteAddress to, std::span<const u8> from);
  /// One big-endian number; nothing when any byte is outside main storage.
  template <typename T>
  std::optional<T> load(AbsoluteAddress a) const {
    if (!contains(a, sizeof(T))) return std::nullopt;
    return load_big<T>(bytes_ + a.value);
  }
  template <typename T>
  [[nodiscard]] bool store(AbsoluteAddress a, T value) {
    u8 bytes[sizeof(T)];
    store_big(bytes, value);
    return write(a, bytes);
  }
  /// All bytes zero, all keys zero (clear reset). Owners are told.
  void clear();

  FrameTable& frames() { return frames_; }
  const FrameTable& frames() const { return frames_; }

  /// Host address of an absolute address that `contains` holds for; valid to the end of its frame, for mmu and engines only.
  u8* host(AbsoluteAddress a) { return bytes_ + a.value; }
  const u8* host(AbsoluteAddress a) const { return bytes_ + a.value; }
  /// The inverse, for a pointer that came from `host`.
  AbsoluteAddress absolute(const u8* host) const { return {static_cast<u64>(host - bytes_)}; }

 private:
  AbsoluteStorage(u8* bytes, u64 size) : bytes_(bytes), size_(size), frames_(size / kPageSize) {}

  u8* bytes_;
  u64 size_;
  FrameTable frames_;
};

} // namespace siena::mmu
