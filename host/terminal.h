// SPDX-License-Identifier: BSD-3-Clause
// The terminal on standard input in raw mode: every key at once, no echo, nothing translated on the way in.
#pragma once

#include "base/types.h"

namespace siena::host {

/// Raw mode for as long as it lives, if standard input is a terminal; nothing otherwise. One per program, since there is one
/// standard input.
class RawTerminal {
 public:
  /// With `signals`, Ctrl-C, Ctrl-\ and Ctrl-Z keep sending signals; without, they are bytes like all others.
  explicit RawTerminal(bool signals);
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
};

/// For signal handlers: the terminal as the RawTerminal found it, and raw again. Nothing when there is none.
void restore_terminal();
void reenter_raw_terminal();

} // namespace siena::host
