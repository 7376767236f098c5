// SPDX-License-Identifier: BSD-3-Clause
// The monitor at a terminal: edits a line, has it carried out, shows the answer.
#pragma once

#include "frontends/console/mux.h"
#include "frontends/monitor/human_commands.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace siena::frontends::monitor {

class HumanMonitor final : public console::TerminalUser {
 public:
  HumanMonitor(const Subject& subject, std::function<void(std::span<const u8>)> output)
      : commands_(subject), output_(std::move(output)) {}

  /// Shows the prompt.
  void entered() override;
  std::size_t receive(std::span<const u8> bytes) override;

 private:
  static constexpr std::size_t kLongestLine = 1024;

  void key(u8 byte);
  void print(std::string_view text);

  HumanCommands commands_;
  std::function<void(std::span<const u8>)> output_;
  std::string line_;
  bool greeted_ = false;
  bool in_sequence_ = false; ///< inside an escape sequence, such as a cursor key's
};

} // namespace siena::frontends::monitor
