// SPDX-License-Identifier: BSD-3-Clause
// A bare machine for the translator's tests: CPUs in real mode with 64-bit addressing, a disabled wait behind every new PSW, with
// an engine or with the interpreter alone.
#pragma once

#include "cpu/jit/engine.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string_view>
#include <vector>

namespace siena::cpu::jit::testing {

constexpr u64 kCode = 0x2000, kData = 0x8000, kStorage = 4 << 20, kTables = 0x20'0000;
constexpr u64 kFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
constexpr u64 kWide = Psw::kExtendedAddressing | Psw::kBasicAddressing; ///< 64-bit addressing

class Runner {
 public:
  /// nullptr: the interpreter alone.
  explicit Runner(const EngineOptions* options, unsigned number = 1)
      : storage(std::move(mmu::AbsoluteStorage::create(kStorage).value())), decoder(kFacilities),
        code(*storage, decoder), interpreter(code), cpus(make_cpus(number)), cpu(*cpus[0]) {
    for (const u64 psw : {0x1A0u, 0x1B0u, 0x1C0u, 0x1D0u, 0x1E0u, 0x1F0u})
      EXPECT_TRUE(storage->store({psw}, kWide | Psw::kWait));
    if (options == nullptr) return;
    engine = std::make_unique<Engine>(interpreter, code, *storage, cpu, *options);
    interpreter.set_fast_loop(engine.get());
  }
  template <typename T>
  void store(u64 address, T value) {
    EXPECT_TRUE(storage->store({address}, value));
  }
  void put(u64 address, const std::vector<u16>& halfwords) {
    for (const u16 h : halfwords) {
      store(address, h);
      address += 2;
    }
  }
  /// Groups of four hexadecimal digits, as an assembler's listing has them.
  void put(u64 address, std::string_view listing) {
    unsigned digits = 0;
    u16 halfword = 0;
    for (const char c : listing) {
      if (c == ' ') continue;
      halfword = static_cast<u16>(halfword << 4 | (c <= '9' ? c - '0' : c - 'A' + 10));
      if (++digits % 4 != 0) continue;
      store(address, halfword);
      address += 2;
    }
  }
  interpreter::Interpreter::Exit go(u64 cycles, u64 address = kCode, u64 mask = kWide) {
    cpu.load_psw(mask, address);
    return on(cycles);
  }
  /// Goes on where that CPU is.
  interpreter::Interpreter::Exit on(u64 cycles, unsigned n = 0) {
    return interpreter.run(*cpus[n], cpus[n]->cycles + cycles);
  }

  /// A new address space of 2 GB in which nothing is mapped.
  u64 space() {
    const u64 made = take_table(0x4000);
    for (u64 i = 0; i < 2048; ++i) store<u64>(made + 8 * i, 0x20);
    return made;
  }
  /// Maps a page; answers where its page-table entry is. `frame` 0x400 makes the entry invalid.
  u64 map(u64 space, u64 address, u64 frame) {
    const u64 segment = space + (address >> 20) * 8;
    if ((*storage->load<u64>({segment}) & 0x20) != 0) {
      const u64 table = take_table(kPageSize);
      for (u64 i = 0; i < 256; ++i) store<u64>(table + 8 * i, 0x400);
      store<u64>(segment, table);
    }
    const u64 entry = (*storage->load<u64>({segment}) & ~u64{0x7FF}) + ((address >> 12) & 0xFF) * 8;
    store<u64>(entry, frame);
    return entry;
  }
  void use(u64 space) {
    cpu.cr[1] = space | 3;
    cpu.controls_changed();
  }

  std::unique_ptr<mmu::AbsoluteStorage> storage;
  isa::Decoder decoder;
  timing::TodClock clock{0};
  FloatingPending floating;
  interpreter::CodeCache code;
  interpreter::Interpreter interpreter;
  std::vector<std::unique_ptr<Cpu>> cpus;
  Cpu& cpu; ///< the first
  std::unique_ptr<Engine> engine;

 private:
  std::vector<std::unique_ptr<Cpu>> make_cpus(unsigned number) {
    std::vector<std::unique_ptr<Cpu>> made;
    for (unsigned n = 0; n < number; ++n) {
      const Cpu::Environment environment{.storage = *storage, .clock = clock, .floating = floating, .features = {}};
      auto& c = made.emplace_back(std::make_unique<Cpu>(static_cast<u16>(n), environment));
      c->decoder = &decoder;
      c->state = Cpu::State::Operating;
      c->attention = false;
      c->clock_comparator = ~u64{0};
      c->set_cpu_timer(u64{1} << 62);
      for (unsigned r = 0; r < 16; ++r) c->gr[r] = kData + 0x100 * r;
    }
    return made;
  }

  u64 take_table(u64 size) {
    next_table_ += size;
    return next_table_ - size;
  }

  u64 next_table_ = kTables;
};

/// Everything is translated when it is executed for the first time.
inline EngineOptions at_once() { return {.lowering = {}, .threshold = 1, .code_size = 4 << 20}; }

inline void expect_equal(const Cpu& a, const Cpu& b) {
  for (unsigned n = 0; n < 16; ++n) EXPECT_EQ(a.gr[n], b.gr[n]) << "register " << n;
  for (unsigned n = 0; n < 16; ++n) EXPECT_EQ(a.cr[n], b.cr[n]) << "control register " << n;
  EXPECT_EQ(a.psw.address, b.psw.address);
  EXPECT_EQ(a.psw.packed_mask(), b.psw.packed_mask());
  EXPECT_EQ(a.cycles, b.cycles);
  EXPECT_EQ(a.instructions, b.instructions);
  EXPECT_EQ(a.breaking_event, b.breaking_event);
}

inline void expect_equal(const Runner& a, const Runner& b) {
  for (std::size_t n = 0; n < a.cpus.size(); ++n) expect_equal(*a.cpus[n], *b.cpus[n]);
  for (u64 page = 0; page < kStorage; page += kPageSize) {
    if (std::memcmp(a.storage->host({page}), b.storage->host({page}), kPageSize) == 0) continue;
    for (u64 at = page; at < page + kPageSize; at += 8)
      ASSERT_EQ(*a.storage->load<u64>({at}), *b.storage->load<u64>({at})) << "storage at " << std::hex << at;
  }
}

/// `body(Runner&)` prepares and runs: the same with blocks, with blocks of one instruction, with calls alone, and interpreted. Answers
/// what the interpreter's has at the end. `number` of CPUs, and of code memory so many bytes.
template <typename Body>
std::unique_ptr<Runner> expect_same_on_all(Body body, unsigned number = 1, std::size_t code_size = 4 << 20) {
  auto reference = std::make_unique<Runner>(nullptr, number);
  body(*reference);
  EngineOptions blocks = at_once();
  blocks.code_size = code_size;
  EngineOptions single = blocks, calls = blocks;
  single.lowering.instructions = 1;
  calls.lowering.calls_only = true;
  for (const auto& [name, options] : {std::pair{"jit", blocks}, {"jit-single", single}, {"jit-calls-only", calls}}) {
    SCOPED_TRACE(name);
    Runner translated(&options, number);
    body(translated);
    expect_equal(translated, *reference);
    EXPECT_GT(translated.engine->statistics().entries, 0u);
  }
  return reference;
}

} // namespace siena::cpu::jit::testing
