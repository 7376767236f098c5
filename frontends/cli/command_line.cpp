// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/command_line.h"

#include "frontends/cli/draft.h"
#include "frontends/cli/nearest.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::cli {

namespace {
using machine::Configuration;

/// An option that sets one text of the configuration.
template <std::string Configuration::*member>
Problem set_text(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument.empty() && member != &Configuration::append) return usage_error(option, "the name is empty");
  draft.configuration.*member = argument;
  return std::nullopt;
}

template <bool Configuration::*member>
Problem set_switch(Draft& draft, std::string_view, std::string_view) {
  draft.configuration.*member = true;
  return std::nullopt;
}

template <bool Draft::*member>
Problem set_draft_switch(Draft& draft, std::string_view, std::string_view) {
  draft.*member = true;
  return std::nullopt;
}

Problem listen_for_gdb(Draft& draft, std::string_view, std::string_view) {
  draft.configuration.gdb = machine::GdbListen{};
  return std::nullopt;
}

Problem show_version(Draft& draft, std::string_view, std::string_view) {
  draft.text = "siena " SIENA_VERSION "\n";
  return std::nullopt;
}

Problem accept(Draft&, std::string_view, std::string_view) { return std::nullopt; }

Problem accept_none(Draft&, std::string_view option, std::string_view argument) {
  if (argument == "none" || argument == "off") return std::nullopt;
  return usage_error(option, fmt::format("'{}' is not supported", argument));
}

Problem show_help(Draft& draft, std::string_view, std::string_view);

struct Option {
  std::string_view name;
  std::string_view argument; ///< what its argument is called; empty: it takes none
  OptionFunction read;
  std::string_view help; ///< empty: QEMU has it and it has no meaning here, so that it is accepted but not shown
};

constexpr Option kOptions[] = {
    {"kernel",
     "FILE",
     set_text<&Configuration::kernel>,
     "IPL this kernel: a bzImage, an s390x ELF file, or a flat image"},
    {"initrd", "FILE", set_text<&Configuration::initrd>, "initial RAM disk for the kernel"},
    {"append", "TEXT", set_text<&Configuration::append>, "the kernel's command line"},
    {"m", "[size=]SIZE", read_storage, "main storage, in MiB or with a suffix: 512, 512M, 4G (default 128M)"},
    {"smp", "[cpus=]N", read_cpus, "number of CPUs (default 1); also maxcpus=, sockets=, cores=, threads="},
    {"cpu", "MODEL[,FEATURE=on|off]", read_cpu_model, "CPU model; 'help' lists them (default max)"},
    {"machine",
     "[type=]TYPE[,...]",
     read_machine,
     "s390-ccw-virtio; identity=kvm|lpar, loadparm=TEXT, shadow-tracking=on|off"},
    {"M", "TYPE", read_machine, "the same as -machine"},
    {"accel", "tcg", read_accelerator, "there is one accelerator; its properties have no meaning here"},
    {"engine",
     "interpreter|jit|jit-calls-only|jit-single",
     read_engine,
     "how instructions are executed (jit where the host can)"},
    {"name", "TEXT", read_name, "the guest's name"},
    {"uuid", "UUID", read_uuid, "the guest's UUID"},
    {"bios", "FILE", set_text<&Configuration::firmware>, "firmware to IPL instead of a kernel"},
    {"rtc", "base=utc|DATE", read_real_time_clock, "date at IPL: the host's, or one such as 2026-01-31T12:00:00"},
    {"seed", "N", read_seed, "seed of everything random; a run with the same seed, date and input is the same run"},
    {"time", "MODE", read_time_mode, "deterministic (default), warp (idle time is skipped), wall (the host's clock)"},
    {"nographic", "", set_draft_switch<&Draft::no_graphic>, "console and monitor on the terminal; Ctrl-A h for help"},
    {"display", "none", read_display, "no window"},
    {"nodefaults", "", set_draft_switch<&Draft::no_defaults>, "no console or monitor unless asked for"},
    {"serial", "DEVICE", read_serial, "console on stdio, mon:stdio, pty, file:NAME, null, none or chardev:ID"},
    {"monitor", "DEVICE", read_monitor, "monitor, likewise"},
    {"mon", "[chardev=]ID", read_mon, "monitor on a character device; mode=control for QMP"},
    {"qmp", "unix:PATH", read_qmp, "QMP there, or at tcp:[ADDRESS]:PORT; server=on,wait=off not to wait for a client"},
    {"chardev", "KIND,id=ID[,...]", read_chardev, "character device: stdio, file, pty or null; mux=on to share it"},
    {"device", "DRIVER[,...]", read_device, "device; 'help' lists drivers, 'DRIVER,help' its properties"},
    {"drive", "file=NAME[,...]", read_drive, "disk image; format=raw, if=virtio|none, id=, readonly=on, snapshot=on"},
    {"hda", "FILE", read_disk_image, "disk image, as -drive file=FILE"},
    {"hdb", "FILE", read_disk_image, "the same"},
    {"hdc", "FILE", read_disk_image, "the same"},
    {"hdd", "FILE", read_disk_image, "the same"},
    {"cdrom", "FILE", read_cdrom_image, "disk image that cannot be written"},
    {"snapshot", "", set_draft_switch<&Draft::snapshot>, "what is written to disks is lost at the end"},
    {"object", "TYPE,id=ID[,...]", read_object, "rng-builtin, or rng-random with filename="},
    {"nic", "none", read_network, "no network"},
    {"net", "none", read_network, "no network"},
    {"netdev", "none", read_network, ""},
    {"no-reboot", "", set_switch<&Configuration::no_reboot>, "end when the guest wants to be re-IPLed"},
    {"no-shutdown", "", set_switch<&Configuration::no_shutdown>, "stop instead of ending when the guest powers off"},
    {"action", "EVENT=ACTION", read_action, "panic= and hang=exit-failure|shutdown|pause|none, reboot=, shutdown="},
    {"S",
     "",
     set_switch<&Configuration::start_stopped>,
     "do not start the CPUs; the monitor's cont or a debugger does"},
    {"gdb", "tcp:[ADDRESS]:PORT", read_gdb, "listen for gdb there (ADDRESS is 127.0.0.1 if left out); or unix:PATH"},
    {"s", "", listen_for_gdb, "-gdb tcp::1234"},
    {"d", "ITEM[,...]", read_trace, "log items; 'help' lists them"},
    {"D", "FILE", set_text<&Configuration::trace_file>, "log into this file instead of stderr"},
    {"dfilter", "RANGE[,...]", read_address_filter, "log only where the PSW is in a range A..B, A+LENGTH or A-LENGTH"},
    {"trace",
     "[file=]FILE.json",
     read_trace_file,
     "log as JSON for ui.perfetto.dev (default -d int,sie,sigp,sclp,ccw,virtio)"},
    {"trace-filter", "KEY=VALUE[,...]", read_trace_filter, "log only cpu=N[-M], level=0|1, count=N events after=N"},
    {"ready",
     "TEXT",
     set_text<&Configuration::ready_text>,
     "note when a guest prints TEXT; a table follows at the end"},
    {"state-hash",
     "",
     set_switch<&Configuration::show_state_hash>,
     "print a number made of all registers and storage at the end"},
    {"sie-report",
     "",
     set_switch<&Configuration::show_sie_report>,
     "print what SIE has done and which shadows were made at the end; the monitor's info sie"},
    {"jit-report",
     "",
     set_switch<&Configuration::show_jit_report>,
     "print what the translator has done and which instructions it left to their functions at the end"},
    {"perfmap", "", set_switch<&Configuration::perf_map>, "tell perf about translated code, in /tmp/perf-PID.map"},
    {"symbols",
     "[depth=N,]FILE|auto",
     read_symbols,
     "symbols of a guest's kernel: a vmlinux, a text of /proc/kallsyms, or auto: from its storage; save=FILE"},
    {"profile",
     "FILE[,interval=N]",
     read_profile,
     "where time goes, sampled every N cycles: a table, and FILE.svg; or FILE.folded"},
    {"coverage",
     "FILE",
     set_text<&Configuration::coverage_file>,
     "which instructions were executed; scripts/coverage makes an lcov file of it"},
    {"identify",
     "",
     set_switch<&Configuration::identify>,
     "print what the guest would be told about the machine, and end"},
    {"pidfile", "FILE", set_text<&Configuration::pidfile>, "put the process id into this file"},
    {"help", "", show_help, "this text"},
    {"h", "", show_help, "this text"},
    {"version", "", show_version, "the version"},
    {"boot", "ORDER", accept, ""},
    {"vga", "none", accept_none, ""},
    {"parallel", "none", accept_none, ""},
    {"sandbox", "off", accept_none, ""},
    {"k", "LANGUAGE", accept, ""},
    {"msg", "SETTING", accept, ""},
    {"icount", "SETTING", accept, ""},
    {"overcommit", "SETTING", accept, ""},
    {"mem-path", "FILE", accept, ""},
    {"mem-prealloc", "", accept, ""},
    {"no-user-config", "", accept, ""},
    {"watchdog-action", "ACTION", accept, ""},
};

Problem show_help(Draft& draft, std::string_view, std::string_view) {
  std::string text =
      "Siena, an s390x machine in software\n\nusage: siena [options] [disk image]\n\n"
      "Without a kernel or a disk it runs the built-in guest, which shows itself and a guest of its own.\n\n"
      "Options are QEMU's, with one dash or two:\n";
  for (const auto& option : kOptions) {
    if (option.help.empty()) continue;
    const std::string left = fmt::format("-{} {}", option.name, option.argument);
    text += fmt::format("  {:29} {}\n", left, option.help);
  }
  text += "\nAccepted without effect, so that QEMU's command lines work:\n ";
  for (const auto& option : kOptions)
    if (option.help.empty()) text += fmt::format(" -{}", option.name);
  text += "\n\nExit status: 0 the guest powered off, 2 bad usage, 125 Siena failed, 126 the guest ended in a disabled "
          "wait.\n";
  draft.text = std::move(text);
  return std::nullopt;
}

const Option* find_option(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kOptions), std::end(kOptions), [name](const auto& o) { return o.name == name; });
  return found == std::end(kOptions) ? nullptr : found;
}

ConfigurationError unknown_option(std::string_view argument, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& option : kOptions) names.push_back(option.name);
  const auto equals = name.find('=');
  if (const Option* meant = find_option(name.substr(0, equals)); meant != nullptr && equals != std::string_view::npos)
    return usage_error(argument, fmt::format("unknown option; write '-{} {}'", meant->name, name.substr(equals + 1)));
  return usage_error(argument, fmt::format("unknown option{}", did_you_mean(name, names, "-")));
}
} // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments) {
  Draft draft;
  for (std::size_t i = 0; i < arguments.size(); i++) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with('-')) {
      if (auto wrong = read_disk_image(draft, fmt::format("'{}'", argument), argument)) return *wrong;
      continue;
    }
    const std::string_view name = std::string_view{argument}.substr(argument.starts_with("--") ? 2 : 1);
    const Option* option = find_option(name);
    if (option == nullptr) return unknown_option(argument, name);
    std::string_view value;
    if (!option->argument.empty()) {
      if (++i == arguments.size()) return usage_error(argument, fmt::format("{} is missing", option->argument));
      value = arguments[i];
    }
    if (auto wrong = option->read(draft, argument, value)) return *wrong;
    if (draft.text) return CommandLine{.configuration = {}, .text = std::move(draft.text)};
  }
  if (auto wrong = finish(draft)) return *wrong;
  return CommandLine{.configuration = std::move(draft.configuration), .text = std::nullopt};
}

} // namespace siena::frontends::cli
