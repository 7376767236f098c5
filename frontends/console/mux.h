// SPDX-License-Identifier: BSD-3-Clause
// One terminal for several users (consoles and the monitor), with QEMU's escape: Ctrl-A and a letter. Everybody's output is
// shown; input goes to the one in focus.
#pragma once

#include "host/character_device.h"

#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace siena::frontends::console {

/// Somebody who reads a terminal.
class TerminalUser : public host::ByteReceiver {
 public:
  /// Input comes here from now on.
  virtual void entered() {}
};

class Mux final : public host::ByteReceiver {
 public:
  static constexpr u8 kEscape = 0x01; // Ctrl-A

  /// `quit` is called for Ctrl-A x. `output` takes all it is given; it must outlive the mux.
  Mux(std::function<void(std::span<const u8>)> output, std::function<void()> quit)
      : output_(std::move(output)), quit_(std::move(quit)) {}

  /// The first one has the focus. Users must outlive the mux.
  void add(TerminalUser& user) { users_.push_back(&user); }

  std::size_t receive(std::span<const u8> bytes) override;

 private:
  void command(u8 letter);
  void print(std::string_view text);

  std::function<void(std::span<const u8>)> output_;
  std::function<void()> quit_;
  std::vector<TerminalUser*> users_;
  std::size_t focus_ = 0;
  bool escaped_ = false;
};

} // namespace siena::frontends::console
