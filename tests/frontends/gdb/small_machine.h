// SPDX-License-Identifier: BSD-3-Clause
// A machine with a program in storage and nothing around it.
#pragma once

#include "machine/machine.h"

#include <gtest/gtest.h>

#include <string_view>

namespace siena::frontends::gdb::testing {

class NullSink final : public devices::ByteSink {
 public:
  void write(std::span<const u8>) override {}
};

class SmallSurroundings : public machine::Surroundings {
 public:
  devices::ByteSink& output(const std::string&) override { return sink_; }
  void wait(u64) override {}
  u64 host_nanoseconds() override { return ++time_; }

 private:
  NullSink sink_;
  u64 time_ = 0;
};

constexpr u64 kWide = cpu::Psw::kExtendedAddressing | cpu::Psw::kBasicAddressing;
/// Where the end of a program is kept: a PSW that powers the machine off.
constexpr u64 kEndPsw = 0x300;

inline std::unique_ptr<machine::Machine> small_machine(machine::Surroundings& surroundings, unsigned cpus = 1) {
  machine::Configuration configuration;
  configuration.storage_size = 8 * machine::kMebibyte;
  configuration.cpu_count = configuration.maximum_cpu_count = cpus;
  configuration.time = machine::TimeMode::Warp;
  configuration.rtc_base = 1'700'000'000;
  configuration.seed = 1;
  auto machine = std::move(machine::Machine::create(configuration, surroundings).value());
  EXPECT_TRUE(machine->storage().store<u64>({kEndPsw}, kWide | cpu::Psw::kWait));
  EXPECT_TRUE(machine->storage().store<u64>({kEndPsw + 8}, 0xFFF));
  return machine;
}

/// Stores machine code, in hexadecimal with blanks.
inline void put_code(machine::Machine& machine, u64 address, std::string_view hex) {
  u8 high = 0;
  bool half = false;
  for (const char c : hex) {
    if (c == ' ') continue;
    const auto digit = static_cast<u8>(c <= '9' ? c - '0' : c - 'A' + 10);
    if (half) {
      EXPECT_TRUE(machine.storage().store<u8>({address++}, static_cast<u8>(high << 4 | digit)));
    }
    high = digit;
    half = !half;
  }
}

inline void start(machine::Machine& machine, unsigned cpu, u64 address, u64 mask = kWide) {
  machine.cpu(cpu).load_psw(mask, address);
  machine.cpu(cpu).state = cpu::Cpu::State::Operating;
}

} // namespace siena::frontends::gdb::testing
