// SPDX-License-Identifier: BSD-3-Clause
// What the translator has done so far, as text for people: blocks, how they were entered, and which instructions it leaves to their
// rows' functions (docs/jit.md).
#pragma once

#include "cpu/jit/engine.h"

#include <string>

namespace siena::machine {

/// Lines that end in '\n'. `engine` may be nullptr; `instructions`: all that were executed, by whatever engine.
std::string jit_report(const cpu::jit::Engine* engine, u64 instructions);

} // namespace siena::machine
