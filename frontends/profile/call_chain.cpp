// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/profile/call_chain.h"

#include <optional>

namespace siena::frontends::profile {

namespace {
/// Where a frame has the back chain, and where its caller's frame has the return address (ABI supplement for z/Architecture, *The
/// Stack Frame*; gcc's -mpacked-stack, which Debian's kernels are compiled with).
struct Layout {
  u64 back_chain, return_address;
};
constexpr Layout kPacked = {152, 136}, kStandard = {0, 112};

std::optional<u64> load(cpu::Cpu& cpu, u64 address, u64 length) {
  cpu::AccessMode mode = cpu.current_mode();
  mode.key = 0;
  const u64 at = address & cpu.address_mask();
  if ((at & ~kPageMask) > kPageSize - length) return std::nullopt;
  const auto found = cpu.resolve({at, 0}, cpu::Access::Fetch, mode);
  u8 bytes[8] = {};
  if (!found.translation.ok() ||
      !cpu.storage().read({found.translation.page.value + (at & ~kPageMask)}, std::span{bytes}.first(length)))
    return std::nullopt;
  return load_big<u64>(bytes) >> (64 - 8 * length);
}

/// BRASL or BASR with general register 14.
bool call_before(cpu::Cpu& cpu, u64 address) {
  if ((address & 1) != 0 || address < 6) return false;
  if (const auto text = load(cpu, address - 6, 2); text == 0xC0E5u) return true;
  const auto text = load(cpu, address - 2, 2);
  return text && (*text & 0xFFF0) == 0x0DE0;
}

struct Caller {
  u64 frame, address;
};
/// Nothing when `frame` has no plausible caller in that layout.
std::optional<Caller> caller(cpu::Cpu& cpu, u64 frame, const Layout& layout) {
  const auto back = load(cpu, frame + layout.back_chain, 8);
  if (!back || *back == 0 || (*back & 7) != 0 || *back == frame) return std::nullopt;
  const auto address = load(cpu, *back + layout.return_address, 8);
  if (!address || !call_before(cpu, *address)) return std::nullopt;
  return Caller{*back, *address};
}
} // namespace

CallChain call_chain(cpu::Cpu& cpu) {
  CallChain chain;
  if (call_before(cpu, cpu.gr[14])) chain.link = cpu.gr[14];
  u64 frame = cpu.gr[15];
  if ((frame & 7) != 0) return chain;
  // One program has one layout; the innermost frame tells which.
  const Layout* layout = &kPacked;
  auto next = caller(cpu, frame, kPacked);
  if (!next) {
    layout = &kStandard;
    next = caller(cpu, frame, kStandard);
  }
  for (; next && chain.returns.size() < kLongestChain; next = caller(cpu, next->frame, *layout))
    chain.returns.push_back(next->address);
  return chain;
}

} // namespace siena::frontends::profile
