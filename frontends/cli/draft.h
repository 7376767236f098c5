// SPDX-License-Identifier: BSD-3-Clause
// A configuration in the making, and the options that fill it. What options imply for each other (defaults, references by
// id) waits until all have been read: see defaults.cpp.
#pragma once

#include "frontends/cli/values.h"
#include "machine/configuration.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::cli {

struct Draft {
  machine::Configuration configuration;
  std::optional<std::string> text; ///< to be printed instead of running
  std::vector<std::string> accelerators;
  std::vector<std::string> serials;            ///< arguments of -serial, in order
  std::vector<std::string> monitors;           ///< arguments of -monitor, in order
  std::vector<std::string> qmp;                ///< arguments of -qmp, in order
  std::vector<machine::MonitorSocket> sockets; ///< character devices that are sockets: for monitors only
  bool no_defaults = false;
  bool no_graphic = false;
  bool display_none = false;
  bool snapshot = false;
};

/// How an option reads its argument. `option` is its name with the dash, for messages; `argument` is empty when it has none.
using OptionFunction = Problem (*)(Draft& draft, std::string_view option, std::string_view argument);

// options_machine.cpp
Problem read_storage(Draft&, std::string_view option, std::string_view argument);
Problem read_cpus(Draft&, std::string_view option, std::string_view argument);
Problem read_machine(Draft&, std::string_view option, std::string_view argument);
Problem read_accelerator(Draft&, std::string_view option, std::string_view argument);
Problem read_cpu_model(Draft&, std::string_view option, std::string_view argument);
Problem read_name(Draft&, std::string_view option, std::string_view argument);
Problem read_uuid(Draft&, std::string_view option, std::string_view argument);
Problem read_real_time_clock(Draft&, std::string_view option, std::string_view argument);
Problem read_seed(Draft&, std::string_view option, std::string_view argument);
Problem read_time_mode(Draft&, std::string_view option, std::string_view argument);
Problem read_engine(Draft&, std::string_view option, std::string_view argument);
Problem read_action(Draft&, std::string_view option, std::string_view argument);
Problem read_gdb(Draft&, std::string_view option, std::string_view argument);

// options_trace.cpp
Problem read_trace(Draft&, std::string_view option, std::string_view argument);
Problem read_trace_file(Draft&, std::string_view option, std::string_view argument);
Problem read_address_filter(Draft&, std::string_view option, std::string_view argument);
Problem read_trace_filter(Draft&, std::string_view option, std::string_view argument);
/// What is traced when -trace is given without -d.
void choose_default_trace(machine::Configuration& configuration);

// options_devices.cpp
Problem read_display(Draft&, std::string_view option, std::string_view argument);
Problem read_chardev(Draft&, std::string_view option, std::string_view argument);
Problem read_serial(Draft&, std::string_view option, std::string_view argument);
Problem read_device(Draft&, std::string_view option, std::string_view argument);
Problem read_drive(Draft&, std::string_view option, std::string_view argument);
Problem read_disk_image(Draft&, std::string_view option, std::string_view argument);
Problem read_cdrom_image(Draft&, std::string_view option, std::string_view argument);
Problem read_object(Draft&, std::string_view option, std::string_view argument);
Problem read_network(Draft&, std::string_view option, std::string_view argument);

// options_watching.cpp
Problem read_symbols(Draft&, std::string_view option, std::string_view argument);
Problem read_profile(Draft&, std::string_view option, std::string_view argument);

// options_monitors.cpp
Problem read_monitor(Draft&, std::string_view option, std::string_view argument);
Problem read_mon(Draft&, std::string_view option, std::string_view argument);
Problem read_qmp(Draft&, std::string_view option, std::string_view argument);
/// -chardev socket: the properties but the kind.
Problem read_socket(Draft&, std::string_view option, machine::Properties properties);
/// The monitors that were asked for, once all character devices are known.
Problem add_monitors(Draft&);

/// Adds the devices that other options stand for and the defaults, and checks what refers to what (defaults.cpp).
Problem finish(Draft& draft);

/// The character device that an argument of -serial or -monitor describes, added to the draft as `id` unless it exists
/// already. Gives its id, or an empty one for `none`.
Result<std::string>
chardev_of_argument(Draft& draft, std::string_view option, std::string_view argument, std::string_view id);

} // namespace siena::frontends::cli
