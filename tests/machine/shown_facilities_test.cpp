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
  ModelledMachine with({"max", {}}), without({"max", {{"stfle45", false}}});
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
               {"ibs", &devices::sclp::Switches::ibs},
               {"skey", &devices::sclp::Switches::skey},
               {"cmma", &devices::sclp::Switches::cmma},
               {"pfmfi", &devices::sclp::Switches::pfmfi},
               {"diag318", &devices::sclp::Switches::diag318},
               {"astfleie2", &devices::sclp::Switches::astfleie2}};
  for (const auto& c : cases) {
    EXPECT_FALSE(resolve_cpu_model({"max", {{c.name, false}}}).value().sclp.*c.on) << c.name;
    EXPECT_TRUE(resolve_cpu_model({"max", {{c.name, false}, {c.name, true}}}).value().sclp.*c.on) << c.name;
  }
  EXPECT_FALSE(resolve_cpu_model({"z13", {}}).value().sclp.kss); // came with the z14
  EXPECT_TRUE(resolve_cpu_model({"z14", {}}).value().sclp.kss);
  EXPECT_FALSE(resolve_cpu_model({"gen15a", {}}).value().sclp.astfleie2); // came with the z16
  EXPECT_TRUE(resolve_cpu_model({"gen16a", {}}).value().sclp.astfleie2);
}

TEST(ShownFacilities, ExtractAndSetStorageAttributesGoesWithCollaborativeMemory) {
  ModelledMachine with({"max", {}}), without({"qemu", {{"cmm", false}}}), base({"z14-base", {}}), z990({"z990", {}});
  EXPECT_EQ(with.run({0xB9AB, 0x0012}), 0);
  for (ModelledMachine* m : {&without, &base, &z990}) EXPECT_EQ(m->run({0xB9AB, 0x0012}), kOperation);
  without.cpu().gr[2] = 0;
  EXPECT_FALSE(without.machine->identity().sclp.cmma) << "nor is there an assist for it";
  EXPECT_TRUE(resolve_cpu_model({"qemu", {{"cmma", false}}}).value().collaborative_memory);
}

TEST(ShownFacilities, BaseModelsHaveNothingOptional) {
  const auto whole = resolve_cpu_model({"z14", {}}).value(), base = resolve_cpu_model({"z14-base", {}}).value();
  for (const unsigned optional : {8u, 13u, 75u, 78u, 130u, 131u, 139u, 140u}) {
    EXPECT_TRUE(whole.has(optional)) << optional;
    EXPECT_FALSE(base.has(optional)) << optional;
  }
  for (const unsigned kept : {10u, 14u, 45u, 53u, 58u}) EXPECT_TRUE(base.has(kept)) << kept;
  EXPECT_TRUE(resolve_cpu_model({"z14-base", {{"edat", true}}}).value().has(8));
}

TEST(ShownFacilities, ModelsAreOfTheirGeneration) {
  const auto has = [](const char* model, unsigned bit) { return resolve_cpu_model({model, {}}).value().has(bit); };
  const struct {
    unsigned bit;
    const char *last_without, *first_with;
  } firsts[] = {{3, "z900.3", "z990"},
                {7, "z890.3", "z9EC"},
                {34, "z9BC.2", "z10EC"},
                {45, "z10BC.2", "z196"},
                {49, "z114", "zEC12"},
                {51, "z196.2", "zBC12"},
                {53, "zEC12.2", "z13"},
                {58, "z13s", "z14"},
                {193, "gen15b", "gen16a"}};
  for (const auto& f : firsts) {
    EXPECT_FALSE(has(f.last_without, f.bit)) << f.bit;
    EXPECT_TRUE(has(f.first_with, f.bit)) << f.bit;
  }
  EXPECT_TRUE(has("z14.2", 10)); // conditional SSKE went with the z15
  EXPECT_FALSE(has("gen15a", 10));
  EXPECT_FALSE(has("gen17b", 61)) << "works, and stays off";
  for (const auto model : cpu_model_names())
    for (const char* suffix : {"", "-base"}) EXPECT_TRUE(resolve_cpu_model({std::string(model) + suffix, {}})) << model;
  EXPECT_EQ(resolve_cpu_model({"z10BC.2", {}}).value().machine_type, 0x2098);
}

TEST(ShownFacilities, EveryNamedFeatureCanBeSwitchedBothWaysAndOthersOnlyOff) {
  for (const auto name : cpu_feature_names())
    for (const bool on : {false, true}) EXPECT_TRUE(resolve_cpu_model({"max", {{std::string(name), on}}})) << name;
  EXPECT_TRUE(resolve_cpu_model({"max", {{"vx", false}}}));
  EXPECT_FALSE(resolve_cpu_model({"max", {{"vx", true}}}));
  EXPECT_FALSE(resolve_cpu_model({"max", {{"", true}}}));
}

TEST(ShownFacilities, LongServiceCallBlocksMakeRoomForWhatLiesBehindTheFirst128Bytes) {
  const auto lines = [](ModelledMachine& m) {
    std::string text;
    for (const auto& line : m.machine->sclp().describe()) text += line + '\n';
    return text;
  };
  ModelledMachine with({"max", {}}), without({"max", {{"els", false}}});
  EXPECT_NE(lines(with).find("entries at 144"), std::string::npos);
  EXPECT_NE(lines(with).find("diag318       on"), std::string::npos);
  EXPECT_NE(lines(with).find("astfleie2     on"), std::string::npos);
  EXPECT_NE(lines(without).find("entries at 128"), std::string::npos);
  EXPECT_NE(lines(without).find("diag318       off"), std::string::npos);
}

} // namespace
} // namespace siena::machine
