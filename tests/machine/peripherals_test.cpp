// SPDX-License-Identifier: BSD-3-Clause
// What a machine makes of its devices' properties, and who gets the input of a character device that several share.
#include "machine/machine.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>

namespace siena::machine {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct NoSurroundings final : Surroundings, devices::ByteSink {
  devices::ByteSink& output(const std::string&) override { return *this; }
  void wait(u64) override {}
  u64 host_nanoseconds() override { return 0; }
  void write(std::span<const u8> bytes) override { written.append(bytes.begin(), bytes.end()); }
  std::string written;
};

class Machines : public testing::Test {
 protected:
  std::unique_ptr<Machine> build(std::vector<Device> devices) {
    auto machine = create(std::move(devices));
    if (machine) return std::move(machine.value());
    ADD_FAILURE() << machine.error().message;
    return nullptr;
  }
  std::string fails(std::vector<Device> devices) {
    const auto machine = create(std::move(devices));
    if (machine) return "no error";
    EXPECT_EQ(machine.error().exit_code, 2);
    return machine.error().message;
  }
  std::string disk_fails(Properties properties) {
    properties.insert(properties.begin(), {"drive", "d"});
    return fails({{.driver = "virtio-blk-ccw", .properties = std::move(properties)}});
  }

  test::TemporaryDirectory directory;
  NoSurroundings surroundings;

 private:
  Result<std::unique_ptr<Machine>> create(std::vector<Device> devices) {
    Configuration configuration;
    configuration.storage_size = kMebibyte;
    configuration.rtc_base = 0;
    configuration.seed = 1;
    configuration.devices = std::move(devices);
    configuration.drives = {{.id = "d", .file = directory.write("disk", std::string(8192, 'x'))}};
    return Machine::create(configuration, surroundings, nullptr);
  }
};

TEST_F(Machines, ADiskPropertyThatCannotBeUsedIsAnErrorThatNamesIt) {
  EXPECT_THAT(disk_fails({{"logical_block_size", "1000"}}),
              StartsWith("-device virtio-blk-ccw: logical_block_size: must be a power of two"));
  EXPECT_THAT(disk_fails({{"logical_block_size", "4096"}, {"physical_block_size", "512"}}),
              StartsWith("-device virtio-blk-ccw: physical_block_size: "));
  EXPECT_THAT(disk_fails({{"queue-size", "100"}}), StartsWith("-device virtio-blk-ccw: queue-size: "));
  EXPECT_THAT(disk_fails({{"serial", "longer than twenty bytes"}}), StartsWith("-device virtio-blk-ccw: serial: "));
  EXPECT_THAT(disk_fails({{"min_io_size", "700"}}), StartsWith("-device virtio-blk-ccw: min_io_size=700: "));
}

TEST_F(Machines, ANumberThatIsTooLargeIsNotCutToSize) {
  EXPECT_THAT(disk_fails({{"queue-size", "65792"}}), HasSubstr("queue-size=65792: not a number from 0 to 65535"));
  EXPECT_THAT(disk_fails({{"logical_block_size", "4294967808"}}), HasSubstr("logical_block_size=4294967808: "));
  EXPECT_THAT(disk_fails({{"min_io_size", "33554432"}}), HasSubstr("min_io_size=33554432: "));
  EXPECT_THAT(fails({{.driver = "virtio-serial-ccw", .properties = {}},
                     {.driver = "virtserialport", .properties = {{"chardev", "c"}, {"nr", "4294967297"}}}}),
              AllOf(StartsWith("-device virtserialport: "), HasSubstr("nr=4294967297")));
}

TEST_F(Machines, ADiskWithPropertiesThatCanBeUsedIsBuilt) {
  EXPECT_NE(
      build({{.driver = "virtio-blk-ccw",
              .properties =
                  {{"drive", "d"}, {"logical_block_size", "4096"}, {"min_io_size", "8192"}, {"queue-size", "64"}}}}),
      nullptr);
}

TEST_F(Machines, APortsNumberAndTheirMaximumAreChecked) {
  for (const char* maximum : {"0", "32", "4294967295"})
    EXPECT_THAT(fails({{.driver = "virtio-serial-ccw", .properties = {{"max_ports", maximum}}}}),
                AllOf(StartsWith("-device virtio-serial-ccw: max_ports="), HasSubstr("from 1 to 31")));
  EXPECT_THAT(fails({{.driver = "virtserialport", .properties = {{"chardev", "c"}}}}), HasSubstr("virtio-serial-ccw"));
}

TEST_F(Machines, ThereIsOneConsoleOfAKind) {
  const Device console{.driver = "sclpconsole", .properties = {{"chardev", "c"}}};
  EXPECT_THAT(fails({console, console}), AllOf(StartsWith("-device sclpconsole: "), HasSubstr("only one")));
}

TEST_F(Machines, EachDeviceOfASharedCharacterDeviceHasItsOwnInput) {
  const auto machine = build({{.driver = "sclpconsole", .properties = {{"chardev", "c"}}},
                              {.driver = "sclplmconsole", .properties = {{"chardev", "c"}}}});
  ASSERT_NE(machine, nullptr);
  const auto waiting = [&](const std::string& source) { return machine->external().undelivered(source); };
  const std::string line = "two\n";
  machine->external().submit(input_source("c", 2), {reinterpret_cast<const u8*>(line.data()), line.size()});
  EXPECT_EQ(waiting("c"), 0u);
  EXPECT_EQ(waiting("c#2"), line.size());
}

TEST_F(Machines, ALineModeConsoleEchoesUnlessToldNotTo) {
  for (const char* echo : {"on", "off"}) {
    surroundings.written.clear();
    const auto machine = build({{.driver = "sclplmconsole", .properties = {{"chardev", "c"}, {"echo", echo}}}});
    ASSERT_NE(machine, nullptr);
    const u8 letter = 'x';
    machine->external().submit("c", {&letter, 1});
    // Input arrives at the next event; a program that only waits lets it come.
    machine->cpu(0).state = cpu::Cpu::State::Operating;
    machine->cpu(0).load_psw(cpu::Psw::kExternal | cpu::Psw::kWait, 0);
    machine->control().post([&] { machine->control().post([&] { machine->control().quit(0); }); });
    (void)machine->run();
    EXPECT_EQ(surroundings.written, std::string{echo} == "on" ? "x" : "");
  }
}

} // namespace
} // namespace siena::machine
