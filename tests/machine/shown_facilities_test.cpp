// SPDX-License-Identifier: BSD-3-Clause
// The CPU model as a whole machine has it: what STFLE stores, what the decoder knows, what behaves differently.
#include "machine/machine.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace siena::machine {
namespace {

using cpu::Psw;

struct NoSurroundings final : Surroundings, devices::ByteSink {
  devices::ByteSink& output(const std::string&) override { return *this; }
  void wait(u64) override {}
  u64 host_nanoseconds() override { return 0; }
  void write(std::span<const u8>) override {}
};

/// Two CPUs and a megabyte; CPU 0 executes what it is given.
class ModelledMachine {
 public:
  explicit ModelledMachine(const CpuModel& model) {
    Configuration configuration;
    configuration.storage_size = kMebibyte;
    configuration.rtc_base = 0;
    configuration.seed = 1;
    configuration.cpu_count = 2;
    configuration.cpu = model;
    auto created = Machine::create(configuration, surroundings_, nullptr);
    if (!created) throw std::runtime_error(created.error().message);
    machine = std::move(created.value());
    cpu().state = cpu::Cpu::State::Operating;
    cpu().attention = false;
  }
  cpu::Cpu& cpu() { return machine->cpu(0); }
  u64 load(u64 address) { return *machine->storage().load<u64>({address}); }
  /// One instruction through the interpreter; answers the code of its program interruption, 0 when it had none.
  u16 run(std::initializer_list<u16> text, u64 mask = 0) {
    u64 at = 0x1000;
    for (const u16 halfword : text) {
      EXPECT_TRUE(machine->storage().store<u16>({at}, halfword));
      at += 2;
    }
    EXPECT_TRUE(machine->storage().store<u16>({cpu::lowcore::kProgramCode}, 0));
    cpu().load_psw(Psw::kExtendedAddressing | Psw::kBasicAddressing | mask, 0x1000);
    (void)machine->interpreter().run(cpu(), cpu().cycles + 1);
    return *machine->storage().load<u16>({cpu::lowcore::kProgramCode});
  }

 private:
  NoSurroundings surroundings_;

 public:
  std::unique_ptr<Machine> machine;
};

constexpr u16 kOperation = 1;

TEST(ShownFacilities, AreWhatStfleStores) {
  ModelledMachine m({"max", {}});
  m.cpu().gr[0] = kFacilityDoublewords - 1;
  m.cpu().gr[2] = 0x2000;
  ASSERT_EQ(m.run({0xB2B0, 0x2000}), 0); // STFLE 0(2)
  const auto identity = resolve_cpu_model({"max", {}});
  for (std::size_t n = 0; n < kFacilityDoublewords; ++n)
    EXPECT_EQ(m.load(0x2000 + 8 * n), identity.value().facilities[n]) << n;
}

TEST(ShownFacilities, AnInstructionOfAFacilityThatIsSwitchedOffIsNone) {
  ModelledMachine with({"max", {}}), without({"max", {{"locsc", false}}});
  EXPECT_EQ(with.run({0xB9F8, 0x3012}), 0); // ARK 1,2,3
  EXPECT_EQ(without.run({0xB9F8, 0x3012}), kOperation);
}

TEST(ShownFacilities, AnEarlierGenerationHasNotWhatCameLater) {
  ModelledMachine z13({"z13", {}}), z16({"gen16a", {}});
  EXPECT_EQ(z13.run({0xB9EC, 0x3042}), kOperation); // MGRK 4,2,3 came with the z14
  EXPECT_EQ(z16.run({0xB9EC, 0x3042}), 0);
  z13.cpu().gr[2] = z16.cpu().gr[2] = 0x2000;
  EXPECT_EQ(z13.run({0xB201, 0x2000}), kOperation); // STBEAR 0(2) came with the z16
  EXPECT_EQ(z16.run({0xB201, 0x2000}), 0);
}

TEST(ShownFacilities, OneCountOfAllBitsIsThereWhenTheThirdMiscellaneousInstructionsAre) {
  ModelledMachine with({"max", {{"minste3", true}}}), without({"max", {}});
  with.cpu().gr[2] = without.cpu().gr[2] = 0xFFFF;
  EXPECT_EQ(with.run({0xB9E1, 0x8012}), 0); // POPCNT 1,2,8
  EXPECT_EQ(without.run({0xB9E1, 0x8012}), 0);
  EXPECT_EQ(with.cpu().gr[1], 16u);
  EXPECT_EQ(without.cpu().gr[1], 0x0808u);
}

TEST(ShownFacilities, SenseRunningStatusTellsWhetherACpuRuns) {
  ModelledMachine m({"max", {}});
  m.cpu().gr[2] = 0x15;
  m.cpu().gr[3] = 0;                     // the CPU itself
  ASSERT_EQ(m.run({0xAE13, 0x2000}), 0); // SIGP 1,3,0(2)
  EXPECT_EQ(m.cpu().psw.cc, 0);
  m.cpu().gr[3] = 1; // stopped
  ASSERT_EQ(m.run({0xAE13, 0x2000}), 0);
  EXPECT_EQ(m.cpu().psw.cc, 1);
  EXPECT_EQ(m.cpu().gr[1] & 0xFFFF'FFFF, 0x400u);
}

TEST(ShownFacilities, ZArchitectureFromResetLeavesNoModeToSet) {
  ModelledMachine m({"max", {}});
  m.cpu().gr[2] = 0x12; // set architecture
  m.cpu().gr[1] = m.cpu().gr[3] = 0;
  ASSERT_EQ(m.run({0xAE13, 0x2000}), 0);
  EXPECT_EQ(m.cpu().psw.cc, 1);
  EXPECT_EQ(m.cpu().gr[1] & 0xFFFF'FFFF, 0x100u);
}

TEST(ShownFacilities, StartInterpretiveExecutionGoesWithItsSwitch) {
  ModelledMachine with({"max", {}}), without({"max", {{"sief2", false}}});
  EXPECT_EQ(with.run({0xB214, 0x0000}), 6); // SIE 0: the block must not lie there
  EXPECT_EQ(without.run({0xB214, 0x0000}), kOperation);
}

TEST(ShownFacilities, WithoutItsSwitchStartInterpretiveExecutionIsNoInstructionInTheProblemStateEither) {
  ModelledMachine with({"max", {}}), without({"max", {{"sief2", false}}});
  EXPECT_EQ(with.run({0xB214, 0x0000}, Psw::kProblem), 2);
  EXPECT_EQ(without.run({0xB214, 0x0000}, Psw::kProblem), kOperation);
}

TEST(ShownFacilities, SwitchesOfTheSclpHaveTheirNames) {
  const auto all = resolve_cpu_model({"max", {}}).value().sclp;
  EXPECT_TRUE(all.sief2 && all.gpere && all.siif && all.sigpif && all.cei && all.gsls && all.esop && all.kss &&
              all.ibs);
  const struct {
    const char* name;
    bool devices::sclp::Switches::*on;
  } cases[] = {{"sief2", &devices::sclp::Switches::sief2},
               {"gpereh", &devices::sclp::Switches::gpere},
               {"siif", &devices::sclp::Switches::siif},
               {"sigpif", &devices::sclp::Switches::sigpif},
               {"cei", &devices::sclp::Switches::cei},
               {"gsls", &devices::sclp::Switches::gsls},
               {"esop", &devices::sclp::Switches::esop},
               {"kss", &devices::sclp::Switches::kss},
               {"64bscao", &devices::sclp::Switches::sca_64bit_origin},
               {"ibs", &devices::sclp::Switches::ibs}};
  for (const auto& c : cases) {
    EXPECT_FALSE(resolve_cpu_model({"max", {{c.name, false}}}).value().sclp.*c.on) << c.name;
    EXPECT_TRUE(resolve_cpu_model({"max", {{c.name, false}, {c.name, true}}}).value().sclp.*c.on) << c.name;
  }
  EXPECT_FALSE(resolve_cpu_model({"z13", {}}).value().sclp.kss); // came with the z14
  EXPECT_TRUE(resolve_cpu_model({"z14", {}}).value().sclp.kss);
}

} // namespace
} // namespace siena::machine
