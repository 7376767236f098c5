// SPDX-License-Identifier: BSD-3-Clause
// An SCLP with main storage and fakes around it, and a guest's view of it: build an SCCB, issue the command, look at the reply.
#pragma once

#include "devices/sclp/sclp.h"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace siena::devices::sclp {

constexpr u32 kReadScpInfo = 0x00020001;
constexpr u32 kReadScpInfoForced = 0x00120001;
constexpr u32 kReadCpuInfo = 0x00010001;
constexpr u32 kReadStorageElementInfo = 0x00040001;
constexpr u32 kReadEventData = 0x00770005;
constexpr u32 kWriteEventData = 0x00760005;
constexpr u32 kWriteEventMask = 0x00780005;

class RecordedInterruptions final : public cpu::ports::InterruptionSink {
 public:
  void service_signal(u32 parameter) override { parameters.push_back(parameter); }
  void io_interruptions_changed() override {}
  void channel_report_pending() override {}

  std::vector<u32> parameters;
};

class StandingTime final : public cpu::timing::EventQueue {
 public:
  cpu::timing::VirtualTime now() const override { return time; }
  cpu::timing::EventId schedule(cpu::timing::VirtualTime, std::function<void()>) override { return 1; }
  void cancel(cpu::timing::EventId) override {}

  cpu::timing::VirtualTime time = 0;
};

class RecordedOutput final : public ByteSink {
 public:
  void write(std::span<const u8> bytes) override { text.append(bytes.begin(), bytes.end()); }

  std::string text;
};

/// A snapshot in memory, with the reader's rules: sections by name, byte fields of the exact length, zeros after a failure.
class MemorySnapshot final : public SnapshotWriter, public SnapshotReader {
 public:
  struct Field {
    std::string name;
    u64 value = 0;
    std::vector<u8> bytes;
  };

  void begin(std::string_view name, u32 version) override { fields.push_back({std::string(name), version, {}}); }
  void number(u64 value) override { fields.push_back({"number", value, {}}); }
  void bytes(std::span<const u8> data) override { fields.push_back({"bytes", 0, {data.begin(), data.end()}}); }

  u32 begin(std::string_view name) override { return static_cast<u32>(take(name).value); }
  u64 number() override { return take("number").value; }
  void bytes(std::span<u8> data) override {
    const auto field = take("bytes");
    if (field.bytes.size() != data.size()) failed = true;
    if (!failed) std::copy(field.bytes.begin(), field.bytes.end(), data.begin());
  }
  bool ok() const override { return !failed; }

  std::deque<Field> fields;
  bool failed = false;

 private:
  Field take(std::string_view name) {
    if (failed || fields.empty() || fields.front().name != name) {
      failed = true;
      return {};
    }
    auto field = fields.front();
    fields.pop_front();
    return field;
  }
};

class SclpTest : public ::testing::Test {
 protected:
  using Result = cpu::ports::ServiceCall::Result;
  static constexpr u32 kSccb = 0x10000;
  static constexpr u64 kStorageSize = u64{64} << 20;

  SclpTest() { rebuild({}); }

  /// Replaces the SCLP; consoles must be added again.
  void rebuild(Configuration configuration, u64 storage_size = kStorageSize) {
    sclp.reset();
    storage = std::move(mmu::AbsoluteStorage::create(storage_size).value());
    sclp = std::make_unique<Sclp>(*storage, interruptions, time, configuration);
    interruptions.parameters.clear();
  }

  /// Stores `sccb` at `address` and issues the command; answers the SCCB's page as it is afterwards.
  std::vector<u8> call(u32 command, const std::vector<u8>& sccb, u32 address = kSccb) {
    EXPECT_TRUE(storage->write({address}, sccb));
    result = sclp->service_call(command, address);
    std::vector<u8> reply(8192);
    EXPECT_TRUE(storage->read({address}, reply));
    return reply;
  }
  static std::vector<u8> empty_sccb(u16 length, u8 function_code = 0, u8 variable_length = 0) {
    std::vector<u8> sccb(std::max<std::size_t>(length, 8));
    store_big(sccb.data(), length);
    sccb[2] = function_code;
    sccb[5] = variable_length;
    return sccb;
  }
  static u16 response(const std::vector<u8>& sccb) { return load_big<u16>(&sccb[6]); }
  static u16 half(const std::vector<u8>& sccb, std::size_t at) { return load_big<u16>(&sccb[at]); }

  static std::vector<u8> mask_sccb(u16 mask_length, u64 receive, u64 send) {
    auto sccb = empty_sccb(static_cast<u16>(12 + 4 * mask_length));
    store_big(&sccb[10], mask_length);
    u8 masks[16];
    store_big(masks, receive);
    store_big(masks + 8, send);
    const std::size_t stored = std::min<std::size_t>(mask_length, 8);
    std::memcpy(&sccb[12], masks, stored);
    std::memcpy(&sccb[12 + std::size_t{mask_length}], masks + 8, stored);
    return sccb;
  }
  void enable(EventMask receive) {
    ASSERT_EQ(response(call(kWriteEventMask, mask_sccb(8, receive, ~u64{0}))), 0x0020);
    interruptions.parameters.clear();
  }

  struct Event {
    unsigned type = 0;
    std::vector<u8> data;
  };
  /// Read Event Data with a full page and a variable-length response; the events of the reply.
  std::vector<Event> read_events(u16 length = 4096) {
    last_reply = call(kReadEventData, empty_sccb(length, 0, 0x80));
    std::vector<Event> events;
    if (response(last_reply) != 0x0020) return events;
    for (std::size_t at = 8; at < half(last_reply, 0); at += half(last_reply, at)) {
      if (half(last_reply, at) < 6) {
        ADD_FAILURE() << "event buffer without a header";
        break;
      }
      const auto first = last_reply.begin() + static_cast<std::ptrdiff_t>(at);
      events.push_back({last_reply[at + 2], {first + 6, first + half(last_reply, at)}});
    }
    return events;
  }

  static void append_event(std::vector<u8>& sccb, EventType type, std::span<const u8> data) {
    const std::size_t at = sccb.size();
    sccb.resize(at + 6);
    store_big(&sccb[at], static_cast<u16>(6 + data.size()));
    sccb[at + 2] = static_cast<u8>(type);
    sccb.insert(sccb.end(), data.begin(), data.end());
    store_big(sccb.data(), static_cast<u16>(sccb.size()));
  }
  static std::span<const u8> bytes_of(std::string_view text) {
    return {reinterpret_cast<const u8*>(text.data()), text.size()};
  }

  std::unique_ptr<mmu::AbsoluteStorage> storage;
  RecordedInterruptions interruptions;
  StandingTime time;
  RecordedOutput output;
  std::unique_ptr<Sclp> sclp;
  Result result = Result::Busy;
  std::vector<u8> last_reply;
};

} // namespace siena::devices::sclp
