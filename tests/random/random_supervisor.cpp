// SPDX-License-Identifier: BSD-3-Clause
// Random bytes and random instructions in the supervisor state, on machines of one and two CPUs with devices: whatever a guest does,
// the machine neither crashes nor stands still, and every engine leaves it in the same state after as many instructions. A failed
// CHECK, a signal, a run without progress or a difference fails the test and names the seed.
#include "cpu/isa/rows/rows.h"
#include "cpu/jit/engine.h"
#include "machine/machine.h"
#include "sie/state_description.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <unistd.h>

namespace siena::machine {
namespace {

using cpu::Psw;

constexpr u64 kStorage = 2 * kMebibyte, kBlock = 0x1'0000, kTables = 0x2'0000, kSieHost = 0x1'0400;
constexpr unsigned kSecondsWithoutProgress = 60;
constexpr int kRestarts = 12;

volatile std::sig_atomic_t seed_in_work = 0;
u64 sie_entries = 0;

/// Only what a signal handler may call.
void die(int signal) {
  char text[80] = "random_supervisor: seed ";
  std::size_t n = std::strlen(text);
  char digits[12];
  std::size_t d = 0;
  for (auto s = static_cast<unsigned>(seed_in_work); d == 0 || s != 0; s /= 10)
    digits[d++] = static_cast<char>('0' + s % 10);
  while (d != 0) text[n++] = digits[--d];
  const char* reason = signal == SIGALRM ? " makes no progress\n" : " crashes\n";
  while (*reason != 0) text[n++] = *reason++;
  (void)!write(2, text, n);
  std::signal(signal == SIGALRM ? SIGABRT : signal, SIG_DFL);
  raise(signal == SIGALRM ? SIGABRT : signal);
}

/// Stops the machine whenever it looks at the host: after a slice, or when it would sleep.
struct StoppingSurroundings final : Surroundings, devices::ByteSink {
  Machine* machine = nullptr;
  devices::ByteSink& output(const std::string&) override { return *this; }
  void wait(u64) override { machine->control().stop(); }
  u64 host_nanoseconds() override { return 1; }
  void write(std::span<const u8>) override {}
};

class RandomMachine {
 public:
  RandomMachine(u64 seed, const std::string& disk, Engine engine) : random_(seed) {
    Configuration c;
    c.storage_size = kStorage;
    c.cpu_count = c.maximum_cpu_count = 1 + static_cast<unsigned>(seed & 1);
    c.rtc_base = 0;
    c.seed = seed;
    c.time = TimeMode::Warp;
    c.engine = engine;
    c.jit_threshold = 1;
    c.chardevs.emplace_back().id = "null";
    c.devices = {{.driver = "sclpconsole", .properties = {{"chardev", "null"}}},
                 {.driver = "virtio-rng-ccw", .properties = {}},
                 {.driver = "virtio-blk-ccw", .properties = {{"drive", "d"}}}};
    c.drives.emplace_back().id = "d";
    c.drives.back().file = disk;
    auto machine = Machine::create(c, surroundings_);
    if (!machine) {
      std::fprintf(stderr, "random_supervisor: %s\n", machine.error().message.c_str());
      std::exit(2);
    }
    machine_ = std::move(machine.value());
    surroundings_.machine = machine_.get();
  }

  u64 run() {
    fill_storage();
    for (int i = 0; i < kRestarts; ++i) {
      alarm(kSecondsWithoutProgress);
      for (unsigned n = 0; n < machine_->cpu_count(); ++n)
        if (i == 0 || one_in(2) || n == 0) start(machine_->cpu(n));
      (void)machine_->run();
    }
    alarm(0);
    sie_entries += machine_->interpretive().statistics().entries;
    return machine_->instructions();
  }

  u64 state_hash() const { return machine_->state_hash(); }

 private:
  u64 below(u64 n) { return random_() % n; }
  bool one_in(u64 n) { return below(n) == 0; }
  template <typename T>
  void put(u64 address, T value) {
    CHECK(machine_->storage().store<T>({address}, value), "in storage");
  }

  u64 psw_mask() {
    u64 mask = random_() & 0x0707'FF00'0000'0000;
    if (one_in(2)) mask &= ~Psw::kDat;
    if (!one_in(4)) mask &= ~Psw::kProblem;
    if (!one_in(8)) mask &= ~Psw::kKey;
    mask &= ~Psw::kWait;
    if (!one_in(4)) mask |= Psw::kExtendedAddressing;
    if (!one_in(16)) mask |= Psw::kBasicAddressing;
    if (one_in(40)) mask |= Psw::kPer;
    return mask;
  }
  u64 address() { return one_in(8) ? random_() : below(kStorage); }

  u64 instruction() {
    static const auto& rows = cpu::isa::all_rows();
    const auto& row = *rows[below(rows.size())];
    u64 bits = random_();
    const u64 first = row.opcode >> 8, extension = row.opcode & 0xFF;
    switch (cpu::isa::extension_of(static_cast<u8>(first))) {
    case cpu::isa::Extension::None: break;
    case cpu::isa::Extension::SecondByte: bits = (bits & ~(u64{0xFF} << 48)) | extension << 48; break;
    case cpu::isa::Extension::RightNibble: bits = (bits & ~(u64{0x0F} << 48)) | extension << 48; break;
    case cpu::isa::Extension::SixthByte: bits = (bits & ~(u64{0xFF} << 16)) | extension << 16; break;
    }
    return (bits & 0x00FF'FFFF'FFFF'FFFF) | first << 56;
  }

  /// What an instruction needs to get past its first checks.
  u64 put_setup(u64 a) {
    const auto load = [&](unsigned gr, u64 value) { // LLILF
      put<u16>(a, static_cast<u16>(0xC00F | gr << 4));
      put<u32>(a + 2, static_cast<u32>(value));
      a += 6;
    };
    const auto text = [&](u32 bits) { put<u32>(a, bits), a += 4; };
    switch (below(4)) {
    case 0: load(5, kBlock), text(0xB214'5000); break; // SIE
    case 1: {
      static constexpr u8 kIo[] = {0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x38, 0x3B, 0x76};
      load(1, 0x0001'0000 + below(4)), load(2, 0x3000 + 64 * below(64));
      text(0xB200'2000 | static_cast<u32>(kIo[below(std::size(kIo))]) << 16);
      break;
    }
    case 2: {
      static constexpr u32 kCommands[] = {0x0002'0001, 0x0012'0001, 0x0077'0005, 0x0076'0005, 0x0078'0005, 0x0077'0105};
      load(3, kCommands[below(std::size(kCommands))]), load(4, below(kStorage) & ~u64{7}), text(0xB220'0034);
      break;
    }
    default: load(6, kTables | 3), text(0xB708'0000 | static_cast<u32>(below(0x1000))); // LCTL of whatever is there
    }
    return a;
  }

  void fill_storage() {
    for (u64 a = 0; a < kStorage;) {
      if (a + 32 < kStorage && one_in(24)) a = put_setup(a);
      const u64 text = instruction();
      const unsigned length = cpu::isa::InsnText{text}.length();
      switch (below(8)) {
      case 0: put<u16>(a, static_cast<u16>(random_())), a += 2; break;
      case 1: put<u16>(a, static_cast<u16>(below(0x200))), a += 2; break;
      case 2: // what serves as an address, a table entry or a CCW
        a = (a + 7) & ~u64{7};
        if (a < kStorage) put<u64>(a, (below(kStorage) & ~u64{0xFFF}) | below(0x40));
        a += 8;
        break;
      default:
        if (a + 8 > kStorage) return;
        for (unsigned i = 0; i < length; ++i) put<u8>(a + i, static_cast<u8>(text >> (56 - 8 * i)));
        a += length;
      }
    }
    for (const u64 psw : {0x1A0u, 0x1B0u, 0x1C0u, 0x1D0u, 0x1E0u, 0x1F0u}) {
      put<u64>(psw, psw_mask());
      put<u64>(psw + 8, below(kStorage) & ~u64{1});
    }
    // A few things that instructions look for: tables, an ORB with a channel program, a state description.
    for (u64 i = 0; i < 2048; ++i)
      put<u64>(kTables + 8 * i, one_in(16) ? random_() : kTables + 0x8000 + (i & 7) * 2048);
    for (u64 i = 0; i < 8 * 256; ++i)
      put<u64>(kTables + 0x8000 + 8 * i, one_in(16) ? random_() : (i * kPageSize % kStorage) | (one_in(8) ? 0x200 : 0));
    for (u64 orb = 0x3000; orb < 0x4000; orb += 64) {
      put<u32>(orb, static_cast<u32>(random_()));
      put<u32>(orb + 4, one_in(4) ? static_cast<u32>(random_()) : 0x0080'FF00);
      put<u32>(orb + 8, static_cast<u32>(0x5000 + 8 * below(256)));
    }
    for (u64 ccw = 0x5000; ccw < 0x5800; ccw += 8) {
      static constexpr u8 kCommands[] = {
          0x01, 0x02, 0x03, 0x04, 0x08, 0x11, 0x12, 0x13, 0x31, 0x32, 0x33, 0x42, 0x43, 0x53, 0x72, 0x73, 0x83, 0xE4};
      put<u32>(ccw,
               static_cast<u32>(kCommands[below(std::size(kCommands))]) << 24 | static_cast<u32>(below(0x200)) << 16 |
                   static_cast<u32>(below(96)));
      put<u32>(ccw + 4, static_cast<u32>(one_in(3) ? 0x5000 + 8 * below(256) : below(kStorage)));
    }
    put_block();
  }

  /// A state description, as valid as not.
  void put_block() {
    sie::StateDescription sd;
    auto* bytes = reinterpret_cast<u8*>(&sd);
    for (std::size_t i = 0; i < sizeof sd; ++i) bytes[i] = one_in(2) ? 0 : static_cast<u8>(random_());
    if (!one_in(4)) {
      sd.cpuflags = sie::cpuflags::kZarch | (static_cast<u32>(random_()) & sie::cpuflags::kEdat1);
      sd.zone = 0;
      sd.mso = 0;
      sd.msl = kStorage - 1;
      sd.prefix = static_cast<u32>(below(kStorage / 2)) & 0x000F'E000;
      sd.scaoh = sd.scaol = 0;
      sd.crycbd = 0;
      sd.ecb = 0;
      sd.gpsw_mask = psw_mask() | Psw::kExtendedAddressing | Psw::kBasicAddressing;
      sd.gpsw_address = below(kStorage) & ~u64{1};
      if (one_in(2)) sd.ictl = 0;
    }
    CHECK(machine_->storage().write({kBlock}, std::span<const u8>{bytes, sizeof sd}), "in storage");
  }

  void start(cpu::Cpu& cpu) {
    for (u64& r : cpu.gr) r = one_in(3) ? random_() : below(3) == 0 ? 0x3000 + 64 * below(64) : address();
    cpu.gr[1] = 0x0001'0000 + below(4); // a subsystem-identification word
    if (one_in(2)) cpu.gr[2] = kBlock;
    for (u64& r : cpu.cr) r = one_in(4) ? random_() : 0;
    cpu.cr[0] = random_() & (one_in(4) ? ~u64{0} : 0x00B7'FFFF);
    for (const unsigned n : {1u, 7u, 13u}) cpu.cr[n] = one_in(4) ? random_() : kTables | (one_in(4) ? 0x20 : 3);
    cpu.cr[6] = random_();
    cpu.cr[9] = one_in(20) ? random_() : 0;
    for (u32& r : cpu.ar) r = static_cast<u32>(below(3));
    cpu.fpc = 0;
    cpu.prefix = 0;
    cpu.set_prefix(one_in(4) ? static_cast<u32>(below(kStorage)) & 0x7FFF'E000 : 0);
    cpu.set_cpu_timer(below(u64{1} << 24));
    cpu.clock_comparator = one_in(2) ? ~u64{0} : random_();
    if (!cpu.interpretive()) cpu.load_psw(psw_mask(), below(kStorage) & ~u64{1});
    if (one_in(4) && !cpu.interpretive()) start_sie_host(cpu);
    cpu.state = cpu::Cpu::State::Operating;
  }

  /// A program that executes SIE again and again.
  void start_sie_host(cpu::Cpu& cpu) {
    put_block();
    put<u32>(kSieHost, 0xB214'5000);     // SIE 0(%r5)
    put<u32>(kSieHost + 4, 0xA7F4'FFFE); // J to it
    cpu.gr[5] = kBlock;
    cpu.cr[1] = one_in(4) ? kTables | 3 : 0x20; // tables, or a real-space designation
    cpu.load_psw(Psw::kExtendedAddressing | Psw::kBasicAddressing | (random_() & 0x0300'0000'0000'0000), kSieHost);
  }

  std::mt19937_64 random_;
  StoppingSurroundings surroundings_;
  std::unique_ptr<Machine> machine_;
};

/// Instructions executed, and the state at the end.
std::pair<u64, u64> run_one(u64 seed, const std::string& disk, Engine engine) {
  RandomMachine machine{seed, disk, engine};
  const u64 instructions = machine.run();
  return {instructions, machine.state_hash()};
}

int main(int argc, char** argv) {
  const u64 first = argc > 1 ? std::strtoull(argv[1], nullptr, 0) : 1,
            count = argc > 2 ? std::strtoull(argv[2], nullptr, 0) : 150;
  const char* folder = std::getenv("TMPDIR");
  std::string disk = std::string{folder != nullptr ? folder : "/tmp"} + "/siena-random-XXXXXX";
  const int file = mkstemp(disk.data());
  if (file < 0 || ftruncate(file, 1 << 20) != 0) return 2;
  for (const int s : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) std::signal(s, die);
  u64 instructions = 0;
  bool different = false;
  for (u64 seed = first; seed < first + count; ++seed) {
    seed_in_work = static_cast<std::sig_atomic_t>(seed);
    const auto [executed, expected] = run_one(seed, disk, Engine::Interpreter);
    instructions += executed;
    if (cpu::jit::Engine::obstacle() != nullptr) continue;
    for (const Engine engine : {Engine::Jit, Engine::JitSingle, Engine::JitCallsOnly}) {
      if (run_one(seed, disk, engine) == std::pair{executed, expected}) continue;
      std::printf("seed %llu: engine %u ends in another state than the interpreter\n",
                  static_cast<unsigned long long>(seed),
                  static_cast<unsigned>(engine));
      different = true;
    }
  }
  close(file);
  unlink(disk.c_str());
  std::printf("%llu machines, %llu instructions, %llu SIE entries\n",
              static_cast<unsigned long long>(count),
              static_cast<unsigned long long>(instructions),
              static_cast<unsigned long long>(sie_entries));
  // A machine that stops at its first instruction tests nothing.
  return !different && instructions > 1000 * count && sie_entries > 10 * count ? 0 : 1;
}

} // namespace
} // namespace siena::machine

int main(int argc, char** argv) { return siena::machine::main(argc, argv); }
