// SPDX-License-Identifier: BSD-3-Clause
// The character devices of a configuration, opened and connected: consoles' output goes out, input goes into the machine's
// external events or to a monitor, through a multiplexer where there are several.
#pragma once

#include "base/result.h"
#include "devices/byte_sink.h"
#include "frontends/console/mux.h"
#include "frontends/monitor/human_monitor.h"
#include "host/character_device.h"
#include "machine/configuration.h"
#include "machine/external_events.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace siena::frontends::cli {

class Terminals {
 public:
  /// Opens what the configuration names. The loop must outlive the result.
  static Result<std::unique_ptr<Terminals>> open(const machine::Configuration& configuration, host::EventLoop& loop);
  ~Terminals();

  /// Where the output for `chardev` goes; valid as long as this object.
  devices::ByteSink& output(const std::string& chardev);
  /// From now on input arrives: at `machine`'s devices, and at monitors for `subject`, which outlives that.
  void connect(machine::ExternalEvents& machine, const monitor::Subject& subject);
  /// No input arrives any more; the machine may go.
  void disconnect();

  /// `observer` sees all that devices of the machine write, in order.
  void observe(std::function<void(std::span<const u8>)> observer) { observer_ = std::move(observer); }

  /// Lines that tell the user where pseudo-terminals are, in the words of QEMU that scripts look for.
  std::vector<std::string> announcements() const;
  /// Lines about output that was lost, except where the reader simply left.
  std::vector<std::string> losses() const;

 private:
  struct Terminal;
  Terminals() = default;

  std::map<std::string, std::unique_ptr<Terminal>> terminals_;
  std::function<void(std::span<const u8>)> observer_;
};

} // namespace siena::frontends::cli
