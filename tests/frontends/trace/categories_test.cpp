// SPDX-License-Identifier: BSD-3-Clause
// What each part of the machine reports, through small programs: the lines without their times.
#include "devices/virtio/rng/rng_device.h"
#include "tests/devices/channel/echo_device.h"
#include "tests/devices/virtio/fake_driver.h"
#include "tests/frontends/trace/traced.h"
#include "tests/sie/sie_machine.h"

#include <gmock/gmock.h>

namespace siena::frontends::trace::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Category = TraceCategory;

TEST(InterruptionTrace, ShowsCodeAndBothPsws) {
  Recorder trace{{Category::Interruption}};
  {
    TracedMachine m{trace.sink()};
    m.run("0A2A");
  }
  {
    TracedMachine m{trace.sink()};
    m.run("0000");
  }
  EXPECT_THAT(
      trace.lines(),
      ElementsAre("0/0 int svc number=42 old=0000000180000000:2002 new=0000000180000000:2f00",
                  "0/0 int program code=0x0001 ilc=2 teid=0x0 old=0000000180000000:2002 new=0000000180000000:2f00"));
}

TEST(InterruptionTrace, AddressRangesSelectByTheInterruptedProgram) {
  Recorder trace{{Category::Interruption}, {.addresses = {{0x2000, 0x2003}}}};
  TracedMachine m{trace.sink()};
  m.put<u64>(0x1C8, 0x2100);
  m.code("0000", 0x2100);
  m.run("0A01"); // a supervisor call here, an operation exception there
  EXPECT_THAT(trace.lines(), ElementsAre(HasSubstr("svc number=1")));
}

TEST(SigpTrace, ShowsOrderAndAnswer) {
  Recorder trace{{Category::Sigp, Category::Interruption}};
  TracedMachine m{trace.sink()};
  m.cpu().gr[3] = 0;
  m.cpu().gr[5] = 7;
  m.cpu().cr[0] |= cpu::cr0::kExternalCall;
  m.run("AE130001 AE150001 AE130002 0700", TracedMachine::kWide | cpu::Psw::kExternal);
  EXPECT_THAT(trace.lines(),
              ElementsAre("0/0 sigp sense order=0x01 from=0 to=0 cc=0 status=0x00000000 parameter=0x0",
                          "0/0 sigp sense order=0x01 from=0 to=7 cc=3 status=0x00000000 parameter=0x0",
                          "0/0 sigp external-call order=0x02 from=0 to=0 cc=0 status=0x00000000 parameter=0x0",
                          "0/0 int external code=0x1202 cpu=0x0000 parameter=0x0 old=0100000180000000:200c "
                          "new=0000000180000000:2f00"));
}

TEST(SclpTrace, ShowsCommandAndResponse) {
  Recorder trace{{Category::Sclp}};
  TracedMachine m{trace.sink()};
  m.put<u16>(0x5000, 4096);
  m.put<u16>(0x6000, 8);
  m.put<u16>(0x7000, 4);
  m.cpu().gr[1] = 0x0002'0001;
  m.cpu().gr[2] = 0x5000;
  m.cpu().gr[3] = 0x0BAD'0001;
  m.cpu().gr[4] = 0x6000;
  m.cpu().gr[5] = 0x7000;
  m.run("B2200012 B2200034 B2200015");
  EXPECT_THAT(
      trace.lines(),
      ElementsAre("0/0 sclp read-scp-information command=0x00020001 sccb=0x5000 length=4096 response=0x0010",
                  "0/0 sclp unknown command=0x0bad0001 sccb=0x6000 length=8 response=0x01f0",
                  "0/0 sclp read-scp-information command=0x00020001 sccb=0x7000 length=4 refused=specification"));
}

TEST(TlbTrace, ShowsWhatIsInvalidatedAndPurged) {
  Recorder trace{{Category::Tlb}};
  TracedMachine m{trace.sink()};
  m.cpu().gr[1] = 0x6000; // page-table origin
  m.cpu().gr[2] = 0x3000; // page
  m.cpu().gr[4] = 0;      // CSP: compared with the word at the address in r7, replaced by r5
  m.cpu().gr[5] = 1;
  m.cpu().gr[7] = 0x7000 | 1; // and all TLBs are purged
  m.run("B20D0000 B2210012 B2500047");
  EXPECT_THAT(trace.lines(), ElementsAre("0/0 tlb purge", "0/0 tlb invalidate-page entry=0x6018", "0/0 tlb purge-all"));
}

TEST(InstructionTrace, ShowsTextAndAssemblyAndHonoursTheFilter) {
  Recorder trace{{Category::Instruction, Category::Cpu}, {.addresses = {{0x2002, 0x2003}}}};
  TracedMachine m{trace.sink()};
  m.cpu().gr[9] = 0xABC;
  m.run("0700 1819 0700 B2B20300");
  const auto lines = trace.lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0],
              ::testing::StartsWith("0/0 in_asm instruction psw=0000000180000000:2002 text=0x1819 assembly=\"lr "));
  EXPECT_THAT(lines[1], ::testing::StartsWith("0/0 cpu registers r0=0x0000000000000000 r1=0x0000000000000000 "));
  EXPECT_THAT(lines[1], HasSubstr(" r9=0x0000000000000abc "));
}

TEST(InstructionTrace, CountsInstructions) {
  Recorder trace{{Category::Instruction}, {.after = 1, .count = 2}};
  TracedMachine m{trace.sink()};
  m.run("0700 1819 182A 183B B2B20300");
  ASSERT_EQ(trace.lines().size(), 2u);
  EXPECT_THAT(trace.lines()[0], HasSubstr(":2002 text=0x1819"));
  EXPECT_THAT(trace.lines()[1], HasSubstr(":2004 text=0x182a"));
}

/// Guest 1 that runs a guest of one DIAGNOSE, in a space with tables at 0x10000; the guest's pages are at 0x20000.
class SieTrace : public ::testing::Test {
 protected:
  static constexpr u64 kTable = 0x1'0000, kPages = 0x1'4000, kBlock = 0x8000;

  void prepare(TracedMachine& m) {
    for (u64 i = 0; i < 2048; ++i) m.put<u64>(kTable + 8 * i, 0x20);
    for (u64 i = 0; i < 256; ++i) m.put<u64>(kPages + 8 * i, 0x400);
    m.put<u64>(kTable, kPages);
    m.put<u64>(kPages, 0x2'0000);
    m.put<u64>(kPages + 8, 0x2'1000);
    m.code("83120500", 0x2'1000);
    sie::StateDescription sd{};
    sd.cpuflags = sie::cpuflags::kZarch | sie::cpuflags::kEdat2;
    sd.gpsw_mask = TracedMachine::kWide;
    sd.gpsw_address = 0x1000;
    sd.ihcpu = u16{0xFFFF};
    sd.cputm = u64{1} << 62;
    sd.ckc = ~u64{0};
    sd.gcr[0] = u64{0xE0};
    u8 bytes[sizeof sd];
    std::memcpy(bytes, &sd, sizeof sd);
    ASSERT_TRUE(m.machine->storage().write({kBlock}, bytes));
    m.cpu().cr[0] |= cpu::cr0::kEnhancedDat;
    m.cpu().cr[1] = kTable | 3;
    m.cpu().gr[14] = kBlock;
    m.cpu().gr[1] = kPages;
    m.cpu().gr[2] = 0x1000;
    m.cpu().gr[6] = kPages;
    m.cpu().gr[7] = 0x9000;
  }
};

TEST_F(SieTrace, ShowsEntryAndInterception) {
  Recorder trace{{Category::Sie, Category::Tlb}};
  TracedMachine m{trace.sink()};
  prepare(m);
  m.run("B214E000 B2B20300");
  EXPECT_THAT(trace.lines(),
              ElementsAre("0/1 sie entry guest=2 block=0x8000 psw=0000000180000000:1000 space=0x10003",
                          "0/1 tlb purge-guest guest=2 block=0x8000 previous-cpu=0xffff",
                          "0/1 sie exit guest=2 block=0x8000 code=0x04 reason=instruction psw=0000000180000000:1004 "
                          "text=0x831205000000 status=0x80"));
  const std::string json = trace.json();
  EXPECT_THAT(json, HasSubstr(R"({"name":"CPU 0 under SIE"}})"));
  EXPECT_LT(json.find(R"("ph":"B")"), json.find(R"("ph":"E")"));
}

TEST_F(SieTrace, ShowsAStateDescriptionThatIsNotValidAndAHostFault) {
  Recorder trace{{Category::Sie, Category::Interruption}};
  {
    TracedMachine m{trace.sink()};
    prepare(m);
    m.put<u32>(kBlock, 0);
    m.run("B214E000 B2B20300");
  }
  {
    TracedMachine m{trace.sink()};
    prepare(m);
    m.put<u64>(kPages + 8, 0x400);
    m.run("B214E000 B2B20300");
  }
  EXPECT_THAT(
      trace.lines(),
      ElementsAre("0/1 sie entry block=0x8000 psw=0000000180000000:1000 space=0x10003",
                  "0/1 sie exit block=0x8000 code=0x20 reason=validity psw=0000000180000000:1000 validity=0x0001",
                  "0/1 sie entry guest=2 block=0x8000 psw=0000000180000000:1000 space=0x10003",
                  "0/1 sie exit guest=2 block=0x8000 code=0x00 reason=host-interruption psw=0000000180000000:1000",
                  "0/0 int program code=0x0011 ilc=4 teid=0x1800 old=0000000180000000:2000 new=0000000180000000:2f00"));
}

TEST_F(SieTrace, ShowsShadowsThatAreMadeAndRemoved) {
  Recorder trace{{Category::Shadow}};
  TracedMachine m{trace.sink()};
  prepare(m);
  // SIE; IPTE of the guest's second page; a store to the entry of the first one; a store to the entry of the page table.
  m.cpu().gr[8] = kTable;
  m.run("B214E000 B2210012 E37060000024 E37080000024 B2B20300");
  const std::vector<std::string> expected = {
      "0/0 shadow make-space space=0x10003",
      "0/0 shadow make-table level=segment origin=0x10000 space=0x10003",
      "0/0 shadow make-table level=page origin=0x14000 space=0x10003",
      "0/0 shadow make-page entry=0x14000 frame=0x20000 writable=1 space=0x10003",
      "0/0 shadow make-page entry=0x14008 frame=0x21000 writable=1 space=0x10003",
      "0/0 shadow remove-page entry=0x14008 space=0x10003 cause=store", // IPTE stores, which is seen first
      "0/0 shadow remove-page entry=0x14000 space=0x10003 cause=store",
      "0/0 shadow remove-space space=0x10003 cause=store"};
  EXPECT_THAT(trace.lines(), ElementsAreArray(expected));
}

TEST_F(SieTrace, NamesInvalidationsAndPurgesWhereStoresAreNotWatched) {
  Recorder trace{{Category::Shadow}};
  TracedMachine m{trace.sink(), false};
  prepare(m);
  m.run("B214E000 B2210012 B20D0000 B2B20300");
  const auto lines = trace.lines();
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_EQ(lines[5], "0/0 shadow remove-page entry=0x14008 space=0x10003 cause=invalidation");
  EXPECT_EQ(lines[6], "0/0 shadow remove-space space=0x10003 cause=purge");
}

TEST(SieSigpTrace, ShowsWhatIsDoneWithoutAnExit) {
  Recorder trace{{Category::Sigp}};
  sie::testing::SieMachine m{2, true, {}, &trace.sink()};
  constexpr u64 kArea = 0x2'0000, kOther = 0x1'8000;
  m.sd.eca = m.sd.eca | sie::eca::kSignalProcessor;
  m.sd.ecb = m.sd.ecb | sie::ecb::kSenseRunning;
  m.sd.scaol = static_cast<u32>(kArea);
  m.sd.icpua = u16{3};
  m.put<u64>(kArea + 0x30, bit(3) | bit(5));
  m.put<u64>(kArea + 0x40 + 5 * 32 + 8, kOther);
  m.cpu().gr[3] = 5;
  m.guest_code("AE130015 AE130002 AE130002 83020044");
  EXPECT_EQ(m.run(), sie::testing::kBehindSie);
  EXPECT_THAT(trace.lines(),
              ElementsAre("0/1 sigp sense-running-status guest=2 order=0x15 from=3 to=5 cc=1 status=0x00000400",
                          "0/1 sigp external-call guest=2 order=0x02 from=3 to=5 cc=0 status=0x00000000",
                          "0/1 sigp external-call guest=2 order=0x02 from=3 to=5 cc=1 status=0x00000080"));
}

/// The time of the events of a bench.
class BenchClock final : public TraceClock {
 public:
  explicit BenchClock(const test::TestEvents& events) : events_(events) {}
  TraceStamp trace_stamp() const override { return {.time = events_.now()}; }

 private:
  const test::TestEvents& events_;
};

TEST(CcwTrace, ShowsAChannelProgramFromStartToStatus) {
  Recorder trace{{Category::Ccw}};
  test::DeviceBench bench{&trace.sink()};
  BenchClock clock{bench.events};
  trace.sink().set_clock(&clock);
  test::EchoDevice echo;
  ASSERT_TRUE(bench.css.attach({echo, {0x3832, 2, 0, 0}}).ok());
  const u32 sch = test::DeviceBench::id(0);
  bench.enable(sch);
  bench.put_ccw(0x1000, 0x03, 0x60, 1, 0);
  bench.put_ccw(0x1008, 0xFF, 0x00, 16, 0x2000); // the device does not know it
  bench.run(sch, 0x1000);
  EXPECT_EQ(bench.ssch(sch, 0x1000), 0);
  EXPECT_EQ(bench.css.halt(sch).cc, 0);
  EXPECT_EQ(bench.tsch(sch), 0);
  EXPECT_EQ(bench.ssch(sch, 0x1000), 0);
  EXPECT_EQ(bench.css.cancel(sch).cc, 0);
  EXPECT_EQ(bench.css.clear(sch).cc, 0);
  const std::vector<std::string> expected = {
      "0.0.0000 ccw start program=0x1000 parameter=0xcafe0000",
      "0.0.0000 ccw ccw address=0x1000 command=0x03 flags=0x60 count=1 data=0x0 device=0x0c subchannel=0x00 residual=1",
      "0.0.0000 ccw ccw address=0x1008 command=0xff flags=0x00 count=16 data=0x2000 device=0x0e subchannel=0x00 "
      "residual=16",
      "0.0.0000 ccw status control=0x4017 device=0x0e subchannel=0x00 residual=16 ccw=0x1010",
      "0.0.0000 ccw start program=0x1000 parameter=0xcafe0000",
      "0.0.0000 ccw halt control=0x4400",
      "0.0.0000 ccw status control=0x6001 device=0x00 subchannel=0x00 residual=0 ccw=0x0",
      "0.0.0000 ccw start program=0x1000 parameter=0xcafe0000",
      "0.0.0000 ccw cancel",
      "0.0.0000 ccw clear control=0x0000",
      "0.0.0000 ccw status control=0x1001 device=0x00 subchannel=0x00 residual=0 ccw=0x0"};
  EXPECT_THAT(trace.lines(), ElementsAreArray(expected));
  EXPECT_THAT(trace.text(), HasSubstr("      244.140 0.0.0000 ccw    start"));
  EXPECT_THAT(trace.text(), HasSubstr("      246.140 0.0.0000 ccw    status"));
  trace.sink().set_clock(nullptr);
}

class CountingEntropy final : public devices::virtio::rng::EntropySource {
 public:
  void fill(std::span<u8> bytes) override { std::fill(bytes.begin(), bytes.end(), u8{1}); }
};

TEST(VirtioTrace, ShowsRequestsOfAQueue) {
  Recorder trace{{Category::Virtio}};
  test::DeviceBench bench;
  CountingEntropy source;
  devices::virtio::rng::RngDevice device{bench.storage(), source};
  devices::virtio::CcwTransport transport{bench.storage(), bench.events, device, &trace.sink()};
  test::FakeDriver driver{bench, 0};
  ASSERT_TRUE(bench.css.attach(transport.attachment()).ok());
  driver.bring_up(1);
  driver.add(0, {driver.writable(3), driver.writable(2)});
  driver.notify(0);
  const std::vector<std::string> expected = {"0.0.0000 virtio ready device=4 features=0x0000000130000000",
                                             "0.0.0000 virtio notify device=4 queue=0",
                                             "0.0.0000 virtio request device=4 queue=0 head=0 readable=0 writable=5",
                                             "0.0.0000 virtio complete device=4 queue=0 head=0 written=5 used=1",
                                             "0.0.0000 virtio signal device=4 queue=0"};
  EXPECT_THAT(trace.lines(), ElementsAreArray(expected));
}

TEST(Trace, NothingIsReportedThatNobodyWants) {
  Recorder trace{{Category::Virtio}};
  TracedMachine m{trace.sink()};
  m.run("0A2A");
  EXPECT_THAT(trace.lines(), IsEmpty());
}

} // namespace
} // namespace siena::frontends::trace::testing
