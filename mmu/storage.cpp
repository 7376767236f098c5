// SPDX-License-Identifier: BSD-3-Clause
#include "mmu/storage.h"

#include <cstring>
#include <sys/mman.h>

namespace siena::mmu {

Result<std::unique_ptr<AbsoluteStorage>> AbsoluteStorage::create(u64 size) {
  // A private anonymous mapping without reservation is sparse; the host only pays for what was touched.
  void* p = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return ConfigurationError{"-m: the host cannot provide that much storage"};
  // Guests walk all over their storage; with large pages of the host that costs far fewer of its TLB misses. Only a hint.
  (void)madvise(p, size, MADV_HUGEPAGE);
  return std::unique_ptr<AbsoluteStorage>(new AbsoluteStorage(static_cast<u8*>(p), size));
}

AbsoluteStorage::~AbsoluteStorage() { munmap(bytes_, size_); }

bool AbsoluteStorage::read(AbsoluteAddress from, std::span<u8> to) const {
  if (!contains(from, to.size())) return false;
  if (!to.empty()) std::memcpy(to.data(), bytes_ + from.value, to.size());
  return true;
}

bool AbsoluteStorage::write(AbsoluteAddress to, std::span<const u8> from) {
  if (!contains(to, from.size())) return false;
  if (from.empty()) return true;
  std::memcpy(bytes_ + to.value, from.data(), from.size());
  for (u64 page = to.page().value; page < to.value + from.size(); page += kPageSize)
    frames_.set_reference_and_change({page});
  frames_.notify_store(to, from.size());
  return true;
}

void AbsoluteStorage::clear() {
  // Dropping the pages gives them back to the host and reads as zero.
  madvise(bytes_, size_, MADV_DONTNEED);
  frames_.notify_store({0}, size_);
  for (u64 page = 0; page < size_; page += kPageSize) {
    frames_.set_key({page}, 0);
    frames_.set_page_state({page}, 0);
  }
}

} // namespace siena::mmu
