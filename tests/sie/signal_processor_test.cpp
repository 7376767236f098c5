// SPDX-License-Identifier: BSD-3-Clause
// SIGNAL PROCESSOR between two CPUs of a guest, in both forms of the system control area. The sender runs on CPU 0; the addressed
// guest CPU 5 has a state description of its own, which is then run on CPU 1.
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

constexpr u64 kOtherBlock = 0x1'8000, kArea = 0x2'0000;
constexpr u16 kSender = 3, kReceiver = 5;

struct Form {
  const char* name;
  u8 ecb2;
  u64 configured, entries, entry_size;
};

struct SieSignalProcessor : ::testing::TestWithParam<Form> {
  SieMachine m{2};
  const Form form = GetParam();
  static constexpr u64 kCode = SieMachine::kGuestCode;

  void SetUp() override {
    m.sd.ecb2 = form.ecb2;
    m.sd.eca = m.sd.eca | eca::kSignalProcessor;
    m.sd.ecb = m.sd.ecb | ecb::kSenseRunning;
    m.sd.scaol = kArea;
    m.sd.icpua = kSender;
    m.put<u64>(kArea + form.configured, bit(kSender) | bit(kReceiver));
    m.put<u64>(entry(kSender) + 8, SieMachine::kBlock);
    m.put<u64>(entry(kReceiver) + 8, kOtherBlock);
    m.cpu().gr[1] = 0x1111'2222'3333'4444;
    m.cpu().gr[3] = kReceiver;
    m.write_block();
  }
  u64 entry(u16 n) const { return kArea + form.entries + n * form.entry_size; }
  void flags(u32 value) { m.put<u32>(kOtherBlock, value); }
  u32 flags() const { return m.load<u32>(kOtherBlock); }
  /// The call in the receiver's entry, or nothing.
  std::optional<u16> call() const {
    if (form.ecb2 != 0) {
      const u16 control = m.load<u16>(entry(kReceiver));
      return (control & 0x8000) != 0 ? std::optional<u16>(control & 0xFF) : std::nullopt;
    }
    const u8 control = m.load<u8>(entry(kReceiver) + 1);
    return (control & 0x80) != 0 ? std::optional<u16>(control & 0x3F) : std::nullopt;
  }
  u8 run(std::string_view code, u64 mask = 0) {
    m.guest_code(code);
    m.sd.gpsw_mask = SieMachine::kWide | mask;
    m.sd.gpsw_address = kCode;
    m.sd.icptcode = 0xFF;
    EXPECT_EQ(m.run(), kBehindSie);
    return m.sd.icptcode;
  }
  static constexpr const char* kCall = "AE130002 83020044";  // SIGP 1,3,2
  static constexpr const char* kSense = "AE130015 83020044"; // SIGP 1,3,0x15
  void expect_intercepted(std::string_view code) {
    EXPECT_EQ(run(code), 0x04);
    EXPECT_EQ(m.sd.ipa, 0xAE13);
    EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  }
  void expect_condition(std::string_view code, u64 cc) {
    EXPECT_EQ(run(code), 0x04);
    EXPECT_EQ(m.sd.ipa, 0x8302);
    EXPECT_EQ((m.sd.gpsw_mask & Psw::kCc) >> 44, cc);
  }
  /// The receiver's state description is the sender's but for its number; it is run on CPU 1.
  void run_receiver(std::string_view code, u64 mask, u64 cr0 = cpu::cr0::kExternalCall) {
    m.guest_code(code);
    StateDescription other = m.sd;
    other.cpuflags = cpuflags::kZarch | cpuflags::kEdat2 | flags();
    other.icpua = kReceiver;
    other.gpsw_mask = SieMachine::kWide | mask;
    other.gpsw_address = kCode;
    other.gcr[0] = 0xE0 | cr0;
    u8 bytes[sizeof other];
    std::memcpy(bytes, &other, sizeof other);
    ASSERT_TRUE(m.storage().write({kOtherBlock}, bytes));
    m.restart_host(1);
    m.cpu(1).gr[14] = kOtherBlock;
    m.go_on(100'000, 1);
    EXPECT_EQ(m.cpu(1).psw.address, kBehindSie);
  }
  u8 receiver_code() const { return m.load<u8>(kOtherBlock + offsetof(StateDescription, icptcode)); }
};

TEST_P(SieSignalProcessor, ExternalCallIsLeftInTheEntryOfTheAddressedCpu) {
  flags(cpuflags::kRunning | cpuflags::kZarch);
  expect_condition(kCall, 0);
  EXPECT_EQ(call(), kSender);
  EXPECT_EQ(flags(), cpuflags::kRunning | cpuflags::kZarch | cpuflags::kExternalCallPending);
  EXPECT_EQ(m.cpu().gr[1], 0x1111'2222'3333'4444u);
}

TEST_P(SieSignalProcessor, SecondExternalCallIsRefusedWithStatus) {
  expect_condition(kCall, 0);
  m.sd.icpua = 4;
  expect_condition(kCall, 1);
  EXPECT_EQ(m.cpu().gr[1], 0x1111'2222'0000'0080u);
  EXPECT_EQ(call(), kSender);
}

TEST_P(SieSignalProcessor, ExternalCallToAWaitingCpuIsDoneAndEndsInPartialExecution) {
  flags(cpuflags::kWait);
  EXPECT_EQ(run(kCall), 0x38);
  EXPECT_EQ(m.sd.ipa, 0xAE13);
  EXPECT_EQ(m.sd.ipb, 0x0002'0000u);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  EXPECT_EQ(call(), kSender);
  EXPECT_EQ(flags(), cpuflags::kWait | cpuflags::kExternalCallPending);
}

TEST_P(SieSignalProcessor, CpusWithoutAUsableEntryAreTheHosts) {
  m.put<u64>(kArea + form.configured, bit(kSender));
  expect_intercepted(kCall);
  expect_intercepted(kSense);
  m.put<u64>(kArea + form.configured, ~u64{0});
  for (const u64 address : {u64{0}, u64{kOtherBlock + 8}, u64{SieMachine::kStorageSize}}) {
    m.put<u64>(entry(kReceiver) + 8, address);
    expect_intercepted(kCall);
    expect_intercepted(kSense);
  }
  m.put<u64>(entry(kReceiver) + 8, kOtherBlock);
  m.cpu().gr[3] = 248;
  expect_intercepted(kCall);
  m.cpu().gr[3] = kReceiver;
  m.sd.scaol = 0;
  expect_intercepted(kCall);
  EXPECT_EQ(call(), std::nullopt);
  EXPECT_EQ(flags(), 0u);
}

TEST_P(SieSignalProcessor, OtherOrdersAreTheHosts) {
  for (const char* code : {"AE130001", "AE130003", "AE130004", "AE130005", "AE130006", "AE13000B", "AE130012"})
    expect_intercepted(code);
}

TEST_P(SieSignalProcessor, OrdersWhoseControlIsZeroAreTheHosts) {
  m.sd.eca = m.sd.eca & ~eca::kSignalProcessor;
  expect_intercepted(kCall);
  expect_condition(kSense, 1);
  m.sd.eca = m.sd.eca | eca::kSignalProcessor;
  m.sd.ecb = ecb::kHostProtection;
  expect_intercepted(kSense);
  expect_condition(kCall, 0);
}

TEST_P(SieSignalProcessor, SenseRunningStatusIsTheRunningFlag) {
  flags(cpuflags::kRunning);
  expect_condition(kSense, 0);
  EXPECT_EQ(m.cpu().gr[1], 0x1111'2222'3333'4444u);
  flags(~cpuflags::kRunning);
  expect_condition(kSense, 1);
  EXPECT_EQ(m.cpu().gr[1], 0x1111'2222'0000'0400u);
}

TEST_P(SieSignalProcessor, EnabledReceiverTakesTheCallAtEntry) {
  expect_condition(kCall, 0);
  run_receiver("83020044", Psw::kExternal);
  EXPECT_EQ(receiver_code(), 0x1C); // the external new PSW waits
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x86), 0x1202);
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x84), kSender);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x138), kCode);
  EXPECT_EQ(call(), std::nullopt);
  EXPECT_EQ(flags() & cpuflags::kExternalCallPending, 0u);
}

TEST_P(SieSignalProcessor, ReceiverTakesTheCallWhenItEnablesItself) {
  expect_condition(kCall, 0);
  run_receiver("83020044", 0);
  EXPECT_EQ(receiver_code(), 0x04); // disabled by the PSW
  run_receiver("83020044", Psw::kExternal, 0);
  EXPECT_EQ(receiver_code(), 0x04); // disabled by CR0
  EXPECT_EQ(call(), kSender);
  run_receiver("AD010200 83020044", 0); // STOSM
  EXPECT_EQ(receiver_code(), 0x1C);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x138), kCode + 4);
  EXPECT_EQ(call(), std::nullopt);
}

TEST_P(SieSignalProcessor, RunningReceiverNoticesTheCall) {
  m.guest_code("A7F40000"); // J .
  run_receiver("83020044", 0);
  m.guest_code("A7F40000");
  m.put<u64>(kOtherBlock + offsetof(StateDescription, gpsw_mask), SieMachine::kWide | Psw::kExternal);
  m.put<u64>(kOtherBlock + offsetof(StateDescription, gpsw_address), kCode);
  m.restart_host(1);
  m.cpu(1).gr[14] = kOtherBlock;
  m.go_on(1000, 1);
  ASSERT_TRUE(m.cpu(1).interpretive());
  m.guest_code(kCall, 0x1100);
  m.sd.gpsw_mask = SieMachine::kWide;
  m.sd.gpsw_address = 0x1100;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.sd.ipa, 0x8302);
  m.go_on(1000, 1);
  EXPECT_EQ(m.cpu(1).psw.address, kBehindSie);
  EXPECT_EQ(receiver_code(), 0x1C);
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x86), 0x1202);
}

TEST_P(SieSignalProcessor, CallToItselfIsTakenAtOnce) {
  m.cpu().gr[3] = kSender;
  m.sd.gcr[0] = 0xE0 | cpu::cr0::kExternalCall;
  EXPECT_EQ(run(kCall, Psw::kExternal), 0x1C);
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x84), kSender);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x138), kCode + 4);
  EXPECT_EQ(m.sd.cpuflags & cpuflags::kExternalCallPending, 0u);
}

TEST_P(SieSignalProcessor, RequestWithoutACallInTheEntryIsNothing) {
  flags(cpuflags::kExternalCallPending);
  run_receiver("83020044", Psw::kExternal);
  EXPECT_EQ(receiver_code(), 0x04);
}

TEST_P(SieSignalProcessor, ExternalRequestOfTheHostComesFirst) {
  expect_condition(kCall, 0);
  flags(flags() | cpuflags::kExternalRequest);
  run_receiver("83020044", Psw::kExternal);
  EXPECT_EQ(receiver_code(), 0x10);
  EXPECT_EQ(call(), kSender);
}

TEST_P(SieSignalProcessor, EnabledExternalNewPswIsNoReasonNotToTakeACall) {
  expect_condition(kCall, 0);
  m.guest_put<u64>(0x1B0, SieMachine::kWide | Psw::kExternal | Psw::kWait);
  run_receiver("83020044", Psw::kExternal);
  EXPECT_EQ(receiver_code(), 0x1C);
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x86), 0x1202);
}

INSTANTIATE_TEST_SUITE_P(BothForms,
                         SieSignalProcessor,
                         ::testing::Values(Form{"Basic", 0, 0x30, 0x40, 32},
                                           Form{"Extended", ecb2::kExtendedSca, 0x40, 0x100, 64}),
                         [](const auto& info) { return info.param.name; });

} // namespace
} // namespace siena::sie::testing
