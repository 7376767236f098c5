// SPDX-License-Identifier: BSD-3-Clause
#include "sie/guest_page.h"

#include <atomic>

namespace siena::sie {

GuestPage find_page(HostSpace& space, const mmu::AbsoluteStorage& storage, u64 guest_absolute) {
  constexpr u64 kStatusOffset = 0x800, kFormatControl = 0x400;
  GuestPage page;
  page.translation = space.translate(guest_absolute & kPageMask, mmu::Access::Fetch);
  const mmu::Translation& t = page.translation;
  page.resident = t.ok();
  page.frame = t.page;
  const bool invalid_page = t.owner == mmu::Owner::SieHost && t.fault == mmu::fault::kPageTranslation;
  if (!t.ok() && !(invalid_page && t.host_leaf != 0)) return page;
  page.kind = GuestPage::Kind::Frame;
  if (t.host_leaf == 0) return page;
  // The entry of a large frame has its format control where a page-table entry has its invalid bit, which is zero here.
  if (t.ok() && (storage.load<u64>({t.host_leaf}).value_or(0) & kFormatControl) != 0) return page;
  page.kind = GuestPage::Kind::Entry;
  page.status = {t.host_leaf + kStatusOffset};
  return page;
}

PageStatus::PageStatus(mmu::AbsoluteStorage& storage, AbsoluteAddress at) : storage_(storage), at_(at) {
  if (!storage.contains(at, 8)) return;
  std::atomic_ref<u64> word(*reinterpret_cast<u64*>(storage.host(at)));
  old_ = big_to_host(word.fetch_or(big_to_host(page_status::kLock)));
  locked_ = (old_ & page_status::kLock) == 0;
  value = old_;
}

PageStatus::~PageStatus() {
  if (!locked_) return;
  std::atomic_ref<u64> word(*reinterpret_cast<u64*>(storage_.host(at_)));
  word.store(big_to_host(value & ~page_status::kLock));
  if (value == old_) return;
  storage_.frames().set_reference_and_change(at_);
  if (storage_.frames().armed(at_)) storage_.frames().notify_store(at_, 8);
}

} // namespace siena::sie
