// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/command_line.h"

#include <gmock/gmock.h>

namespace siena::frontends::cli {
namespace {
using machine::Configuration;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

Configuration parses(const std::vector<std::string>& arguments) {
  auto line = parse_command_line(arguments);
  if (!line) {
    ADD_FAILURE() << line.error().message;
    return {};
  }
  EXPECT_FALSE(line.value().text);
  return line.value().configuration;
}

std::string fails(const std::vector<std::string>& arguments) {
  const auto line = parse_command_line(arguments);
  if (line) return "no error";
  EXPECT_EQ(line.error().exit_code, 2);
  EXPECT_EQ(line.error().message.find('\n'), std::string::npos);
  return line.error().message;
}

std::string prints(const std::vector<std::string>& arguments) {
  const auto line = parse_command_line(arguments);
  return line && line.value().text ? *line.value().text : "no text";
}

TEST(CommandLine, WithoutOptionsIsQemusDefaultMachine) {
  const auto configuration = parses({});
  EXPECT_EQ(configuration.storage_size, u64{128} << 20);
  EXPECT_EQ(configuration.cpu_count, 1u);
  EXPECT_EQ(configuration.maximum_cpu_count, 1u);
  EXPECT_EQ(configuration.identity, machine::Identity::Kvm);
  EXPECT_EQ(configuration.cpu.name, "max");
  EXPECT_EQ(configuration.time, machine::TimeMode::Deterministic);
  EXPECT_FALSE(configuration.seed);
  EXPECT_FALSE(configuration.rtc_base);
  EXPECT_FALSE(configuration.gdb);
  EXPECT_FALSE(configuration.no_reboot || configuration.no_shutdown || configuration.start_stopped);
}

TEST(CommandLine, KernelInitrdAndAppendWithOneDashOrTwo) {
  for (const std::string dash : {"-", "--"}) {
    const auto configuration =
        parses({dash + "kernel", "vmlinuz", dash + "initrd", "initrd.img", dash + "append", "a=b c"});
    EXPECT_EQ(configuration.kernel, "vmlinuz");
    EXPECT_EQ(configuration.initrd, "initrd.img");
    EXPECT_EQ(configuration.append, "a=b c");
  }
}

TEST(CommandLine, InitrdAndAppendTakeAKernel) {
  EXPECT_THAT(fails({"-initrd", "x"}), StartsWith("-initrd: "));
  EXPECT_THAT(fails({"-append", "x"}), StartsWith("-append: "));
  EXPECT_EQ(parses({"-kernel", "k", "-append", ""}).append, "");
  EXPECT_THAT(fails({"-kernel", ""}), StartsWith("-kernel: "));
}

TEST(CommandLine, WithoutAKernelOrADiskTheBuiltInGuestRuns) {
  EXPECT_FALSE(parses({}).built_in_guest.empty());
  EXPECT_FALSE(parses({"-m", "1G", "-smp", "2", "-nographic"}).built_in_guest.empty());
  EXPECT_TRUE(parses({"-kernel", "k"}).built_in_guest.empty());
  EXPECT_TRUE(parses({"disk.img"}).built_in_guest.empty());
  EXPECT_TRUE(parses({"-drive", "file=disk.img,if=none,id=d"}).built_in_guest.empty());
}

TEST(CommandLine, TheLastOfARepeatedOptionHolds) {
  EXPECT_EQ(parses({"-kernel", "a", "-kernel", "b"}).kernel, "b");
  EXPECT_EQ(parses({"-m", "512", "-m", "1G"}).storage_size, u64{1} << 30);
}

TEST(CommandLine, StorageSizes) {
  EXPECT_EQ(parses({"-m", "512"}).storage_size, u64{512} << 20);
  EXPECT_EQ(parses({"-m", "4G"}).storage_size, u64{4} << 30);
  EXPECT_EQ(parses({"-m", "size=4G,slots=2,maxmem=8G"}).storage_size, u64{4} << 30);
  EXPECT_EQ(parses({"-m", "1M"}).storage_size, u64{1} << 20);
}

TEST(CommandLine, StorageSizesThatNoMachineHas) {
  for (const char* wrong :
       {"0", "100T", "x", "", "-1", "512K", "size=", "1.0000001G", "99999999999999999999G", "1G,maxmem=512M"})
    EXPECT_THAT(fails({"-m", wrong}), StartsWith("-m: ")) << wrong;
  EXPECT_THAT(fails({"-m", "siez=1G"}), HasSubstr("did you mean 'size'?"));
}

TEST(CommandLine, CpuCounts) {
  EXPECT_EQ(parses({"-smp", "4"}).cpu_count, 4u);
  EXPECT_EQ(parses({"-smp", "cpus=4"}).cpu_count, 4u);
  EXPECT_EQ(parses({"-smp", "4,sockets=2,cores=2,threads=1"}).cpu_count, 4u);
  EXPECT_EQ(parses({"-smp", "sockets=2,cores=2,threads=1"}).cpu_count, 4u);
  const auto places = [](const char* argument) {
    const machine::Topology t = parses({"-smp", argument}).topology;
    return std::array{t.drawers, t.books, t.sockets, t.cores};
  };
  EXPECT_EQ(places("4"), (std::array{1u, 1u, 1u, 4u}));
  EXPECT_EQ(places("4,sockets=2"), (std::array{1u, 1u, 2u, 2u}));
  EXPECT_EQ(places("12,cores=3"), (std::array{1u, 1u, 4u, 3u}));
  EXPECT_EQ(places("2,drawers=2,books=3,sockets=4,cores=5,maxcpus=120"), (std::array{2u, 3u, 4u, 5u}));
  EXPECT_EQ(places("drawers=2,cores=2"), (std::array{2u, 1u, 1u, 2u}));
  const auto reserved = parses({"-smp", "2,maxcpus=8"});
  EXPECT_EQ(reserved.cpu_count, 2u);
  EXPECT_EQ(reserved.maximum_cpu_count, 8u);
  EXPECT_EQ(parses({"-smp", "2,sockets=2,cores=2,threads=1"}).maximum_cpu_count, 4u);
}

TEST(CommandLine, CpuCountsThatNoMachineHas) {
  for (const char* wrong : {"0",
                            "999",
                            "x",
                            "",
                            "4,maxcpus=2",
                            "cpus=0",
                            "4,sockets=2,cores=1,threads=1",
                            "maxcpus=999",
                            "sockets=99999999999,cores=99999999999,threads=99999999999",
                            "4,sockets=0"})
    EXPECT_THAT(fails({"-smp", wrong}), StartsWith("-smp: ")) << wrong;
}

TEST(CommandLine, MachineTypesAndProperties) {
  for (const char* type : {"s390-ccw-virtio", "s390-ccw-virtio-7.2", "type=s390-ccw-virtio,accel=tcg", "accel=kvm:tcg"})
    EXPECT_EQ(parses({"-machine", type}).identity, machine::Identity::Kvm) << type;
  EXPECT_EQ(parses({"-M", "s390-ccw-virtio,identity=lpar"}).identity, machine::Identity::Lpar);
  EXPECT_EQ(parses({"-M", "s390-ccw-virtio,loadparm=linux1,aes-key-wrap=off"}).loadparm, "LINUX1");
  EXPECT_EQ(parses({"-M", "s390-ccw-virtio,kernel=k"}).kernel, "k");
}

TEST(CommandLine, MachinesThatDoNotExist) {
  EXPECT_THAT(fails({"-M", "s390-ccw-virtoi"}), HasSubstr("did you mean 's390-ccw-virtio'?"));
  EXPECT_THAT(fails({"-M", "q35"}), AllOf(StartsWith("-M: "), HasSubstr("unknown machine 'q35'")));
  EXPECT_THAT(fails({"-M", "s390-ccw-virtio,identity=zvm"}), HasSubstr("none of kvm, lpar"));
  EXPECT_THAT(fails({"-M", "s390-ccw-virtio,idenity=lpar"}), HasSubstr("did you mean 'identity'?"));
  EXPECT_THAT(fails({"-M", "s390-ccw-virtio,loadparm=toolongname"}), HasSubstr("loadparm"));
  EXPECT_THAT(fails({"-M", "s390-ccw-virtio,usb=maybe"}), HasSubstr("neither on nor off"));
}

TEST(CommandLine, TheAcceleratorIsTcg) {
  parses({"-accel", "tcg"});
  parses({"-accel", "tcg,thread=single,tb-size=256"});
  parses({"-accel", "kvm", "-accel", "tcg"});
  EXPECT_THAT(fails({"-accel", "kvm"}), HasSubstr("'kvm' is not available"));
  EXPECT_THAT(fails({"-M", "s390-ccw-virtio,accel=kvm"}), HasSubstr("'kvm' is not available"));
  EXPECT_THAT(fails({"-accel", "tcg,tread=single"}), HasSubstr("did you mean 'thread'?"));
}

TEST(CommandLine, CpuModelsWithFeatures) {
  const auto cpu = parses({"-cpu", "z14,vx=off,+te,-gs,zpci=on"}).cpu;
  EXPECT_EQ(cpu.name, "z14");
  std::vector<std::pair<std::string, bool>> features;
  for (const auto& feature : cpu.features) features.emplace_back(feature.name, feature.on);
  EXPECT_THAT(features, ElementsAre(Pair("vx", false), Pair("te", true), Pair("gs", false), Pair("zpci", true)));
  EXPECT_EQ(parses({"-cpu", "gen16a-base"}).cpu.name, "gen16a-base");
  EXPECT_THAT(fails({"-cpu", "z41"}), HasSubstr("unknown CPU model 'z41'"));
  EXPECT_THAT(fails({"-cpu", "gen16"}), HasSubstr("did you mean 'gen16a'?"));
  EXPECT_THAT(fails({"-cpu", "z14,vx=maybe"}), HasSubstr("vx=maybe"));
  EXPECT_THAT(fails({"-cpu", "z14,=on"}), HasSubstr("name is missing"));
  EXPECT_THAT(fails({"-cpu", "z14,"}), HasSubstr("name is missing"));
}

TEST(CommandLine, NameUuidSeedAndDate) {
  const auto configuration = parses({"-name",
                                     "guest=a,debug-threads=on",
                                     "-uuid",
                                     "01234567-89ab-cdef-0123-456789abcdef",
                                     "-seed",
                                     "0x10",
                                     "-rtc",
                                     "base=2026-01-31T12:00:00,clock=vm"});
  EXPECT_EQ(configuration.name, "a");
  EXPECT_EQ(configuration.uuid, "01234567-89ab-cdef-0123-456789abcdef");
  EXPECT_EQ(configuration.seed, 16u);
  EXPECT_EQ(configuration.rtc_base, 1769860800);
  EXPECT_FALSE(parses({"-rtc", "base=utc"}).rtc_base);
  EXPECT_THAT(fails({"-uuid", "1"}), StartsWith("-uuid: "));
  EXPECT_THAT(fails({"-seed", "x"}), StartsWith("-seed: "));
  EXPECT_THAT(fails({"-rtc", "base=tomorrow"}), StartsWith("-rtc: "));
  EXPECT_THAT(fails({"-rtc", "bas=utc"}), HasSubstr("did you mean 'base'?"));
}

TEST(CommandLine, TimeModesAndEngines) {
  EXPECT_EQ(parses({"--time", "warp"}).time, machine::TimeMode::Warp);
  EXPECT_EQ(parses({"-time", "wall"}).time, machine::TimeMode::Wall);
  EXPECT_EQ(parses({"--engine", "interpreter"}).engine, machine::Engine::Interpreter);
  EXPECT_THAT(fails({"--time", "slow"}), AllOf(StartsWith("--time: "), HasSubstr("deterministic, warp, wall")));
  EXPECT_THAT(fails({"--engine", "steam"}), StartsWith("--engine: "));
}

TEST(CommandLine, LifeCycle) {
  const auto configuration = parses({"-no-reboot", "-no-shutdown", "-S", "-pidfile", "p"});
  EXPECT_TRUE(configuration.no_reboot && configuration.no_shutdown && configuration.start_stopped);
  EXPECT_EQ(configuration.pidfile, "p");
  const auto by_action = parses({"-action", "panic=pause,reboot=shutdown", "-action", "shutdown=pause"});
  EXPECT_TRUE(by_action.no_reboot && by_action.no_shutdown);
  EXPECT_EQ(by_action.panic, machine::PanicAction::Pause);
  EXPECT_THAT(fails({"-action", "panic=cry"}), StartsWith("-action panic: "));
}

TEST(CommandLine, Debugger) {
  EXPECT_EQ(parses({"-s"}).gdb->port, 1234);
  EXPECT_EQ(parses({"-gdb", "tcp::4321"}).gdb->port, 4321);
  EXPECT_EQ(parses({"-gdb", "tcp::4321"}).gdb->address, "127.0.0.1");
  EXPECT_EQ(parses({"-gdb", "tcp:0.0.0.0:4321,server=on,wait=off"}).gdb->address, "0.0.0.0");
  EXPECT_EQ(parses({"-gdb", "tcp:[::1]:4321"}).gdb->address, "::1");
  EXPECT_EQ(parses({"-gdb", "unix:/tmp/gdb,server=on,wait=off"}).gdb->path, "/tmp/gdb");
  EXPECT_EQ(parses({"-s"}).gdb->path, "");
  EXPECT_THAT(fails({"-gdb", "unix:"}), StartsWith("-gdb: "));
  EXPECT_THAT(fails({"-gdb", "tcp::1234,wait=on"}), HasSubstr("wait=off"));
  EXPECT_FALSE(parses({"-s", "-gdb", "none"}).gdb);
  for (const char* wrong : {"", "tcp", "tcp:", "tcp::", "tcp::0", "tcp::65536", "tcp::x", "udp::1234"})
    EXPECT_THAT(fails({"-gdb", wrong}), StartsWith("-gdb: ")) << wrong;
}

TEST(CommandLine, LogItems) {
  const auto configuration = parses({"-d", "in_asm,int,exec,guest_errors,sie", "-D", "log"});
  EXPECT_THAT(configuration.trace,
              ElementsAre(TraceCategory::Instruction, TraceCategory::Interruption, TraceCategory::Sie));
  EXPECT_EQ(configuration.trace_file, "log");
  EXPECT_THAT(fails({"-d", "in_ams"}), AllOf(StartsWith("-d: "), HasSubstr("did you mean 'in_asm'?")));
  EXPECT_THAT(prints({"-d", "help"}), HasSubstr("in_asm"));
  EXPECT_TRUE(parses({"-d", "jit"}).trace_translations);
  EXPECT_THAT(parses({"-d", "io"}).trace, ElementsAre(TraceCategory::Sclp, TraceCategory::Ccw, TraceCategory::Virtio));
  EXPECT_THAT(parses({"-d", "shadow,tlb,mmu", "-d", "sigp,ccw,io"}).trace,
              ElementsAre(TraceCategory::Shadow,
                          TraceCategory::Tlb,
                          TraceCategory::Sigp,
                          TraceCategory::Ccw,
                          TraceCategory::Sclp,
                          TraceCategory::Virtio));
  for (const char* item : {"shadow", "tlb", "sigp", "sclp", "ccw", "virtio"})
    EXPECT_THAT(prints({"-d", "help"}), HasSubstr(std::string("\n") + item + " "));
}

TEST(CommandLine, TraceFile) {
  for (const char* argument : {"out.json", "file=out.json"}) {
    const auto configuration = parses({"--trace", argument});
    EXPECT_EQ(configuration.trace_json, "out.json");
    EXPECT_THAT(configuration.trace,
                ElementsAre(TraceCategory::Interruption,
                            TraceCategory::Sie,
                            TraceCategory::Sigp,
                            TraceCategory::Sclp,
                            TraceCategory::Ccw,
                            TraceCategory::Virtio));
  }
  EXPECT_EQ(parses({"-trace", "file=out"}).trace_json, "out");
  EXPECT_THAT(parses({"-trace", "a,,b.json", "-d", "sie"}).trace, ElementsAre(TraceCategory::Sie));
  EXPECT_THAT(parses({}).trace, ElementsAre());
  for (const char* qemus : {"virtio_*", "enable=sie", "enable=x.json,file=y", "events=list.json", "file=a,events=b"})
    EXPECT_THAT(fails({"-trace", qemus}), AllOf(StartsWith("-trace: "), HasSubstr("events are chosen with -d")))
        << qemus;
  EXPECT_THAT(fails({"-trace", "file="}), HasSubstr("the file is missing"));
  EXPECT_THAT(fails({"-trace", "fiel=a"}), HasSubstr("did you mean 'file'"));
}

TEST(CommandLine, TraceFilters) {
  const auto filter = [](const std::vector<std::string>& arguments) { return parses(arguments).trace_filter; };
  using Range = machine::TraceFilter::Range;
  EXPECT_THAT(filter({"-dfilter", "0x8000..0x8fff,0x8000+0x200,0x8000-0x100", "-dfilter", "16..16"}).addresses,
              ElementsAre(Range{0x8000, 0x8FFF}, Range{0x8000, 0x81FF}, Range{0x7F01, 0x8000}, Range{16, 16}));
  EXPECT_THAT(filter({"-dfilter", "0xffffffffffffff00+0x100"}).addresses,
              ElementsAre(Range{0xFFFF'FFFF'FFFF'FF00, ~u64{0}}));
  for (const char* wrong : {"",
                            "0x8000",
                            "0x8000.0x8fff",
                            "0x8fff..0x8000",
                            "a..b",
                            "1+0",
                            "1-0",
                            "1-3",
                            "1..2,",
                            "0xffffffffffffff00+0x101"})
    EXPECT_THAT(fails({"-dfilter", wrong}), AllOf(StartsWith("-dfilter: "), HasSubstr("is not a range"))) << wrong;
  EXPECT_EQ(filter({"-trace-filter", "cpu=2,level=1,count=10,after=5"}),
            (machine::TraceFilter{.first_cpu = 2, .last_cpu = 2, .level = u8{1}, .after = 5, .count = 10}));
  EXPECT_EQ(filter({"-trace-filter", "cpu=0-3"}), (machine::TraceFilter{.first_cpu = 0, .last_cpu = 3}));
  EXPECT_EQ(filter({}), machine::TraceFilter{});
  for (const char* wrong : {"cpu=", "cpu=x", "cpu=3-1", "cpu=1-", "level=2", "level=", "count=few", "after=-1"})
    EXPECT_THAT(fails({"-trace-filter", wrong}), StartsWith("-trace-filter: ")) << wrong;
  EXPECT_THAT(fails({"-trace-filter", "levle=1"}), HasSubstr("did you mean 'level'"));
}

TEST(CommandLine, UnknownOptionsNameTheNearest) {
  EXPECT_EQ(fails({"-kernle", "x"}), "-kernle: unknown option; did you mean '-kernel'?");
  EXPECT_EQ(fails({"--nograpic"}), "--nograpic: unknown option; did you mean '-nographic'?");
  EXPECT_EQ(fails({"-qqqqqqqq"}), "-qqqqqqqq: unknown option");
  EXPECT_EQ(fails({"-m=512"}), "-m=512: unknown option; write '-m 512'");
  EXPECT_THAT(fails({"-"}), HasSubstr("unknown option"));
  EXPECT_THAT(fails({"--"}), HasSubstr("unknown option"));
  EXPECT_THAT(fails({"---kernel", "x"}), HasSubstr("unknown option"));
}

TEST(CommandLine, AnOptionsArgumentMayNotBeMissing) {
  EXPECT_EQ(fails({"-kernel"}), "-kernel: FILE is missing");
  EXPECT_EQ(fails({"-m"}), "-m: [size=]SIZE is missing");
}

TEST(CommandLine, QemusOptionsWithoutAMeaningHereAreAccepted) {
  parses({"-no-user-config",
          "-vga",
          "none",
          "-parallel",
          "none",
          "-nic",
          "none",
          "-net",
          "none",
          "-boot",
          "c",
          "-icount",
          "shift=0",
          "-k",
          "de",
          "-sandbox",
          "off",
          "-msg",
          "timestamp=on"});
  EXPECT_THAT(fails({"-sandbox", "on"}), StartsWith("-sandbox: "));
  EXPECT_THAT(fails({"-nic", "user"}), StartsWith("-nic: "));
  EXPECT_THAT(fails({"-display", "gtk"}), StartsWith("-display: "));
}

TEST(CommandLine, HelpAndVersionArePrinted) {
  for (const char* option : {"-help", "--help", "-h", "--h"}) EXPECT_THAT(prints({option}), HasSubstr("-kernel FILE"));
  EXPECT_THAT(prints({"-help"}), HasSubstr("built-in guest"));
  EXPECT_THAT(prints({"-version"}), AllOf(StartsWith("siena "), EndsWith("\n")));
  EXPECT_THAT(prints({"-M", "help"}), HasSubstr("s390-ccw-virtio"));
  EXPECT_THAT(prints({"-cpu", "help"}), HasSubstr("gen16a"));
  EXPECT_THAT(prints({"-accel", "help"}), HasSubstr("tcg"));
  EXPECT_THAT(prints({"-device", "help"}), HasSubstr("virtio-blk-ccw"));
  EXPECT_THAT(prints({"-device", "virtio-blk-ccw,help"}), HasSubstr("drive"));
  EXPECT_THAT(prints({"-chardev", "help"}), HasSubstr("stdio"));
  EXPECT_THAT(prints({"-object", "help"}), HasSubstr("rng-random"));
}

TEST(CommandLine, NoArgumentIsTooStrange) {
  const std::vector<std::string> strange = {"",
                                            "-",
                                            "--",
                                            ",",
                                            ",,",
                                            "=",
                                            "=,=",
                                            "-m",
                                            "%s%n",
                                            std::string(5000, ','),
                                            std::string(5000, 'x'),
                                            "\xFF\xFE",
                                            "help",
                                            "x=",
                                            "mon:",
                                            "chardev:",
                                            "tcp:"};
  for (const char* option :
       {"m",   "smp", "cpu",     "machine", "accel",  "name",    "uuid", "rtc",    "seed",  "time",   "action",
        "gdb", "d",   "display", "chardev", "serial", "monitor", "mon",  "device", "drive", "object", "nic"})
    for (const auto& argument : strange) {
      const auto line = parse_command_line({"-" + std::string{option}, argument});
      EXPECT_TRUE(line || !line.error().message.empty());
    }
}

} // namespace
} // namespace siena::frontends::cli
