// SPDX-License-Identifier: BSD-3-Clause
// Consoles, character devices, disks and other devices on the command line, and what is there by default.
#include "frontends/cli/command_line.h"

#include <gmock/gmock.h>

namespace siena::frontends::cli {
namespace {
using machine::CharacterDevice;
using machine::CharacterDeviceKind;
using machine::Configuration;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

Configuration parses(const std::vector<std::string>& arguments) {
  auto line = parse_command_line(arguments);
  if (line) return line.value().configuration;
  ADD_FAILURE() << line.error().message;
  return {};
}

std::string fails(const std::vector<std::string>& arguments) {
  const auto line = parse_command_line(arguments);
  if (line) return "no error";
  EXPECT_EQ(line.error().exit_code, 2);
  return line.error().message;
}

std::vector<std::string> drivers(const Configuration& configuration) {
  std::vector<std::string> names;
  for (const auto& device : configuration.devices) names.push_back(device.driver);
  return names;
}

std::vector<std::string> monitors(const Configuration& configuration) {
  std::vector<std::string> ids;
  for (const auto& monitor : configuration.monitors) ids.push_back(monitor.chardev);
  return ids;
}

/// The character device behind the only device.
CharacterDevice console_chardev(const Configuration& configuration) {
  EXPECT_EQ(configuration.devices.size(), 1u);
  const std::string* id = machine::find_property(configuration.devices.at(0).properties, "chardev");
  const CharacterDevice* found = id == nullptr ? nullptr : machine::find_chardev(configuration, *id);
  if (found != nullptr) return *found;
  ADD_FAILURE() << "no character device";
  return {};
}

TEST(Consoles, TheDefaultIsAConsoleAndAMonitorOnTheTerminal) {
  for (const auto& arguments : {std::vector<std::string>{}, {"-nographic"}, {"-nographic", "-display", "none"}}) {
    const auto configuration = parses(arguments);
    EXPECT_THAT(drivers(configuration), ElementsAre("sclpconsole"));
    const auto chardev = console_chardev(configuration);
    EXPECT_EQ(chardev.kind, CharacterDeviceKind::Stdio);
    EXPECT_TRUE(chardev.mux);
    EXPECT_FALSE(chardev.signal);
    EXPECT_THAT(monitors(configuration), ElementsAre(chardev.id));
  }
}

TEST(Consoles, NodefaultsLeavesNone) {
  for (const auto& arguments : {std::vector<std::string>{"-nodefaults"}, {"-nodefaults", "-nographic"}}) {
    const auto configuration = parses(arguments);
    EXPECT_THAT(configuration.devices, IsEmpty());
    EXPECT_THAT(configuration.chardevs, IsEmpty());
    EXPECT_THAT(configuration.monitors, IsEmpty());
  }
}

TEST(Consoles, DisplayNoneAloneHidesTheDefaultOne) {
  const auto configuration = parses({"-display", "none"});
  EXPECT_EQ(console_chardev(configuration).kind, CharacterDeviceKind::Null);
  EXPECT_THAT(configuration.monitors, IsEmpty());
}

TEST(Consoles, SerialMonStdioSharesTheTerminal) {
  const auto configuration = parses({"-nodefaults", "-serial", "mon:stdio"});
  EXPECT_TRUE(console_chardev(configuration).mux);
  EXPECT_FALSE(console_chardev(configuration).signal);
  EXPECT_THAT(monitors(configuration), ElementsAre("serial0"));
}

TEST(Consoles, SerialStdioAloneDiesOfCtrlC) {
  const auto configuration = parses({"-display", "none", "-serial", "stdio"});
  EXPECT_FALSE(console_chardev(configuration).mux);
  EXPECT_TRUE(console_chardev(configuration).signal);
  EXPECT_THAT(configuration.monitors, IsEmpty());
}

TEST(Consoles, MonitorNoneLeavesTheConsoleAlone) {
  const auto configuration = parses({"-nographic", "-monitor", "none"});
  EXPECT_FALSE(console_chardev(configuration).mux);
  EXPECT_THAT(configuration.monitors, IsEmpty());
}

TEST(Consoles, SerialNoneLeavesTheMonitorAlone) {
  const auto configuration = parses({"-nographic", "-serial", "none"});
  EXPECT_THAT(configuration.devices, IsEmpty());
  EXPECT_THAT(monitors(configuration), ElementsAre("monitor0"));
  EXPECT_THAT(parses({"-nographic", "-serial", "none", "-monitor", "none"}).chardevs, IsEmpty());
}

TEST(Consoles, SerialFilesPtysAndNull) {
  EXPECT_EQ(console_chardev(parses({"-serial", "file:log", "-monitor", "none"})).path, "log");
  EXPECT_EQ(console_chardev(parses({"-serial", "pty", "-monitor", "none"})).kind, CharacterDeviceKind::Pty);
  EXPECT_EQ(console_chardev(parses({"-serial", "null", "-monitor", "none"})).kind, CharacterDeviceKind::Null);
  EXPECT_EQ(console_chardev(parses({"-serial", "vc:80Cx24C", "-monitor", "none"})).kind, CharacterDeviceKind::Null);
}

TEST(Consoles, TheSecondSerialIsInLineMode) {
  const auto configuration = parses({"-serial", "null", "-serial", "file:log", "-monitor", "none"});
  EXPECT_THAT(drivers(configuration), ElementsAre("sclpconsole", "sclplmconsole"));
  EXPECT_THAT(drivers(parses({"-serial", "none", "-serial", "stdio"})), ElementsAre("sclplmconsole"));
  EXPECT_THAT(fails({"-serial", "null", "-serial", "null", "-serial", "null"}), HasSubstr("no more than two"));
}

TEST(Consoles, SerialAndMonitorMayNameAChardev) {
  const auto configuration = parses(
      {"-chardev", "stdio,id=term,mux=on,signal=off", "-serial", "chardev:term", "-mon", "chardev=term,mode=readline"});
  EXPECT_THAT(drivers(configuration), ElementsAre("sclpconsole"));
  EXPECT_EQ(console_chardev(configuration).id, "term");
  EXPECT_THAT(monitors(configuration), ElementsAre("term"));
  EXPECT_THAT(fails({"-serial", "chardev:nothing"}), HasSubstr("no chardev 'nothing'"));
}

TEST(Consoles, AnExplicitConsoleReplacesTheDefaultOne) {
  const auto configuration = parses({"-chardev", "stdio,id=c", "-device", "sclpconsole,chardev=c"});
  EXPECT_THAT(drivers(configuration), ElementsAre("sclpconsole"));
  EXPECT_THAT(configuration.monitors, IsEmpty());
  const auto logged = parses({"-nographic", "-chardev", "file,id=c,path=log", "-device", "sclplmconsole,chardev=c"});
  EXPECT_THAT(drivers(logged), ElementsAre("sclplmconsole"));
  EXPECT_THAT(monitors(logged), ElementsAre("monitor0"));
}

TEST(Consoles, BadSerialsAndMonitors) {
  EXPECT_THAT(fails({"-serial", "sdtio"}), AllOf(StartsWith("-serial: "), HasSubstr("did you mean 'stdio'?")));
  EXPECT_THAT(fails({"-serial", "tcp::1234"}), HasSubstr("unknown character device 'tcp'"));
  EXPECT_THAT(fails({"-serial", "file:"}), HasSubstr("name is missing"));
  EXPECT_THAT(fails({"-serial", "stdio:x"}), HasSubstr("takes no 'x'"));
  EXPECT_THAT(fails({"-serial", "stdio", "-monitor", "stdio"}), HasSubstr("stdio is used twice"));
  EXPECT_THAT(fails({"-monitor", "telnet:x"}), StartsWith("-monitor: "));
}

TEST(Chardevs, HaveAKindAnIdAndProperties) {
  const auto configuration = parses({"-nodefaults",
                                     "-chardev",
                                     "stdio,id=a,mux=on,signal=off",
                                     "-chardev",
                                     "file,id=b,path=x,,y,append=on",
                                     "-chardev",
                                     "pty,id=c",
                                     "-chardev",
                                     "null,id=d"});
  ASSERT_EQ(configuration.chardevs.size(), 4u);
  EXPECT_TRUE(configuration.chardevs[0].mux);
  EXPECT_FALSE(configuration.chardevs[0].signal);
  EXPECT_EQ(configuration.chardevs[1].path, "x,y");
  EXPECT_TRUE(configuration.chardevs[1].append);
  EXPECT_EQ(configuration.chardevs[2].kind, CharacterDeviceKind::Pty);
  EXPECT_EQ(configuration.chardevs[3].id, "d");
}

TEST(Chardevs, ThatAreWrong) {
  EXPECT_THAT(fails({"-chardev", "stdoi,id=a"}), HasSubstr("did you mean 'stdio'?"));
  EXPECT_THAT(fails({"-chardev", "udp,id=a,port=1"}), HasSubstr("unknown character device 'udp'"));
  EXPECT_THAT(fails({"-chardev", "stdio"}), HasSubstr("id= is missing"));
  EXPECT_THAT(fails({"-chardev", "file,id=a"}), HasSubstr("path= is missing"));
  EXPECT_THAT(fails({"-chardev", "stdio,id=a,pth=x"}), HasSubstr("unknown property 'pth'"));
  EXPECT_THAT(fails({"-chardev", "null,id=a,mux=perhaps"}), HasSubstr("mux=perhaps"));
  EXPECT_THAT(fails({"-chardev", "null,id=a", "-chardev", "null,id=a"}), HasSubstr("used twice"));
  EXPECT_THAT(fails({"-chardev", "stdio,id=a", "-chardev", "stdio,id=b"}), HasSubstr("stdio is used twice"));
  EXPECT_THAT(fails({"-chardev", "null,id=1a"}), HasSubstr("id '1a'"));
}

TEST(Chardevs, HaveOneUserUnlessTheyAreMultiplexed) {
  EXPECT_THAT(fails({"-chardev", "stdio,id=a", "-serial", "chardev:a", "-monitor", "chardev:a"}), HasSubstr("mux=on"));
  parses({"-chardev", "stdio,id=a,mux=on", "-serial", "chardev:a", "-monitor", "chardev:a"});
}

TEST(Devices, KeepTheirPropertiesInOrder) {
  const auto configuration = parses({"-nodefaults",
                                     "-drive",
                                     "file=disk.img,format=raw,if=none,id=d0,readonly=on",
                                     "-device",
                                     "virtio-blk,drive=d0,devno=fe.0.0001,id=blk,serial=S1,bootindex=1"});
  ASSERT_EQ(configuration.devices.size(), 1u);
  EXPECT_EQ(configuration.devices[0].driver, "virtio-blk-ccw");
  EXPECT_THAT(configuration.devices[0].properties,
              ElementsAre(Pair("drive", "d0"),
                          Pair("devno", "fe.0.0001"),
                          Pair("id", "blk"),
                          Pair("serial", "S1"),
                          Pair("bootindex", "1")));
  ASSERT_NE(machine::find_drive(configuration, "d0"), nullptr);
  EXPECT_TRUE(machine::find_drive(configuration, "d0")->read_only);
}

TEST(Devices, ThatAreUnknownNameTheNearest) {
  EXPECT_THAT(fails({"-device", "virtio-blk-cwc,drive=x"}),
              AllOf(StartsWith("-device: "), HasSubstr("did you mean 'virtio-blk-ccw'?")));
  EXPECT_THAT(fails({"-device", "e1000"}), HasSubstr("unknown device driver 'e1000'"));
  EXPECT_THAT(fails({"-device", "virtio-rng-ccw,devnum=fe.0.0001"}), HasSubstr("did you mean 'devno'?"));
  EXPECT_THAT(fails({"-device", "{\"driver\":\"virtio-rng-ccw\"}"}), HasSubstr("JSON"));
}

TEST(Devices, CheckTheirPropertiesValues) {
  EXPECT_THAT(fails({"-device", "virtio-rng-ccw,devno=0001"}), HasSubstr("device number such as fe.0.0001"));
  EXPECT_THAT(fails({"-device", "virtio-rng-ccw,max-bytes=lots"}), HasSubstr("not a number"));
  EXPECT_THAT(fails({"-device", "sclplmconsole,echo=loud"}), HasSubstr("not on or off"));
  EXPECT_THAT(fails({"-device", "virtio-rng-ccw,id=1"}), HasSubstr("id '1'"));
}

TEST(Devices, ReferToWhatExistsOnce) {
  EXPECT_THAT(fails({"-device", "virtio-blk-ccw"}), HasSubstr("drive= is missing"));
  EXPECT_THAT(fails({"-device", "sclpconsole"}), HasSubstr("chardev= is missing"));
  EXPECT_THAT(fails({"-device", "virtio-blk-ccw,drive=d"}), HasSubstr("no drive 'd'"));
  EXPECT_THAT(fails({"-drive", "file=x,if=none,id=disk0", "-device", "virtio-blk-ccw,drive=disc0"}),
              HasSubstr("did you mean 'disk0'?"));
  EXPECT_THAT(fails({"-device", "virtio-rng-ccw,rng=r"}), HasSubstr("no rng 'r'"));
  EXPECT_THAT(fails({"-drive", "file=x,id=d", "-device", "virtio-blk-ccw,drive=d"}),
              HasSubstr("drive=d is used twice"));
  EXPECT_THAT(fails({"-device", "virtio-rng-ccw,id=r", "-device", "virtio-rng-ccw,id=r"}),
              HasSubstr("id=r is used twice"));
  EXPECT_THAT(fails({"-device", "virtio-rng-ccw,devno=fe.0.0001", "-device", "virtio-rng-ccw,devno=fe.0.0001"}),
              HasSubstr("devno=fe.0.0001 is used twice"));
}

TEST(Drives, BringADeviceUnlessTheirInterfaceIsNone) {
  const auto configuration = parses(
      {"-nodefaults", "-drive", "file=a", "-drive", "file=b,if=none", "-hda", "c", "-cdrom", "d", "e", "-snapshot"});
  ASSERT_EQ(configuration.drives.size(), 5u);
  EXPECT_EQ(configuration.devices.size(), 4u);
  EXPECT_EQ(configuration.drives[0].id, "virtio0");
  EXPECT_EQ(configuration.drives[2].file, "c");
  EXPECT_TRUE(configuration.drives[3].read_only);
  EXPECT_EQ(configuration.drives[4].file, "e");
  for (const auto& drive : configuration.drives) EXPECT_TRUE(drive.snapshot);
}

TEST(Drives, ThatAreWrong) {
  EXPECT_THAT(fails({"-drive", "format=raw"}), HasSubstr("file= is missing"));
  EXPECT_THAT(fails({"-drive", "file=x,format=qcow2"}), HasSubstr("only raw"));
  EXPECT_THAT(fails({"-drive", "file=x,if=scsi"}), HasSubstr("if=scsi"));
  EXPECT_THAT(fails({"-drive", "file=x,readonly=maybe"}), HasSubstr("readonly=maybe"));
  EXPECT_THAT(fails({"-drive", "fiel=x"}), HasSubstr("did you mean 'file'?"));
  EXPECT_THAT(fails({"-drive", "file=x,id=a", "-drive", "file=y,id=a"}), HasSubstr("used twice"));
  EXPECT_THAT(fails({""}), HasSubstr("''"));
}

TEST(Objects, AreSourcesOfRandomNumbers) {
  const auto configuration =
      parses({"-object", "rng-random,id=r0,filename=/dev/urandom", "-device", "virtio-rng-ccw,rng=r0"});
  ASSERT_EQ(configuration.objects.size(), 1u);
  EXPECT_EQ(configuration.objects[0].type, "rng-random");
  EXPECT_THAT(configuration.objects[0].properties, ElementsAre(Pair("filename", "/dev/urandom")));
  EXPECT_THAT(fails({"-object", "rng-radom,id=r"}), HasSubstr("did you mean 'rng-random'?"));
  EXPECT_THAT(fails({"-object", "rng-builtin"}), HasSubstr("id= is missing"));
  EXPECT_THAT(fails({"-object", "rng-builtin,id=r,filename=x"}), HasSubstr("unknown property 'filename'"));
}

TEST(Devices, NumbersAndSizesMayBeWrittenInAnyWay) {
  const auto devices = parses({"-drive",
                               "file=x,if=none,id=d",
                               "-device",
                               "virtio-blk,drive=d,logical_block_size=4k,queue-size=0x40,serial=0x10"})
                           .devices;
  ASSERT_EQ(devices.back().driver, "virtio-blk-ccw");
  const auto& properties = devices.back().properties;
  EXPECT_THAT(machine::find_property(properties, "logical_block_size"), testing::Pointee(std::string{"4096"}));
  EXPECT_THAT(machine::find_property(properties, "queue-size"), testing::Pointee(std::string{"64"}));
  EXPECT_THAT(machine::find_property(properties, "serial"), testing::Pointee(std::string{"0x10"}));
}

} // namespace
} // namespace siena::frontends::cli
