// SPDX-License-Identifier: BSD-3-Clause
// A machine small enough for one control instruction: storage, one CPU, and ports that remember what they were asked. `execute`
// runs one instruction's semantics; the state before and after is the CPU's own.
#pragma once

#include "cpu/isa/decoder.h"
#include "tests/executed.h"

#include <gtest/gtest.h>

#include <deque>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace siena::cpu::isa::testing {

class FakeSystem final : public ports::System {
 public:
  Cpu* cpu = nullptr; ///< whose TLB purges reach
  std::vector<u64> facility_words = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
  u8 level = 3;
  SigpResult sigp_answer;
  struct Sigp {
    u16 receiver;
    u8 order;
    u64 parameter;
  };
  std::vector<Sigp> sigps;
  std::vector<u64> leaves, asces, ipl_functions, yields;
  std::vector<std::pair<u64, bool>> entries; ///< and whether it was the guest's
  int all_purges = 0, interpretive_purges = 0;
  std::vector<u8> stored_block;
  std::vector<u8> block_to_store;
  bool watchdog_accepts = false;
  u64 control_program = 0;
  std::vector<std::vector<unsigned>> information_requests;

  SigpResult signal_processor(Cpu&, u16 receiver, u8 order, u64 parameter) override {
    sigps.push_back({receiver, order, parameter});
    return sigp_answer;
  }
  void yield(Cpu&, std::optional<u16> to) override { yields.push_back(to.value_or(0xFFFF)); }
  void invalidate_leaf(u64 leaf, const mmu::TranslationScope& scope) override {
    leaves.push_back(leaf);
    cpu->tlb().invalidate_leaf(leaf, scope);
  }
  void invalidate_table_entry(u64 entry, u64 was, const mmu::TranslationScope& scope) override {
    entries.push_back({entry, scope.interpretive});
    cpu->tlb().invalidate_table_entry(entry, was, scope);
  }
  void purge_asce(u64 asce, const mmu::TranslationScope& scope) override {
    asces.push_back(asce);
    cpu->tlb().purge_asce(asce, scope);
  }
  void purge_all(const mmu::TranslationScope& scope) override {
    ++(scope.interpretive ? interpretive_purges : all_purges);
    cpu->tlb().purge(scope);
  }
  void purge_own(Cpu& own, const mmu::TranslationScope& scope) override { own.tlb().purge(scope); }
  bool ipl_function(Cpu&, u64 subcode) override {
    ipl_functions.push_back(subcode);
    return subcode <= 1 || subcode == 3 || subcode == 4 || subcode == 7;
  }
  u16 set_ipl_block(std::span<const u8> block) override {
    stored_block.assign(block.begin(), block.end());
    return 0x0001;
  }
  std::vector<u8> ipl_block() const override { return block_to_store; }
  bool watchdog(u32, u64, u64) override { return watchdog_accepts; }
  void set_control_program(u64 value) override { control_program = value; }
  u64 cpu_id(const Cpu&) const override { return 0x0012'3456'8561'8000; }
  u8 configuration_level() const override { return level; }
  bool system_information(const Cpu&, unsigned fc, unsigned s1, unsigned s2, std::span<u8, 4096> block) override {
    information_requests.push_back({fc, s1, s2});
    if (fc != 3 || s1 != 2 || s2 != 2) return false;
    block[31] = 1;
    block[4095] = 0xEE;
    return true;
  }
  std::span<const u64> facilities() const override { return facility_words; }
};

class FakeChannels final : public ports::ChannelSubsystem {
 public:
  ports::IoCondition answer;
  std::vector<std::string_view> calls;
  std::vector<u8> block;
  u32 subchannel = 0;
  std::deque<ports::IoInterruption> pending;
  u8 asked_subclasses = 0;
  std::deque<u32> reports;
  s64 notify_answer = 0;

  ports::IoCondition clear(u32 id) override { return note("clear", id); }
  ports::IoCondition halt(u32 id) override { return note("halt", id); }
  ports::IoCondition resume(u32 id) override { return note("resume", id); }
  ports::IoCondition cancel(u32 id) override { return note("cancel", id); }
  ports::IoCondition modify(u32 id, std::span<const u8, ports::kSchibSize> b) override {
    block.assign(b.begin(), b.end());
    return note("modify", id);
  }
  ports::IoCondition start(u32 id, std::span<const u8, ports::kOrbSize> b) override {
    block.assign(b.begin(), b.end());
    return note("start", id);
  }
  ports::IoCondition store(u32 id, std::span<u8, ports::kSchibSize> b) override {
    std::fill(b.begin(), b.end(), u8{0x5A});
    return note("store", id);
  }
  ports::IoCondition test(u32 id, std::span<u8, ports::kIrbSize> b) override {
    std::fill(b.begin(), b.end(), u8{0xA5});
    return note("test", id);
  }
  void tested(u32 id) override { (void)note("tested", id); }
  u32 channel_report() override {
    if (reports.empty()) return 0;
    const u32 word = reports.front();
    reports.pop_front();
    return word;
  }
  bool channel_report_waiting() const override { return !reports.empty(); }
  ports::IoCondition reset_channel_path(u32 path) override { return note("reset path", path); }
  ports::IoCondition set_channel_monitor(u64, u64) override { return note("monitor", 0); }
  ports::IoCondition set_address_limit(u64) override { return note("limit", 0); }
  ports::IoCondition channel_subsystem_call(std::span<u8, 4096> page) override {
    page[16] = 0xCC;
    return note("call", 0);
  }
  u8 pending_subclasses() const override { return pending.empty() ? 0 : 0x10; }
  std::optional<ports::IoInterruption> take_interruption(u8 subclasses) override {
    asked_subclasses = subclasses;
    if (pending.empty() || (subclasses & 0x10) == 0) return std::nullopt;
    const auto io = pending.front();
    pending.pop_front();
    return io;
  }
  s64 notify_virtqueue(u32 id, u64, u64) override {
    (void)note("notify", id);
    return notify_answer;
  }
  void reset() override {}

 private:
  ports::IoCondition note(std::string_view call, u32 id) {
    calls.push_back(call);
    subchannel = id;
    return answer;
  }
};

class FakeServiceCall final : public ports::ServiceCall {
 public:
  Result answer = Result::Accepted;
  u32 command = 0, sccb = 0;
  Result service_call(u32 c, u32 s) override {
    command = c;
    sccb = s;
    return answer;
  }
};

/// Interpretive execution that answers `before` with one outcome, or lets everything be executed.
class FakeInterpretiveExecution final : public ports::InterpretiveExecution {
 public:
  std::optional<Outcome> answer;
  std::vector<SieRule> asked;
  int released = 0, conditions_1 = 0, intercepted = 0;
  u64 started_with = 0;
  Outcome start(Cpu&, u64 operand) override {
    started_with = operand;
    return Outcome::CompletedLeaveBlock;
  }
  std::optional<Outcome> before(Cpu&, u64, SieRule rule) override {
    asked.push_back(rule);
    if (rule.kind == SieRule::Kind::Always) return Outcome::Interception;
    return answer;
  }
  Outcome intercept(Cpu&, u64) override {
    ++intercepted;
    return Outcome::Interception;
  }
  Outcome storage_key(Cpu&, u64, u64, KeyOperation, u8&) override { return Outcome::Interception; }
  void after_interlocked(Cpu&) override { ++released; }
  Outcome after_condition_1(Cpu&, u64) override {
    ++conditions_1;
    return Outcome::Interception;
  }
  void program_interruption(Cpu&, u8) override {}
  void leave(Cpu&, Outcome, u8) override {}
  bool checkpoint(Cpu&) override { return true; }
  u64 deadline(const Cpu&) const override { return ~u64{0}; }
  void suspend(Cpu&) override {}
  void abandon(Cpu&) override {}
};

/// SIE-host storage at the same addresses, but for the pages that `missing` names.
class FakeSieHost final : public mmu::SieHostSpace {
 public:
  u64 missing = ~u64{0};
  mmu::Translation translate(u64 guest_absolute, Access) override {
    mmu::Translation t;
    t.page = {guest_absolute & kPageMask};
    if (t.page.value == missing) {
      t.fault = mmu::fault::kPageTranslation;
      t.owner = mmu::Owner::SieHost;
      t.host_teid = t.page.value;
    }
    return t;
  }
};

class ControlProgram {
 public:
  static constexpr u64 kStorageSize = 8 << 20;
  static constexpr u64 kCode = 0x1'0000;

  ControlProgram()
      : storage_(std::move(mmu::AbsoluteStorage::create(kStorageSize).value())),
        cpu(0, {*storage_, clock, floating, {}, &system, &channels, &service, &interpretive, nullptr}) {
    system.cpu = &cpu;
    cpu.psw.mask = Psw::kExtendedAddressing | Psw::kBasicAddressing;
    cpu.psw.address = kCode;
    cpu.cr[0] |= cr0::kEnhancedDat | cr0::kSecondarySpace;
    cpu.controls_changed();
  }

  mmu::AbsoluteStorage& storage() { return *storage_; }
  u64 load(u64 address) const { return *storage_->load<u64>({address}); }
  u32 load32(u64 address) const { return *storage_->load<u32>({address}); }
  u8 load8(u64 address) const { return *storage_->load<u8>({address}); }
  template <typename T>
  void put(u64 address, T value) {
    ASSERT_TRUE(storage_->store<T>({address}, value));
  }
  void fill(u64 address, u64 length, u8 value) {
    const std::vector<u8> bytes(length, value);
    ASSERT_TRUE(storage_->write({address}, bytes));
  }
  void key(u64 address, u8 key) { storage_->frames().set_key({address}, key); }
  u8 key(u64 address) const { return storage_->frames().key({address}); }

  void psw(u64 bits_to_set) {
    cpu.psw.mask |= bits_to_set;
    cpu.controls_changed();
  }
  void space(AddressSpace s) {
    cpu.psw.set_field(Psw::kAddressSpace, static_cast<u64>(s) << 46);
    cpu.controls_changed();
  }
  void psw_key(u8 key) {
    cpu.psw.set_field(Psw::kKey, static_cast<u64>(key) << 48);
    cpu.controls_changed();
  }
  void cr(unsigned n, u64 value) {
    cpu.cr[n] = value;
    cpu.controls_changed();
  }
  void interpret() { cpu.sie_host = &sie_host; }

  /// Executes one instruction, given as hexadecimal text ("B20A 0010"). The PSW is advanced over it first, as engines do.
  Outcome execute(std::string_view hex) {
    u64 bits = 0;
    unsigned digits = 0;
    for (const char c : hex) {
      if (c == ' ') continue;
      const int value = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      bits |= static_cast<u64>(value) << (60 - 4 * digits++);
    }
    const InsnText text{bits};
    EXPECT_EQ(text.length() * 2u, digits) << hex;
    static constexpr u64 kEverything[] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
    static const Decoder kDecoder{kEverything};
    const InstructionDef* def = kDecoder.find(text);
    cpu.pending_program = {};
    cpu.psw.address = kCode + text.length();
    if (def == nullptr) return cpu.recognize(ProgramInterruption::Operation);
    return tests::execute_noted(cpu, *def, text);
  }
  /// Executes and expects completion.
  void run(std::string_view hex) {
    const Outcome o = execute(hex);
    EXPECT_TRUE(o == Outcome::Completed || o == Outcome::CompletedLeaveBlock)
        << hex << " ended with program interruption 0x" << std::hex << static_cast<int>(cpu.pending_program.code);
  }
  /// Executes and answers the program interruption it ended with; None when it completed.
  ProgramInterruption interruption(std::string_view hex) {
    return execute(hex) == Outcome::ProgramInterruption ? cpu.pending_program.code : ProgramInterruption::None;
  }

 private:
  std::unique_ptr<mmu::AbsoluteStorage> storage_;
  timing::TodClock clock{0xD000'0000'0000'0000};
  FloatingPending floating;

 public:
  FakeSystem system;
  FakeChannels channels;
  FakeServiceCall service;
  FakeInterpretiveExecution interpretive;
  FakeSieHost sie_host;
  Cpu cpu;
};

/// A 2-GB address space with a segment table at `base` and page tables behind it.
class TestSpace {
 public:
  static constexpr u64 kInvalid = 0x400, kProtected = 0x200;
  TestSpace(ControlProgram& program, u64 base) : p_(program), base_(base), next_table_(base + 0x4000) {
    for (u64 i = 0; i < 2048; ++i) p_.put<u64>(base + 8 * i, 0x20);
  }
  u64 asce() const { return base_ | 3; }
  u64 segment_entry(u64 address) const { return base_ + (address >> 20) * 8; }
  u64 page_table(u64 address) const { return p_.load(segment_entry(address)) & ~u64{0x7FF}; }
  u64 page_entry(u64 address) const { return page_table(address) + ((address >> 12) & 0xFF) * 8; }
  TestSpace& map(u64 address, u64 frame, u64 flags = 0) {
    if ((p_.load(segment_entry(address)) & 0x20) != 0) {
      for (u64 i = 0; i < 256; ++i) p_.put<u64>(next_table_ + 8 * i, kInvalid);
      p_.put<u64>(segment_entry(address), next_table_);
      next_table_ += 0x800;
    }
    p_.put<u64>(page_entry(address), frame | flags);
    return *this;
  }

 private:
  ControlProgram& p_;
  u64 base_, next_table_;
};

} // namespace siena::cpu::isa::testing
