// SPDX-License-Identifier: BSD-3-Clause
// What tests of traces stand on: an output that goes into a string, and a small machine whose events do.
#pragma once

#include "frontends/trace/event_trace.h"
#include "machine/machine.h"

#include <gtest/gtest.h>

#include <sstream>

namespace siena::frontends::trace::testing {

inline std::unique_ptr<Output> into(std::string& text, std::size_t capacity = 256 * 1024) {
  return std::make_unique<Output>(
      [&text](std::string_view more) {
        text += more;
        return true;
      },
      capacity);
}

/// Text and JSON of everything that a part reports in these categories.
class Recorder {
 public:
  explicit Recorder(std::vector<TraceCategory> categories, machine::TraceFilter filter = {})
      : trace_(std::make_unique<EventTrace>(configuration(std::move(categories), std::move(filter)))) {
    trace_->add_text(into(text_), true);
    trace_->add_json(into(json_), "");
  }
  TraceSink& sink() { return *trace_; }
  /// The lines so far without time and the blanks that align.
  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    std::istringstream in(text_);
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string word, shown;
      words >> word;
      while (words >> word) shown += (shown.empty() ? "" : " ") + word;
      lines.push_back(shown);
    }
    return lines;
  }
  const std::string& text() const { return text_; }
  /// The whole JSON; nothing is recorded any more.
  std::string json() {
    trace_.reset();
    return json_;
  }

 private:
  static machine::Configuration configuration(std::vector<TraceCategory> categories, machine::TraceFilter filter) {
    machine::Configuration c;
    c.trace = std::move(categories);
    c.trace_filter = std::move(filter);
    return c;
  }
  std::string text_, json_;
  std::unique_ptr<EventTrace> trace_;
};

/// A machine with a program at 0x2000, whose program-new and supervisor-call-new PSWs lead to an instruction that powers it off.
class TracedMachine final : public machine::Surroundings {
 public:
  static constexpr u64 kWide = cpu::Psw::kExtendedAddressing | cpu::Psw::kBasicAddressing, kCode = 0x2000,
                       kEnd = 0x2F00;
  static constexpr const char* kPowerOff = "B2B20300"; ///< LPSWE of a disabled wait that means the end

  explicit TracedMachine(TraceSink& sink, bool track_shadowed_tables = true) {
    machine::Configuration c;
    c.storage_size = 8 * machine::kMebibyte;
    c.track_shadowed_tables = track_shadowed_tables;
    c.engine = machine::Engine::Interpreter;
    c.time = machine::TimeMode::Warp;
    c.rtc_base = 1'700'000'000;
    c.seed = 1;
    machine = std::move(machine::Machine::create(c, *this, &sink).value());
    put<u64>(0x300, kWide | cpu::Psw::kWait);
    put<u64>(0x308, 0xFFF);
    for (const u64 psw : {0x1B0u, 0x1C0u, 0x1D0u}) {
      put<u64>(psw, kWide);
      put<u64>(psw + 8, kEnd);
    }
    code(kPowerOff, kEnd);
  }
  template <typename T>
  void put(u64 address, T value) {
    ASSERT_TRUE(machine->storage().store<T>({address}, value));
  }
  /// Machine code in hexadecimal with blanks.
  void code(std::string_view hex, u64 at = kCode) {
    std::string digits;
    for (const char c : hex)
      if (c != ' ') digits += c;
    for (std::size_t i = 0; i < digits.size(); i += 2)
      put<u8>(at++, static_cast<u8>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  }
  cpu::Cpu& cpu() { return machine->cpu(0); }
  /// Runs the program to the end of the machine.
  void run(std::string_view hex, u64 mask = kWide) {
    code(hex);
    cpu().load_psw(mask, kCode);
    cpu().state = cpu::Cpu::State::Operating;
    EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  }

  devices::ByteSink& output(const std::string&) override { return nowhere_; }
  void wait(u64) override {
    if (++waits_ == 1000) machine->control().quit(99); // a program that does not end
  }
  u64 host_nanoseconds() override { return ++time_; }

  std::unique_ptr<machine::Machine> machine;

 private:
  class Nowhere final : public devices::ByteSink {
   public:
    void write(std::span<const u8>) override {}
  };
  Nowhere nowhere_;
  u64 time_ = 0, waits_ = 0;
};

} // namespace siena::frontends::trace::testing
