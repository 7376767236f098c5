// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/storage.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace siena::frontends::gdb {

namespace {
std::optional<AbsoluteAddress> page_of(cpu::Cpu& cpu, u64 address, bool store) {
  cpu::AccessMode mode = cpu.current_mode();
  mode.key = 0;
  const auto found = cpu.resolve({address, 0}, cpu::Access::Fetch, mode);
  if (!found.translation.ok()) return std::nullopt;
  // A page that the SIE host has mapped read-only may be shared with others: not even a debugger stores there.
  if (store && cpu.interpretive() && !found.translation.writable) return std::nullopt;
  return found.translation.page;
}

u64 to_page_end(u64 address, std::size_t wanted) { return std::min<u64>(wanted, kPageSize - (address & ~kPageMask)); }
} // namespace

std::size_t read_storage(cpu::Cpu& cpu, u64 address, std::span<u8> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    const u64 at = (address + done) & cpu.address_mask();
    const auto page = page_of(cpu, at, false);
    if (!page) break;
    const u64 length = to_page_end(at, to.size() - done);
    if (!cpu.storage().read({page->value + (at & ~kPageMask)}, to.subspan(done, length))) break;
    done += length;
  }
  return done;
}

bool write_storage(cpu::Cpu& cpu, u64 address, std::span<const u8> from) {
  std::vector<AbsoluteAddress> pages;
  for (std::size_t done = 0; done < from.size();) {
    const u64 at = (address + done) & cpu.address_mask();
    const auto page = page_of(cpu, at, true);
    if (!page || !cpu.storage().contains(*page, kPageSize)) return false;
    pages.push_back(*page);
    done += to_page_end(at, from.size() - done);
  }
  std::size_t done = 0;
  for (const AbsoluteAddress page : pages) {
    const u64 at = (address + done) & cpu.address_mask();
    const u64 length = to_page_end(at, from.size() - done);
    if (!cpu.storage().write({page.value + (at & ~kPageMask)}, from.subspan(done, length))) return false;
    done += length;
  }
  return true;
}

} // namespace siena::frontends::gdb
