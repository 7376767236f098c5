// SPDX-License-Identifier: BSD-3-Clause
// One client's conversation by the QEMU Machine Protocol (QEMU, *QMP specification*): greeting, negotiation, commands and their
// answers, events. Knows no socket: bytes in, lines out.
#pragma once

#include "frontends/monitor/event.h"
#include "frontends/monitor/json_stream.h"
#include "frontends/monitor/machine_commands.h"

#include <functional>
#include <span>
#include <string_view>

namespace siena::frontends::monitor {

class QmpProtocol {
 public:
  /// `send` gets whole lines.
  QmpProtocol(const Subject& subject, std::function<void(std::string_view)> send)
      : subject_(subject), send_(std::move(send)) {}

  void greet();
  void feed(std::span<const u8> bytes) { stream_.feed(bytes); }
  /// Carries out the first of what has come in and answers it; false when nothing is complete.
  bool handle_next();
  /// Told to clients that have negotiated.
  void announce(const Event& event);

 private:
  void handle(const std::string& text);
  void line(std::string text);

  const Subject& subject_;
  std::function<void(std::string_view)> send_;
  JsonStream stream_;
  bool negotiated_ = false;
};

} // namespace siena::frontends::monitor
