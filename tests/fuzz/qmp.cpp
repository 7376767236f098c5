// SPDX-License-Identifier: BSD-3-Clause
// Fuzz target: what a QMP client sends, after negotiation, to a machine that stands still. Whatever comes in, every line that goes out is
// a JSON object with an answer or an error, and nobody crashes.
#include "frontends/monitor/qmp_protocol.h"
#include "tests/frontends/monitor/monitored_machine.h"

#include <nlohmann/json.hpp>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace siena;
  using namespace siena::frontends::monitor;
  static frontends::monitor::testing::MonitoredMachine monitored{2};
  QmpProtocol protocol{monitored.subject, [](std::string_view line) {
                         const auto value = nlohmann::json::parse(line, nullptr, false);
                         if (!value.is_object() || value.contains("return") == value.contains("error")) std::abort();
                       }};
  static constexpr std::string_view kNegotiation = "{'execute':'qmp_capabilities'}";
  protocol.feed({reinterpret_cast<const u8*>(kNegotiation.data()), kNegotiation.size()});
  // In two pieces, since pieces are what a socket gives.
  const std::size_t half = size == 0 ? 0 : data[0] % size;
  protocol.feed({data, half});
  while (protocol.handle_next()) {
  }
  protocol.feed({data + half, size - half});
  while (protocol.handle_next()) {
  }
  return 0;
}
