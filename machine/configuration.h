// SPDX-License-Identifier: BSD-3-Clause
// What a machine is to be built from: plain data, made by a frontend (frontends/cli) or by a test, read by machine::Machine.
// Nothing is implied: the frontend's defaults (a console, a character device for it) are spelled out in here by the time a
// Machine sees it. Names follow QEMU's command line, whose options these are.
#pragma once

#include "base/result.h"
#include "base/trace.h"
#include "base/types.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace siena::machine {

constexpr u64 kMebibyte = u64{1} << 20;
constexpr u64 kDefaultStorageSize = 128 * kMebibyte;
constexpr u64 kMaximumStorageSize = u64{1} << 40;
constexpr unsigned kMaximumCpuCount = 248;

/// What STSI and the devices say the machine is to guest 1: a KVM guest or a logical partition.
enum class Identity : u8 { Kvm, Lpar };

/// Architecture.md section 6. Warp is deterministic without pacing by the host's clock.
enum class TimeMode : u8 { Deterministic, Warp, Wall };

/// Who executes instructions: Automatic is the JIT where the host can have it, else the interpreter. The JIT leaves to the
/// interpreter what it does not translate. The two variants of it are for finding its faults: every instruction by its row's own
/// function, and blocks of one instruction.
enum class Engine : u8 { Automatic, Interpreter, Jit, JitCallsOnly, JitSingle };

/// What to do when the guest ends in a disabled wait or a check stop.
enum class PanicAction : u8 { ExitFailure, Shutdown, Pause, None };

/// What to do, after a report, when the machine seems to hang (machine/hang_detector.h).
enum class HangAction : u8 { Report, Pause, Shutdown, ExitFailure };

/// key=value pairs in the order they were given; a later one overrides an earlier one of the same key.
using Properties = std::vector<std::pair<std::string, std::string>>;
/// The value of `key`, or nullptr.
const std::string* find_property(const Properties& properties, std::string_view key);
/// on/off, yes/no, true/false, y/n; nothing for another text.
std::optional<bool> parse_switch(std::string_view text);
/// The switch `key`, or `otherwise` when the key is absent or its value is not a switch's.
bool property_is_on(const Properties& properties, std::string_view key, bool otherwise);

struct CpuFeature {
  std::string name;
  bool on = true;
};

struct CpuModel {
  std::string name = "max";         ///< QEMU's model names: max, qemu, z13, z14, gen15a, ...
  std::vector<CpuFeature> features; ///< switches on top of the model, in order
};

enum class CharacterDeviceKind : u8 { Stdio, File, Pty, Null };

/// -chardev: where a console's bytes go to and come from.
struct CharacterDevice {
  std::string id;
  CharacterDeviceKind kind = CharacterDeviceKind::Null;
  std::string path;    ///< File: written to; Pty: a symbolic link to make, or empty
  bool append = false; ///< File: do not truncate
  bool mux = false;    ///< several users (consoles, the monitor), switched by Ctrl-A c
  bool signal = true;  ///< Stdio: Ctrl-C ends Siena instead of going to the guest
};

/// -device, and the devices that other options stand for.
struct Device {
  std::string driver;    ///< sclpconsole, virtio-blk-ccw, ...; the frontend has checked the name and the properties
  Properties properties; ///< numbers and sizes in decimal
};

/// What the external events call the input for one of the devices that share a character device: the one that is number
/// `user` (from 1) of them in the order of the configuration.
std::string input_source(const std::string& chardev, unsigned user);

/// -drive: an image, used by the device whose property drive= names it.
struct Drive {
  std::string id;
  std::string file;
  std::string format = "raw";
  bool read_only = false;
  bool snapshot = false; ///< writes are kept apart and lost at the end
};

/// -object: rng-random, rng-builtin, ...
struct Object {
  std::string type;
  std::string id;
  Properties properties;
};

/// A monitor's character device (-monitor, -mon).
struct Monitor {
  std::string chardev;
};

/// A monitor on a socket of its own (-qmp, -monitor, -mon with -chardev socket)
struct MonitorSocket {
  std::string option; ///< for messages: where it was asked for
  std::string id;     ///< of its character device
  std::string address = "127.0.0.1";
  u16 port = 0;
  std::string path = {}; ///< of a Unix-domain socket, which is then meant; else empty
  bool control = false;  ///< QMP; else the human monitor
  bool wait = false;     ///< the machine is not started until somebody has connected
};

/// -gdb tcp:ADDRESS:PORT or unix:PATH
struct GdbListen {
  std::string address = "127.0.0.1";
  u16 port = 1234;
  std::string path = {}; ///< of a Unix-domain socket, which is then meant; else empty
};

/// -symbols: where the symbols of a kernel come from.
struct SymbolSource {
  unsigned depth = 1; ///< 1 to kDeepestSymbols: guest 1, what that runs under SIE, ...
  std::string file;   ///< empty: from the guest's storage
  std::string save;   ///< a file that they are written to at the end; or empty
};
constexpr unsigned kDeepestSymbols = 4;

/// -profile: which symbols the CPUs spend their time in.
struct Profile {
  std::string file;
  u64 interval = 0; ///< cycles of a CPU from one sample to the next
};

/// Where CPUs are: addresses 0 to cores-1 in the first socket, and so on through the sockets of a book and the books of a drawer.
struct Topology {
  unsigned drawers = 1; ///< of the machine
  unsigned books = 1;   ///< of a drawer
  unsigned sockets = 1; ///< of a book
  unsigned cores = 0;   ///< of a socket; 0: all there are
};

/// -dfilter, -trace-filter: which events a trace reports.
struct TraceFilter {
  struct Range {
    u64 first = 0, last = 0; ///< both are in it
    bool operator==(const Range&) const = default;
  };
  std::vector<Range> addresses{};        ///< of the PSW's instruction address; none: every address
  u64 first_cpu = 0, last_cpu = ~u64{0}; ///< of events of CPUs
  std::optional<u8> level{};             ///< likewise
  u64 after = 0;                         ///< so many are left out first
  u64 count = ~u64{0};                   ///< so many are reported at most
  bool operator==(const TraceFilter&) const = default;
};

struct Configuration {
  // The machine
  u64 storage_size = kDefaultStorageSize; ///< bytes; a multiple of 1 MiB (check_storage_size)
  unsigned cpu_count = 1;                 ///< configured CPUs, 1 to kMaximumCpuCount
  unsigned maximum_cpu_count = 1;         ///< with the reserved ones
  Topology topology;                      ///< as many places as maximum_cpu_count
  Identity identity = Identity::Kvm;
  CpuModel cpu;
  Engine engine = Engine::Automatic;
  unsigned jit_threshold = 16; ///< a block is translated when it has been begun so many times
  /// Shadows of guest 1's tables follow its plain stores, not only what it invalidates (sie/shadow_gmap/gmap.h).
  bool track_shadowed_tables = true;
  std::string name; ///< of the guest, as STSI 3.2.2 and a window title show it; may be empty
  std::string uuid; ///< canonical text form, or empty

  // IPL
  std::string kernel;                 ///< path, or empty
  std::span<const u8> built_in_guest; ///< an image to run when there is no kernel; outlives the machine; or empty
  std::string initrd;
  std::string append;
  std::string firmware; ///< -bios
  std::string loadparm; ///< up to eight characters, as the guest sees them before EBCDIC translation

  // Devices
  std::vector<CharacterDevice> chardevs;
  std::vector<Device> devices;
  std::vector<Drive> drives;
  std::vector<Object> objects;
  std::vector<Monitor> monitors;
  std::vector<MonitorSocket> monitor_sockets;

  // Time and chance (architecture.md section 6)
  TimeMode time = TimeMode::Deterministic;
  std::optional<s64> rtc_base; ///< seconds since 1970-01-01 UTC at IPL; absent: the host's date
  std::optional<u64> seed;     ///< absent: drawn from the host

  // Life cycle
  bool no_reboot = false;     ///< a guest's re-IPL ends the machine
  bool no_shutdown = false;   ///< a guest's power-off stops the CPUs instead of ending the machine
  bool start_stopped = false; ///< -S
  PanicAction panic = PanicAction::ExitFailure;
  HangAction hang = HangAction::Report;
  std::string pidfile;

  // Watching
  std::optional<GdbListen> gdb;
  std::vector<TraceCategory> trace; ///< -d
  bool trace_translations = false;  ///< -d jit
  std::string ready_text;           ///< -ready: output that tells that a guest is up; empty: no report
  std::string trace_file;           ///< -D; empty: stderr
  std::string trace_json;           ///< -trace, or empty
  TraceFilter trace_filter;
  bool show_state_hash = false; ///< -state-hash: Machine::state_hash() at the end
  bool show_sie_report = false; ///< -sie-report: machine::sie_report at the end
  bool show_jit_report = false; ///< -jit-report: machine::jit_report at the end
  bool perf_map = false;        ///< -perfmap: a file that tells perf what translated code is
  std::vector<SymbolSource> symbols;
  std::optional<Profile> profile;
  std::string coverage_file; ///< -coverage; empty: none is recorded
  bool identify = false;     ///< -identify: print what the guest would be told and end
};

/// What is wrong with a storage size, naming `option`; nothing when it is usable.
std::optional<ConfigurationError> check_storage_size(u64 size, std::string_view option);
/// What is wrong with a number of CPUs, naming `option`; nothing when it is usable.
std::optional<ConfigurationError> check_cpu_count(u64 count, std::string_view option);

const CharacterDevice* find_chardev(const Configuration& configuration, std::string_view id);
const Drive* find_drive(const Configuration& configuration, std::string_view id);

} // namespace siena::machine
