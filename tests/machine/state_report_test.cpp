// SPDX-License-Identifier: BSD-3-Clause
#include "machine/state_report.h"

#include "tests/frontends/gdb/small_machine.h"

#include <gmock/gmock.h>

namespace siena::machine {
namespace {
using namespace frontends::gdb::testing;
using ::testing::HasSubstr;

TEST(StateReport, ShowsWhereEachCpuIsAndItsLastInterruptions) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings, 2);
  ASSERT_TRUE(machine->storage().store<u64>({0x1C0}, kWide));
  ASSERT_TRUE(machine->storage().store<u64>({0x1C8}, 0x3000));
  put_code(*machine, 0x2000, "0A2A");
  put_code(*machine, 0x3000, "B2B20300");
  start(*machine, 0, 0x2000);
  EXPECT_EQ(machine->run().kind, Ending::Kind::PowerOff);
  const std::string report = state_report(*machine, [](unsigned guest, u64 address) {
    return guest == 1 && address == 0x2002 ? std::string{"here+0x2"} : std::string{};
  });
  EXPECT_THAT(report,
              HasSubstr("CPU 0: waiting, 2 instructions, PSW 0002000180000000 0000000000000fff, supervisor state, "
                        "disabled, wait\n"));
  EXPECT_THAT(report,
              HasSubstr("cycles ago: supervisor call 002a, old PSW 0000000180000000 0000000000002002 <here+0x2>"));
  EXPECT_THAT(report, HasSubstr("CPU 1: stopped, 0 instructions"));
}

} // namespace
} // namespace siena::machine
