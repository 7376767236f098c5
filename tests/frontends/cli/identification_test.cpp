// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/identification.h"

#include "frontends/cli/command_line.h"
#include "machine/cpu_model.h"

#include <gmock/gmock.h>

namespace siena::frontends::cli {
namespace {
using testing::HasSubstr;
using testing::Not;

std::string identify(std::vector<std::string> arguments) {
  arguments.emplace_back("-identify");
  auto line = parse_command_line(arguments);
  EXPECT_TRUE(line);
  EXPECT_TRUE(line.value().configuration.identify);
  const auto text = identification(line.value().configuration);
  return text ? text.value() : "error: " + text.error().message;
}

TEST(Identification, ListsEveryFacilityThatStfleShows) {
  const std::string text = identify({});
  std::string numbers;
  for (const u16 n : machine::implemented_facilities()) numbers += " " + std::to_string(n);
  EXPECT_THAT(text, HasSubstr(numbers + "\n"));
}

TEST(Identification, FollowsTheCpuModelAndItsFeatures) {
  EXPECT_THAT(identify({"-cpu", "z13"}), HasSubstr("type 2964"));
  EXPECT_THAT(identify({}), HasSubstr(" 78 "));
  EXPECT_THAT(identify({"-cpu", "max,edat2=off"}), Not(HasSubstr(" 78 ")));
}

TEST(Identification, ShowsAVirtualMachineByDefaultAndAPartitionWhenAsked) {
  const std::string virtual_machine = identify({"-name", "outer", "-smp", "3"});
  EXPECT_THAT(virtual_machine, HasSubstr("STSI          level 3"));
  EXPECT_THAT(virtual_machine, HasSubstr("VM00 name outer, control program KVM/Linux, CPUs 3 total, 3 configured"));
  const std::string partition = identify({"-machine", "s390-ccw-virtio,identity=lpar"});
  EXPECT_THAT(partition, HasSubstr("STSI          level 2"));
  EXPECT_THAT(partition, HasSubstr("STSI 2.2.2    partition SIENA"));
  EXPECT_THAT(partition, Not(HasSubstr("3.2.2")));
}

TEST(Identification, ShowsTheSclpSwitchesAndTheStorageIncrements) {
  const std::string text = identify({"-m", "2G"});
  EXPECT_THAT(text, HasSubstr("SCLP storage       2048 increments of 1 MiB"));
  EXPECT_THAT(text, HasSubstr("SCLP sief2         on "));
  EXPECT_THAT(text, HasSubstr("SCLP skey          on "));
  EXPECT_THAT(text, HasSubstr("SCLP pfmfi         on "));
  EXPECT_THAT(text, HasSubstr("SCLP gisaf         off"));
  EXPECT_THAT(text, HasSubstr("SCLP cmma          on "));
}

TEST(Identification, NamesWhatIsWrongWithTheConfiguration) {
  EXPECT_THAT(identify({"-cpu", "max,vx=on"}), HasSubstr("error: -cpu"));
}

} // namespace
} // namespace siena::frontends::cli
