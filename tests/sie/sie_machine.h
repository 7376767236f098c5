// SPDX-License-Identifier: BSD-3-Clause
// A bare machine for SIE: CPUs with the interpreter, no devices. The SIE host is two instructions (SIE, then a disabled wait) and
// a prefix area whose new PSWs are disabled waits at their own addresses, so that a test sees at once how interpretation ended.
//
// The guest's storage of 2 MB is at absolute 1 MB. Unless a test builds tables, the SIE host's CR1 is a real-space designation and
// the main-storage origin says where the guest is.
#pragma once

#include "cpu/interpreter/interpreter.h"
#include "sie/interpretive_execution.h"
#include "tests/engine/from_environment.h"
#include "tests/sie/fake_system.h"

#include <gtest/gtest.h>

#include <string_view>

namespace siena::sie::testing {

/// Where the SIE host's PSW ended up, as an address of a disabled wait.
enum HostEnd : u64 { kBehindSie = 0xEEE, kExternal = 0x1B0, kProgram = 0x1D0, kMachineCheck = 0x1E0, kIo = 0x1F0 };

class SieMachine {
 public:
  static constexpr u64 kStorageSize = 8 << 20, kBlock = 0x1'0000, kHostCode = 0x3000, kHostWait = 0x2F00,
                       kControlArea = 0x1'2000, kGuest = 0x10'0000, kGuestSize = 0x20'0000, kGuestCode = 0x1000;
  static constexpr u64 kWide = cpu::Psw::kExtendedAddressing | cpu::Psw::kBasicAddressing;

  explicit SieMachine(unsigned cpus = 1,
                      bool track_stores = true,
                      const Assists& assists = {},
                      TraceSink* trace = nullptr)
      : storage_(std::move(mmu::AbsoluteStorage::create(kStorageSize).value())), decoder_(system.words),
        code_(*storage_, decoder_), interpreter(code_), sie(*storage_, cpus, track_stores, assists) {
    cpu::Cpu::Environment environment{*storage_, clock, floating, {}, &system, nullptr, nullptr, &sie, trace};
    system.gmap = &sie.gmap();
    for (unsigned n = 0; n < cpus; ++n) {
      auto& c = cpus_.emplace_back(std::make_unique<cpu::Cpu>(static_cast<u16>(n), environment));
      c->decoder = &decoder_;
      c->state = cpu::Cpu::State::Operating;
      system.cpus.push_back(c.get());
    }
    engine_ = siena::testing::engine_from_environment(interpreter, code_, *storage_, cpu());
    for (const u64 area : {u64{0}, u64{kGuest}})
      for (const u64 psw : {0x1A0u, 0x1B0u, 0x1C0u, 0x1D0u, 0x1E0u, 0x1F0u}) {
        put<u64>(area + psw, kWide | cpu::Psw::kWait);
        put<u64>(area + psw + 8, psw);
      }
    put<u64>(kHostWait, kWide | cpu::Psw::kWait);
    put<u64>(kHostWait + 8, kBehindSie);
    code_at(kHostCode, "B214E000 B2B2F000");
    for (auto& c : cpus_) {
      c->attention = false;
      c->cr[0] |= cpu::cr0::kEnhancedDat;
      c->cr[1] = mmu::asce::kRealSpace;
      c->set_cpu_timer(u64{1} << 62);
      c->clock_comparator = ~u64{0};
    }
    sd = StateDescription{};
    sd.cpuflags = cpuflags::kZarch | cpuflags::kEdat2;
    sd.mso = kGuest;
    sd.msl = kGuest + kGuestSize - 0x10'0000;
    sd.gpsw_mask = kWide;
    sd.gpsw_address = kGuestCode;
    sd.eca = eca::kProtection | eca::kMovePage;
    sd.ecb = ecb::kHostProtection;
    sd.cputm = u64{1} << 62;
    sd.ckc = ~u64{0};
    sd.gcr[0] = 0xE0 | cpu::cr0::kEnhancedDat;
  }

  cpu::Cpu& cpu(unsigned n = 0) { return *cpus_[n]; }
  mmu::AbsoluteStorage& storage() { return *storage_; }
  template <typename T>
  void put(u64 address, T value) {
    ASSERT_TRUE(storage_->store<T>({address}, value));
  }
  template <typename T = u64>
  T load(u64 address) const {
    return *storage_->load<T>({address});
  }
  void code_at(u64 address, std::string_view hex) {
    int high = -1;
    for (const char c : hex) {
      if (c == ' ') continue;
      const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      if (high < 0) {
        high = digit;
      } else {
        put<u8>(address++, static_cast<u8>(high << 4 | digit));
        high = -1;
      }
    }
  }
  void guest_code(std::string_view hex, u64 at = kGuestCode) { code_at(kGuest + at, hex); }
  template <typename T>
  void guest_put(u64 at, T value) {
    put<T>(kGuest + at, value);
  }

  /// Stores `sd` as the state description, executes SIE and goes on until the SIE host waits or `cycles` have passed. Answers
  /// where the host ended; `sd` is then what is in storage.
  u64 run(u64 cycles = 100'000) {
    write_block();
    return resume(cycles);
  }
  void write_block() {
    u8 bytes[sizeof sd];
    std::memcpy(bytes, &sd, sizeof sd);
    ASSERT_TRUE(storage_->write({kBlock}, bytes));
  }
  void read_block() { std::memcpy(&sd, storage_->host({kBlock}), sizeof sd); }
  /// SIE with the state description as it is in storage, or on with the guest if it is still running.
  u64 resume(u64 cycles = 100'000, unsigned n = 0) {
    if (!cpu(n).interpretive()) restart_host(n);
    return go_on(cycles, n);
  }
  u64 go_on(u64 cycles = 100'000, unsigned n = 0) {
    exit = interpreter.run(cpu(n), cpu(n).cycles + cycles);
    read_block();
    return cpu(n).psw.address;
  }
  void restart_host(unsigned n = 0) {
    cpu(n).psw.mask = host_psw;
    cpu(n).psw.address = kHostCode;
    cpu(n).gr[14] = kBlock;
    cpu(n).gr[15] = kHostWait;
    cpu(n).controls_changed();
  }

  // The SIE host's interruption fields, and one of the guest's (prefix 0).
  u16 host_code() const { return load<u16>(0x8E); }
  u16 host_ilc() const { return load<u16>(0x8C); }
  u64 host_teid() const { return load(0xA8); }
  u64 host_old_address(u64 psw = 0x150) const { return load(psw + 8); }
  u16 guest_program_code() const { return load<u16>(kGuest + 0x8E); }

  u16 reason() const { return static_cast<u16>(sd.ipb >> 16); }
  u16 intercepted_code() const { return load_big<u16>(sd.parameters + parameter::kCode); }

  FakeSystem system;
  cpu::timing::TodClock clock{0xD000'0000'0000'0000};
  cpu::FloatingPending floating;
  StateDescription sd;
  u64 host_psw = kWide;
  cpu::interpreter::Interpreter::Exit exit{};

 private:
  std::unique_ptr<mmu::AbsoluteStorage> storage_;
  cpu::isa::Decoder decoder_;
  cpu::interpreter::CodeCache code_;

 public:
  cpu::interpreter::Interpreter interpreter;
  InterpretiveExecution sie;

 private:
  std::vector<std::unique_ptr<cpu::Cpu>> cpus_;
  std::unique_ptr<cpu::jit::Engine> engine_;
};

/// A 2-GB space of the SIE host: segment table at absolute `base`, page tables behind it, one to a page.
class HostTables {
 public:
  static constexpr u64 kInvalid = 0x400, kProtected = 0x200;
  HostTables(SieMachine& machine, u64 base) : m_(machine), base_(base), next_(base + 0x4000) {
    for (u64 i = 0; i < 2048; ++i) m_.put<u64>(base + 8 * i, 0x20);
  }
  u64 asce() const { return base_ | 3; }
  u64 segment_entry(u64 address) const { return base_ + (address >> 20) * 8; }
  u64 entry(u64 address) const {
    return (m_.load(segment_entry(address)) & ~u64{0x7FF}) + ((address >> 12) & 0xFF) * 8;
  }
  void map(u64 address, u64 frame, u64 flags = 0) {
    if ((m_.load(segment_entry(address)) & 0x20) != 0) {
      for (u64 i = 0; i < 256; ++i) m_.put<u64>(next_ + 8 * i, kInvalid);
      m_.put<u64>(segment_entry(address), next_);
      next_ += kPageSize;
    }
    m_.put<u64>(entry(address), frame | flags);
  }
  /// Maps the guest of SieMachine at host-virtual 0.
  void map_guest() {
    for (u64 a = 0; a < SieMachine::kGuestSize; a += kPageSize) map(a, SieMachine::kGuest + a);
  }

 private:
  SieMachine& m_;
  u64 base_, next_;
};

} // namespace siena::sie::testing
