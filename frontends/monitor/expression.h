// SPDX-License-Identifier: BSD-3-Clause
// Numbers as the monitor's commands take them: decimal, 0x..., registers of a CPU ($r0 to $r15, $c0 to $c15, $pc, $prefix), and sums and
// differences of them.
#pragma once

#include "cpu/cpu.h"

#include <optional>
#include <string_view>

namespace siena::frontends::monitor {

/// Nothing when the text is no such expression. Sums wrap at 64 bits.
std::optional<u64> evaluate(std::string_view text, const cpu::Cpu& cpu);

} // namespace siena::frontends::monitor
