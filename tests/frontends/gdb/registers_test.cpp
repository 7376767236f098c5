// SPDX-License-Identifier: BSD-3-Clause
// Every register of every feature: what is written is read back, and the descriptions say what there is.
#include "frontends/gdb/registers.h"

#include "tests/frontends/gdb/small_machine.h"

#include <gmock/gmock.h>

#include <set>

namespace siena::frontends::gdb {
namespace {
using namespace testing;
using ::testing::HasSubstr;

constexpr RegisterSet kAll{.vectors = true};
constexpr unsigned kLast = 200, kPswm = 0, kPswa = 1, kFpc = 34, kPrefix = 106, kFirstSie = 128;

struct Registers : ::testing::Test {
  Registers() : machine(small_machine(surroundings)) {}
  ThreadView thread() { return *ThreadView::of(*machine, {1, 1}); }
  SmallSurroundings surroundings;
  std::unique_ptr<machine::Machine> machine;
};

std::vector<u8> pattern(unsigned number, unsigned size) {
  std::vector<u8> bytes(size);
  for (unsigned i = 0; i < size; ++i) bytes[i] = static_cast<u8>(number * 16 + i + 1);
  if (number == kPswm) bytes = {0x04, 0x04, 0x20, 0x01, 0x80, 0, 0, 0};
  if (number == kPswa) bytes = {0, 0, 0, 0, 0, 0, 0x20, 0};
  if (number == kFpc) bytes = {0x80, 0x08, 0x00, 0x03};
  if (number == kPrefix) bytes = {0, 0, 0, 0, 0, 0, 0x40, 0};
  return bytes;
}

TEST_F(Registers, AreReadAsTheyWereWritten) {
  unsigned written = 0;
  for (unsigned number = 0; number < kFirstSie; ++number) {
    const unsigned size = register_size(kAll, number);
    if (size == 0) continue;
    ThreadView view = thread();
    ASSERT_TRUE(write_register(kAll, view, number, pattern(number, size))) << number;
    ++written;
  }
  EXPECT_EQ(written, 18u + 16 + 17 + 32 + 16 + 5);
  const ThreadView view = thread();
  for (unsigned number = 0; number < kFirstSie; ++number) {
    const unsigned size = register_size(kAll, number);
    if (size == 0) continue;
    EXPECT_EQ(read_register(kAll, view, number), pattern(number, size)) << number;
  }
}

TEST_F(Registers, VectorRegistersHaveTheFloatingPointOnesInTheirLeftHalves) {
  const auto set = [&](unsigned number, u8 first) {
    ThreadView view = thread();
    std::vector<u8> bytes(register_size(kAll, number));
    bytes[0] = first;
    ASSERT_TRUE(write_register(kAll, view, number, bytes));
  };
  set(35, 0xAA); // f0
  set(51, 0xBB); // v0l
  set(67, 0xCC); // v16
  const cpu::Cpu& cpu = machine->cpu(0);
  EXPECT_EQ(cpu.vr[0].high, 0xAA00'0000'0000'0000u);
  EXPECT_EQ(cpu.vr[0].low, 0xBB00'0000'0000'0000u);
  EXPECT_EQ(cpu.vr[16].high, 0xCC00'0000'0000'0000u);
  EXPECT_EQ(cpu.vr[16].low, 0u);
}

TEST_F(Registers, OfSieCannotBeWritten) {
  ThreadView view = thread();
  for (unsigned number = kFirstSie; number < kLast; ++number) {
    const unsigned size = register_size(kAll, number);
    if (size == 0) continue;
    EXPECT_FALSE(write_register(kAll, view, number, std::vector<u8>(size))) << number;
  }
  EXPECT_EQ(read_register(kAll, view, kFirstSie), (std::vector<u8>{0, 0, 0, 0})) << "level 0";
  EXPECT_TRUE(read_register(kAll, view, kFirstSie + 3).empty()) << "no state description";
}

TEST_F(Registers, AreDescribedOnceEach) {
  const std::string target = *target_description(kAll, "target.xml");
  std::set<std::string> numbers;
  std::size_t described = 0;
  for (const char* file : {"s390x-core64.xml",
                           "s390-acr.xml",
                           "s390-fpr.xml",
                           "s390-vx.xml",
                           "s390-cr.xml",
                           "s390-virt.xml",
                           "siena-sie.xml"}) {
    EXPECT_THAT(target, HasSubstr(file));
    const std::string text = *target_description(kAll, file);
    for (std::size_t at = text.find("regnum=\""); at != std::string::npos; at = text.find("regnum=\"", at + 1)) {
      numbers.insert(text.substr(at + 8, text.find('"', at + 8) - at - 8));
      ++described;
    }
  }
  EXPECT_EQ(numbers.size(), described);
  std::size_t existing = 0;
  for (unsigned number = 0; number < kLast; ++number) existing += register_size(kAll, number) != 0;
  EXPECT_EQ(existing, described);
  EXPECT_THAT(*target_description(kAll, "s390-vx.xml"),
              HasSubstr("<reg name=\"v16\" bitsize=\"128\" type=\"vec128\" group=\"vector\" regnum=\"67\"/>"));
}

} // namespace
} // namespace siena::frontends::gdb
