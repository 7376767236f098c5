// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/human_monitor.h"

namespace siena::frontends::monitor {

void HumanMonitor::entered() {
  if (!greeted_) print("\r\nSiena monitor - type 'help' for more information");
  greeted_ = true;
  line_.clear();
  print("\r\n(siena) ");
}

std::size_t HumanMonitor::receive(std::span<const u8> bytes) {
  for (const u8 byte : bytes) key(byte);
  return bytes.size();
}

void HumanMonitor::key(u8 byte) {
  if (in_sequence_) { // ESC [ parameters letter
    if (byte >= 0x40 && byte != '[' && byte != 'O') in_sequence_ = false;
    return;
  }
  switch (byte) {
  case 0x1B: in_sequence_ = true; return;
  case '\r':
  case '\n': {
    print("\r\n");
    std::string line;
    line.swap(line_);
    print(with_carriage_returns(commands_.execute(line)));
    print("(siena) ");
    return;
  }
  case 0x08:
  case 0x7F:
    if (line_.empty()) return;
    line_.pop_back();
    print("\b \b");
    return;
  case 0x15: // Ctrl-U
    while (!line_.empty()) key(0x7F);
    return;
  default:
    if (byte < 0x20 || line_.size() >= kLongestLine) return;
    line_ += static_cast<char>(byte);
    output_({&byte, 1});
  }
}

void HumanMonitor::print(std::string_view text) {
  if (!text.empty()) output_({reinterpret_cast<const u8*>(text.data()), text.size()});
}

} // namespace siena::frontends::monitor
