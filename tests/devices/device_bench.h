// SPDX-License-Identifier: BSD-3-Clause
// What device tests stand on: main storage, an event queue that a test advances, a sink that counts, and a channel subsystem
// with a program's view of it: build CCWs in storage, start, wait, test.
#pragma once

#include "devices/channel/channel_subsystem.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace siena::test {

class TestEvents final : public cpu::timing::EventQueue {
 public:
  cpu::timing::VirtualTime now() const override { return now_; }
  cpu::timing::EventId schedule(cpu::timing::VirtualTime at, std::function<void()> action) override {
    const auto id = ++last_id_;
    events_.emplace(std::pair{at, id}, std::move(action));
    return id;
  }
  void cancel(cpu::timing::EventId id) override {
    std::erase_if(events_, [id](const auto& event) { return event.first.second == id; });
  }

  /// Lets `duration` pass.
  void advance(cpu::timing::VirtualTime duration) {
    const auto end = now_ + duration;
    while (!events_.empty() && events_.begin()->first.first <= end) run_next();
    now_ = end;
  }
  /// Lets time pass until nothing is scheduled; false when that does not happen within `limit` events.
  bool settle(unsigned limit = 1000) {
    while (!events_.empty()) {
      if (limit-- == 0) return false;
      run_next();
    }
    return true;
  }
  std::size_t scheduled() const { return events_.size(); }

 private:
  void run_next() {
    const auto event = events_.begin();
    now_ = std::max(now_, event->first.first);
    const auto action = std::move(event->second);
    events_.erase(event);
    action();
  }

  std::map<std::pair<cpu::timing::VirtualTime, cpu::timing::EventId>, std::function<void()>> events_;
  cpu::timing::VirtualTime now_ = 1'000'000;
  cpu::timing::EventId last_id_ = 0;
};

class TestSink final : public cpu::ports::InterruptionSink {
 public:
  void service_signal(u32) override {}
  void io_interruptions_changed() override { ++changes; }
  void channel_report_pending() override { ++reports; }
  int changes = 0;
  int reports = 0;
};

/// A channel subsystem with the program's operations on it.
class DeviceBench {
 public:
  static constexpr u32 kParameter = 0xCAFE'0000;

  explicit DeviceBench(TraceSink* trace = nullptr)
      : storage_(std::move(mmu::AbsoluteStorage::create(u64{8} << 20).value())), css(*storage_, events, sink, trace) {}

  mmu::AbsoluteStorage& storage() { return *storage_; }

  static u32 id(u16 number, u8 set = 0) { return 0x0001'0000u | u32{set} << 17 | number; }

  /// Enables the subchannel with interruption subclass 3 and concurrent sense, as Linux does.
  void enable(u32 subsystem_id, bool concurrent_sense = true) {
    auto schib = stsch(subsystem_id);
    schib.pmcw.flags = static_cast<u16>(0x1880 | (schib.pmcw.flags & 1));
    schib.pmcw.parameter = kParameter;
    schib.pmcw.characteristics = concurrent_sense ? 1 : 0;
    ASSERT_EQ(msch(subsystem_id, schib), 0);
  }
  void disable(u32 subsystem_id) {
    auto schib = stsch(subsystem_id);
    schib.pmcw.flags = static_cast<u16>(schib.pmcw.flags & ~0x80);
    ASSERT_EQ(msch(subsystem_id, schib), 0);
  }

  devices::channel::Schib stsch(u32 subsystem_id) {
    devices::channel::Schib schib;
    u8 bytes[52];
    EXPECT_EQ(css.store(subsystem_id, bytes).cc, 0);
    std::memcpy(static_cast<void*>(&schib), bytes, sizeof bytes);
    return schib;
  }
  u8 msch(u32 subsystem_id, const devices::channel::Schib& schib) {
    u8 bytes[52];
    std::memcpy(bytes, &schib, sizeof bytes);
    const auto condition = css.modify(subsystem_id, bytes);
    return condition.operand_exception ? kOperandException : condition.cc;
  }
  /// START SUBCHANNEL with format-1 CCWs and format-2 IDAWs unless `control` says otherwise.
  u8 ssch(u32 subsystem_id, u32 program, u16 control = 0x00C2, u8 control_2 = 0, u8 lpm = 0xFF) {
    devices::channel::Orb orb;
    orb.parameter = kParameter;
    orb.control = control;
    orb.control_2 = control_2;
    orb.logical_path_mask = lpm;
    orb.program_address = program;
    u8 bytes[32];
    std::memcpy(bytes, &orb, sizeof bytes);
    const auto condition = css.start(subsystem_id, bytes);
    return condition.operand_exception ? kOperandException : condition.cc;
  }
  /// TEST SUBCHANNEL; `irb` is what it stored.
  u8 tsch(u32 subsystem_id) {
    u8 bytes[96] = {};
    const auto condition = css.test(subsystem_id, bytes);
    if (condition.operand_exception) return kOperandException;
    if (condition.cc != 3) css.tested(subsystem_id);
    std::memcpy(static_cast<void*>(&irb), bytes, sizeof bytes);
    return condition.cc;
  }

  /// A format-1 CCW at `address`.
  void put_ccw(u32 address, u8 command, u8 flags, u16 count, u32 data) {
    ASSERT_TRUE(storage().store<u32>({address}, u32{command} << 24 | u32{flags} << 16 | count));
    ASSERT_TRUE(storage().store<u32>({address + 4}, data));
  }
  void put_ccw0(u32 address, u8 command, u8 flags, u16 count, u32 data) {
    ASSERT_TRUE(storage().store<u32>({address}, u32{command} << 24 | data));
    ASSERT_TRUE(storage().store<u32>({address + 4}, u32{flags} << 24 | count));
  }
  void put(u64 address, const std::vector<u8>& bytes) { ASSERT_TRUE(storage().write({address}, bytes)); }
  std::vector<u8> get(u64 address, std::size_t length) {
    std::vector<u8> bytes(length);
    EXPECT_TRUE(storage().read({address}, bytes));
    return bytes;
  }

  /// Runs the program at `program` to its end and takes interruption and status.
  void run(u32 subsystem_id, u32 program, u16 control = 0x00C2, u8 control_2 = 0) {
    ASSERT_EQ(ssch(subsystem_id, program, control, control_2), 0);
    ASSERT_TRUE(events.settle());
    take_status(subsystem_id);
  }
  void take_status(u32 subsystem_id) {
    const auto interruption = css.take_interruption(0xFF);
    ASSERT_TRUE(interruption.has_value());
    EXPECT_EQ(interruption->subsystem_id, subsystem_id);
    ASSERT_EQ(tsch(subsystem_id), 0);
  }

  static constexpr u8 kOperandException = 0x15;

  TestEvents events;
  TestSink sink;
  devices::channel::Irb irb;

 private:
  std::unique_ptr<mmu::AbsoluteStorage> storage_;

 public:
  devices::channel::ChannelSubsystem css;
};

} // namespace siena::test
