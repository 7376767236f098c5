// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/dump/guest_source.h"

#include <algorithm>

namespace siena::frontends::dump {

namespace {
namespace fault = mmu::fault;

constexpr u64 kSegment = u64{1} << 20, kRegion = u64{1} << 31;
/// Tables that refer to themselves can have any number of entries.
constexpr unsigned kMostLooks = 1 << 24;

/// How many bytes have no page when one of them ends in that fault; 0: all that follow.
u64 extent_of(u16 code) {
  switch (code) {
  case fault::kPageTranslation: return kPageSize;
  case fault::kSegmentTranslation: return kSegment;
  case fault::kRegionThird: return kRegion;
  case fault::kRegionSecond: return u64{1} << 42;
  case fault::kRegionFirst: return u64{1} << 53;
  case fault::kAsceType: return 0;
  default: return kPageSize; // a table or a frame outside storage, an entry that is none
  }
}
} // namespace

u64 GuestSource::behind(u64 address, u16 code) const {
  const u64 extent = extent_of(code);
  if (extent == 0) return 0;
  const u64 in_host = space_.origin + address;
  const u64 next = (in_host | (extent - 1)) + 1 - space_.origin;
  return next > address ? next : 0;
}

void GuestSource::add(u64 start, u64 end) {
  if (ranges_.empty() && start < kRegion) ranges_.push_back({});
  if (ranges_.empty() || start - ranges_.back().end() >= kRegion) ranges_.push_back({.start = start, .length = 0});
  length_ += end - ranges_.back().end();
  ranges_.back().length = end - ranges_.back().start;
}

Result<GuestSource>
GuestSource::create(const mmu::AbsoluteStorage& storage, const Space& space, std::vector<CpuState> cpus) {
  GuestSource source{storage, space, std::move(cpus)};
  u64 address = 0;
  for (unsigned looks = 0;; ++looks) {
    const auto found = space.tables.translate(address, mmu::Access::Fetch);
    const bool present = found.ok() || extent_of(found.fault) == kPageSize;
    const u64 next = source.behind(address, present ? fault::kSegmentTranslation : found.fault);
    if (present && next != 0) {
      const u64 end = next - 1 > space.last ? (space.last + 1) & kPageMask : next;
      source.add(address, end);
    }
    if (next == 0 || next > space.last) break;
    if (source.length_ > kMostStorage || looks == kMostLooks)
      return ConfigurationError{.message =
                                    "the guest's storage has no end: its SIE host's tables are not those of a guest"};
    address = next;
  }
  return source;
}

u64 GuestSource::read(u64 address, std::span<u8> to) const {
  u64 missing = 0;
  for (std::size_t done = 0; done < to.size();) {
    const u64 at = address + done, left = to.size() - done;
    const auto found = space_.tables.translate(at & kPageMask, mmu::Access::Fetch);
    u64 length = std::min(left, kPageSize - at % kPageSize);
    if (!found.ok() || !storage_.read({found.page.value + at % kPageSize}, to.subspan(done, length))) {
      if (const u64 next = behind(at, found.fault); !found.ok()) length = next == 0 ? left : std::min(left, next - at);
      std::fill_n(to.begin() + static_cast<std::ptrdiff_t>(done), length, u8{0});
      missing += length;
    }
    done += length;
  }
  return missing;
}

} // namespace siena::frontends::dump
