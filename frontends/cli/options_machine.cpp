// SPDX-License-Identifier: BSD-3-Clause
// Options about the machine as a whole: storage, CPUs, identity, time, life cycle, watching.
#include "frontends/cli/draft.h"

#include "frontends/cli/nearest.h"
#include "machine/cpu_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace siena::frontends::cli {

namespace {
using machine::Properties;

template <typename T>
struct Choice {
  std::string_view name;
  T value;
};

/// Sets `target` to the choice called `text`.
template <typename T, std::size_t N>
Problem choose(std::string_view option, std::string_view text, const Choice<T> (&choices)[N], T& target) {
  std::array<std::string_view, N> names;
  for (std::size_t i = 0; i < N; i++) {
    if (choices[i].name == text) {
      target = choices[i].value;
      return std::nullopt;
    }
    names[i] = choices[i].name;
  }
  return usage_error(option, fmt::format("'{}' is none of {}", text, fmt::join(names, ", ")));
}

/// A positive number in `properties`, which stays absent if it is.
Problem
read_count(std::string_view option, const Properties& properties, std::string_view key, std::optional<u64>& to) {
  const std::string* text = machine::find_property(properties, key);
  if (text == nullptr) return std::nullopt;
  to = parse_number(*text);
  if (!to) return usage_error(option, fmt::format("{}={}: not a number", key, *text));
  if (*to == 0) return usage_error(option, fmt::format("{}=0: a machine needs at least one CPU", key));
  return std::nullopt;
}

bool is_machine_type(std::string_view type) {
  static constexpr std::string_view kType = "s390-ccw-virtio";
  if (!type.starts_with(kType)) return type == "s390-ccw" || type == "s390";
  type.remove_prefix(kType.size());
  if (type.empty()) return true;
  // A version of QEMU's, as scripts give it to keep what the guest sees; ours has one version.
  const auto version = type.substr(1);
  return type[0] == '-' && !version.empty() && version.find_first_not_of("0123456789.") == std::string_view::npos;
}

Problem read_loadparm(std::string_view option, std::string text, std::string& to) {
  std::transform(
      text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (text.size() > 8 || text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789. ") != std::string::npos)
    return usage_error(option, fmt::format("loadparm='{}': not up to eight of A-Z, 0-9, dot and blank", text));
  to = std::move(text);
  return std::nullopt;
}
} // namespace

Problem read_storage(Draft& draft, std::string_view option, std::string_view argument) {
  auto properties = parse_properties(option, argument, "size");
  if (!properties) return properties.error();
  if (auto wrong = check_keys(option, properties.value(), {"size", "slots", "maxmem"})) return wrong;
  const std::string* text = machine::find_property(properties.value(), "size");
  if (text == nullptr) return usage_error(option, "size= is missing");
  const auto size = parse_size(*text, machine::kMebibyte);
  if (!size) return usage_error(option, fmt::format("'{}' is not a size such as 512, 512M or 4G", *text));
  if (auto wrong = machine::check_storage_size(*size, option)) return wrong;
  if (const std::string* most = machine::find_property(properties.value(), "maxmem")) {
    const auto limit = parse_size(*most, machine::kMebibyte);
    if (!limit || *limit < *size)
      return usage_error(option, fmt::format("maxmem={}: not a size from {} on", *most, *text));
  }
  draft.configuration.storage_size = *size;
  return std::nullopt;
}

Problem read_cpus(Draft& draft, std::string_view option, std::string_view argument) {
  auto properties = parse_properties(option, argument, "cpus");
  if (!properties) return properties.error();
  static constexpr std::array<std::string_view, 7> kLevels = {
      "drawers", "books", "sockets", "dies", "clusters", "cores", "threads"};
  if (auto wrong =
          check_keys(option,
                     properties.value(),
                     {"cpus", "maxcpus", "drawers", "books", "sockets", "dies", "clusters", "cores", "threads"}))
    return wrong;
  std::optional<u64> cpus, most;
  if (auto wrong = read_count(option, properties.value(), "cpus", cpus)) return wrong;
  if (auto wrong = read_count(option, properties.value(), "maxcpus", most)) return wrong;
  std::map<std::string_view, std::optional<u64>> given;
  for (const auto level : kLevels)
    if (auto wrong = read_count(option, properties.value(), level, given[level])) return wrong;
  constexpr u64 kBeyond = machine::kMaximumCpuCount + 1;
  const auto product = [&] {
    u64 places = 1;
    for (const auto level : kLevels) places = std::min(places * std::min(given[level].value_or(1), kBeyond), kBeyond);
    return places;
  };
  // Of what is left open, cores make up the number of CPUs; when they are given, sockets; then threads.
  if (cpus || most)
    for (const auto open : {"cores", "sockets", "threads"})
      if (!given[open]) {
        given[open] = std::max<u64>(1, most.value_or(cpus.value_or(1)) / product());
        break;
      }
  const u64 maximum = most.value_or(cpus && product() <= *cpus ? *cpus : product());
  const u64 count = cpus.value_or(maximum);
  if (auto wrong = machine::check_cpu_count(count, option)) return wrong;
  if (auto wrong = machine::check_cpu_count(maximum, option)) return wrong;
  if (count > maximum)
    return usage_error(option, fmt::format("{} CPUs are more than the maximum of {}", count, maximum));
  if (product() != maximum)
    return usage_error(option, fmt::format("the topology has {} CPUs, the machine at most {}", product(), maximum));
  const auto number = [&](std::string_view level) { return static_cast<unsigned>(given[level].value_or(1)); };
  draft.configuration.topology = {number("drawers"),
                                  number("books"),
                                  number("sockets"),
                                  number("dies") * number("clusters") * number("cores") * number("threads")};
  draft.configuration.cpu_count = static_cast<unsigned>(count);
  draft.configuration.maximum_cpu_count = static_cast<unsigned>(maximum);
  return std::nullopt;
}

Problem read_machine(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument == "help") {
    draft.text = "Supported machines are:\ns390-ccw-virtio      virtual channel I/O machine (default)\n"
                 "Properties: identity=kvm|lpar, loadparm=TEXT, shadow-tracking=on|off, kernel=, initrd=, append=, "
                 "firmware=\n";
    return std::nullopt;
  }
  auto parsed = parse_properties(option, argument, "type");
  if (!parsed) return parsed.error();
  Properties& properties = parsed.value();
  if (auto wrong = check_keys(option,
                              properties,
                              {"type",
                               "accel",
                               "identity",
                               "shadow-tracking",
                               "loadparm",
                               "kernel",
                               "initrd",
                               "append",
                               "firmware",
                               "aes-key-wrap",
                               "dea-key-wrap",
                               "dump-guest-core",
                               "mem-merge",
                               "suppress-vmdesc",
                               "graphics",
                               "usb"}))
    return wrong;
  auto& configuration = draft.configuration;
  if (const auto type = take(properties, "type"); type && !is_machine_type(*type)) {
    static constexpr std::string_view kTypes[] = {"s390-ccw-virtio"};
    return usage_error(option, fmt::format("unknown machine '{}'{}", *type, did_you_mean(*type, kTypes)));
  }
  if (const auto accelerators = take(properties, "accel")) {
    for (std::size_t at = 0; at <= accelerators->size();) {
      const std::size_t end = std::min(accelerators->find(':', at), accelerators->size());
      draft.accelerators.push_back(accelerators->substr(at, end - at));
      at = end + 1;
    }
  }
  if (const auto identity = take(properties, "identity")) {
    static constexpr Choice<machine::Identity> kIdentities[] = {{"kvm", machine::Identity::Kvm},
                                                                {"lpar", machine::Identity::Lpar}};
    if (auto wrong = choose(fmt::format("{} identity", option), *identity, kIdentities, configuration.identity))
      return wrong;
  }
  if (auto loadparm = take(properties, "loadparm"))
    if (auto wrong = read_loadparm(option, std::move(*loadparm), configuration.loadparm)) return wrong;
  if (auto kernel = take(properties, "kernel")) configuration.kernel = *kernel;
  if (auto initrd = take(properties, "initrd")) configuration.initrd = *initrd;
  if (auto append = take(properties, "append")) configuration.append = *append;
  if (auto firmware = take(properties, "firmware")) configuration.firmware = *firmware;
  for (const auto& [key, value] : properties)
    if (!parse_switch(value)) return usage_error(option, fmt::format("{}={}: neither on nor off", key, value));
  configuration.track_shadowed_tables =
      machine::property_is_on(properties, "shadow-tracking", configuration.track_shadowed_tables);
  return std::nullopt;
}

Problem read_accelerator(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument == "help") {
    draft.text = "Accelerators supported:\ntcg\n";
    return std::nullopt;
  }
  auto properties = parse_properties(option, argument, "accel");
  if (!properties) return properties.error();
  if (auto wrong =
          check_keys(option, properties.value(), {"accel", "thread", "tb-size", "split-wx", "one-insn-per-tb"}))
    return wrong;
  const auto name = take(properties.value(), "accel");
  if (!name) return usage_error(option, "the accelerator's name is missing");
  draft.accelerators.push_back(*name);
  return std::nullopt;
}

Problem read_cpu_model(Draft& draft, std::string_view option, std::string_view argument) {
  const auto models = machine::cpu_model_names();
  if (argument == "help" || argument == "?") {
    draft.text = "Available CPUs:\n";
    for (const auto model : models) *draft.text += fmt::format("s390 {0}\ns390 {0}-base\n", model);
    *draft.text += "\nRecognized feature flags:\n";
    for (const auto feature : machine::cpu_feature_names()) *draft.text += fmt::format("{}\n", feature);
    return std::nullopt;
  }
  const auto parts = split_at_commas(argument);
  std::string_view model = parts.front();
  if (model.ends_with("-base")) model.remove_suffix(5);
  if (std::find(models.begin(), models.end(), model) == models.end())
    return usage_error(option, fmt::format("unknown CPU model '{}'{}", model, did_you_mean(model, models)));
  machine::CpuModel cpu{.name = parts.front(), .features = {}};
  for (std::size_t i = 1; i < parts.size(); i++) {
    const std::string& part = parts[i];
    const auto equals = part.find('=');
    const bool signed_form = part.starts_with('+') || part.starts_with('-');
    auto on = equals == std::string::npos ? std::optional<bool>{!part.starts_with('-')}
                                          : parse_switch(std::string_view{part}.substr(equals + 1));
    const std::string name =
        part.substr(signed_form ? 1 : 0, equals == std::string::npos ? equals : equals - signed_form);
    if (name.empty()) return usage_error(option, fmt::format("'{}': a feature's name is missing", argument));
    if (!on || (signed_form && equals != std::string::npos))
      return usage_error(option, fmt::format("'{}' is not FEATURE=on or FEATURE=off", part));
    cpu.features.push_back({.name = name, .on = *on});
  }
  draft.configuration.cpu = std::move(cpu);
  return std::nullopt;
}

Problem read_name(Draft& draft, std::string_view option, std::string_view argument) {
  auto properties = parse_properties(option, argument, "guest");
  if (!properties) return properties.error();
  if (auto wrong = check_keys(option, properties.value(), {"guest", "process", "debug-threads"})) return wrong;
  if (auto name = take(properties.value(), "guest")) draft.configuration.name = *name;
  return std::nullopt;
}

Problem read_uuid(Draft& draft, std::string_view option, std::string_view argument) {
  if (!is_uuid(argument))
    return usage_error(option,
                       fmt::format("'{}' is not a UUID such as 01234567-89ab-cdef-0123-456789abcdef", argument));
  draft.configuration.uuid = argument;
  return std::nullopt;
}

Problem read_real_time_clock(Draft& draft, std::string_view option, std::string_view argument) {
  auto properties = parse_properties(option, argument, "");
  if (!properties) return properties.error();
  if (auto wrong = check_keys(option, properties.value(), {"base", "clock", "driftfix"})) return wrong;
  const auto base = take(properties.value(), "base");
  if (!base) return std::nullopt;
  if (*base == "utc") {
    draft.configuration.rtc_base = std::nullopt;
    return std::nullopt;
  }
  const auto seconds = parse_date(*base);
  if (!seconds)
    return usage_error(option, fmt::format("base={}: neither utc nor a date such as 2026-01-31T12:00:00", *base));
  draft.configuration.rtc_base = *seconds;
  return std::nullopt;
}

Problem read_seed(Draft& draft, std::string_view option, std::string_view argument) {
  const auto seed = parse_number(argument);
  if (!seed) return usage_error(option, fmt::format("'{}' is not a number of up to 64 bits", argument));
  draft.configuration.seed = *seed;
  return std::nullopt;
}

Problem read_time_mode(Draft& draft, std::string_view option, std::string_view argument) {
  using machine::TimeMode;
  static constexpr Choice<TimeMode> kModes[] = {
      {"deterministic", TimeMode::Deterministic}, {"warp", TimeMode::Warp}, {"wall", TimeMode::Wall}};
  return choose(option, argument, kModes, draft.configuration.time);
}

Problem read_engine(Draft& draft, std::string_view option, std::string_view argument) {
  static constexpr Choice<machine::Engine> kEngines[] = {{"interpreter", machine::Engine::Interpreter},
                                                         {"jit", machine::Engine::Jit},
                                                         {"jit-calls-only", machine::Engine::JitCallsOnly},
                                                         {"jit-single", machine::Engine::JitSingle}};
  return choose(option, argument, kEngines, draft.configuration.engine);
}

Problem read_action(Draft& draft, std::string_view option, std::string_view argument) {
  using machine::PanicAction;
  auto properties = parse_properties(option, argument, "");
  if (!properties) return properties.error();
  if (auto wrong = check_keys(option, properties.value(), {"panic", "hang", "reboot", "shutdown", "watchdog"}))
    return wrong;
  static constexpr Choice<PanicAction> kPanic[] = {{"exit-failure", PanicAction::ExitFailure},
                                                   {"shutdown", PanicAction::Shutdown},
                                                   {"pause", PanicAction::Pause},
                                                   {"none", PanicAction::None}};
  using machine::HangAction;
  static constexpr Choice<HangAction> kHang[] = {{"none", HangAction::Report},
                                                 {"pause", HangAction::Pause},
                                                 {"shutdown", HangAction::Shutdown},
                                                 {"exit-failure", HangAction::ExitFailure}};
  static constexpr Choice<bool> kReboot[] = {{"reset", false}, {"shutdown", true}};
  static constexpr Choice<bool> kShutdown[] = {{"poweroff", false}, {"pause", true}};
  auto& configuration = draft.configuration;
  if (const auto panic = take(properties.value(), "panic"))
    if (auto wrong = choose(fmt::format("{} panic", option), *panic, kPanic, configuration.panic)) return wrong;
  if (const auto hang = take(properties.value(), "hang"))
    if (auto wrong = choose(fmt::format("{} hang", option), *hang, kHang, configuration.hang)) return wrong;
  if (const auto reboot = take(properties.value(), "reboot"))
    if (auto wrong = choose(fmt::format("{} reboot", option), *reboot, kReboot, configuration.no_reboot)) return wrong;
  if (const auto shutdown = take(properties.value(), "shutdown"))
    if (auto wrong = choose(fmt::format("{} shutdown", option), *shutdown, kShutdown, configuration.no_shutdown))
      return wrong;
  return std::nullopt;
}

Problem read_gdb(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument == "none") {
    draft.configuration.gdb.reset();
    return std::nullopt;
  }
  const auto wrong = [&] {
    return usage_error(option, fmt::format("'{}' is not tcp:[ADDRESS]:PORT, unix:PATH or none", argument));
  };
  const auto parts = split_at_commas(argument);
  static constexpr std::string_view kSoAnyway[] = {
      "server", "server=on", "nowait", "wait=off", "nodelay", "nodelay=on"};
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (std::find(std::begin(kSoAnyway), std::end(kSoAnyway), parts[i]) == std::end(kSoAnyway))
      return usage_error(option, fmt::format("'{}' is none of {}", parts[i], fmt::join(kSoAnyway, ", ")));
  machine::GdbListen listen;
  std::string_view rest = parts.front();
  if (rest.starts_with("unix:")) {
    listen.path = rest.substr(5);
    if (listen.path.empty()) return wrong();
    draft.configuration.gdb = listen;
    return std::nullopt;
  }
  if (!rest.starts_with("tcp:")) return wrong();
  rest.remove_prefix(4);
  const auto colon = rest.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  const auto port = parse_number(rest.substr(colon + 1));
  if (!port || *port == 0 || *port > 65535) return wrong();
  std::string_view address = rest.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (!address.empty()) listen.address = address;
  listen.port = static_cast<u16>(*port);
  draft.configuration.gdb = listen;
  return std::nullopt;
}

} // namespace siena::frontends::cli
