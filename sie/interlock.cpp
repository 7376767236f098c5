// SPDX-License-Identifier: BSD-3-Clause
// The IPTE interlock: the first doubleword of the system control area keeps the guest's IPTE, IDTE, CSP, CSPG and CRDTE away while
// the SIE host walks the guest's translation tables, and the other way round.
//   |k:1|kh:31|kg:32|   k locked, kh holders at the SIE host, kg holders at the guest
// Simple form: k alone. Shared form (ECA): many holders on one side, never both sides. The SIE host's program changes the word
// with compare and swap on other CPUs, so here it is an interlocked update as well.
#include "sie/interlocked_update.h"
#include "sie/interpretive_execution.h"

namespace siena::sie {

using cpu::Cpu;
using cpu::Outcome;

namespace {

constexpr u64 kLocked = u64{1} << 63, kHostHolders = 0x7FFF'FFFF'0000'0000, kGuestHolders = 0xFFFF'FFFF;

} // namespace

std::optional<Outcome> InterpretiveExecution::lock(Cpu& cpu, Guest& g, u64 text) {
  if ((g.sd.ictl & ictl::kInvalidation) != 0) return intercept(cpu, g, text);
  if (g.control_area == 0) return std::nullopt;
  const bool shared = (g.sd.eca & eca::kSharedInterlock) != 0;
  const bool locked = interlocked_update<u64>(storage_, g.control_area, [&](u64 word) -> std::optional<u64> {
    if (shared) {
      if ((word & kHostHolders) != 0) return std::nullopt;
      return (word | kLocked) + 1;
    }
    if ((word & kLocked) != 0) return std::nullopt;
    return word | kLocked;
  });
  if (!locked) return intercept(cpu, g, text);
  g.interlocked = true;
  return std::nullopt;
}

void InterpretiveExecution::unlock(Guest& g) {
  g.interlocked = false;
  const bool shared = (g.sd.eca & eca::kSharedInterlock) != 0;
  (void)interlocked_update<u64>(storage_, g.control_area, [&](u64 word) -> std::optional<u64> {
    if (!shared) return word & ~kLocked;
    if ((word & kGuestHolders) != 0) --word;
    return (word & (kGuestHolders | kHostHolders)) != 0 ? word : word & ~kLocked;
  });
}

void InterpretiveExecution::after_interlocked(Cpu& cpu) {
  Guest& g = guest(cpu);
  if (g.interlocked) unlock(g);
}

} // namespace siena::sie
