// SPDX-License-Identifier: BSD-3-Clause
// Core files of small machines and of sources made up, read back byte by byte. That gdb reads them too is tests/frontends/dump/session.
#include "frontends/dump/core_file.h"

#include "base/address.h"
#include "base/big_endian.h"
#include "frontends/dump/machine_source.h"
#include "frontends/dump/part_file.h"
#include "tests/frontends/gdb/small_machine.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <map>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace siena::frontends::dump {
namespace {
using gdb::testing::put_code;
using gdb::testing::small_machine;
using gdb::testing::SmallSurroundings;
using gdb::testing::start;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What a tool finds in a core file.
class Core {
 public:
  struct Segment {
    u32 type;
    u64 offset, virtual_address, address, file_size, size;
  };
  struct Note {
    std::string name;
    u32 type;
    std::string content;
    u64 number(std::size_t at) const { return load_big<u64>(reinterpret_cast<const u8*>(content.data()) + at); }
    u32 word(std::size_t at) const { return load_big<u32>(reinterpret_cast<const u8*>(content.data()) + at); }
  };

  explicit Core(const std::string& path) : bytes_(test::content_of(path)) {
    for (unsigned n = 0; n < get<u16>(56); ++n) {
      const u64 at = get<u64>(32) + n * get<u16>(54);
      segments.push_back(
          {get<u32>(at), get<u64>(at + 8), get<u64>(at + 16), get<u64>(at + 24), get<u64>(at + 32), get<u64>(at + 40)});
    }
    const Segment& first = segments.at(0);
    for (u64 at = first.offset; at < first.offset + first.file_size;) {
      const u64 name = at + 12, content = name + padded(get<u32>(at));
      notes.push_back({text(name, get<u32>(at) - 1), get<u32>(at + 8), text(content, get<u32>(at + 4))});
      at = content + padded(get<u32>(at + 4));
    }
  }
  template <typename T>
  T get(u64 at) const {
    return load_big<T>(reinterpret_cast<const u8*>(bytes_.data()) + at);
  }
  std::string text(u64 at, u64 length) const { return bytes_.substr(at, length); }
  u64 size() const { return bytes_.size(); }
  /// Of the CPU with that index; without one an empty note.
  Note note(u32 type, unsigned cpu = 0) const {
    for (const Note& n : notes)
      if (n.type == type && cpu-- == 0) return n;
    ADD_FAILURE() << "no such note: " << type;
    return {"", 0, std::string(512, '\0')};
  }

  std::vector<Segment> segments;
  std::vector<Note> notes;

 private:
  static u64 padded(u64 size) { return (size + 3) & ~u64{3}; }
  std::string bytes_;
};

/// Storage with pages that are there, and others that are not.
class MadeUp final : public Source {
 public:
  std::vector<CpuState> cpus() const override { return states; }
  bool has_vector_registers() const override { return vectors; }
  std::vector<StorageRange> storage() const override { return ranges; }
  u64 read(u64 address, std::span<u8> to) const override {
    u64 missing = 0;
    for (std::size_t n = 0; n < to.size(); ++n) {
      const auto page = pages.find((address + n) & kPageMask);
      if (page == pages.end()) ++missing;
      to[n] = page == pages.end() ? u8{0} : static_cast<u8>(page->second[(address + n) % kPageSize]);
    }
    return missing;
  }
  void fill(u64 page, u8 with) { pages[page] = std::string(kPageSize, static_cast<char>(with)); }
  void put(u64 address, const std::string& bytes) {
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      auto& page = pages[(address + n) & kPageMask];
      page.resize(kPageSize);
      page[(address + n) % kPageSize] = bytes[n];
    }
  }

  std::vector<CpuState> states;
  bool vectors = false;
  std::vector<StorageRange> ranges;
  std::map<u64, std::string> pages;
};

std::string big(u64 value, std::size_t size) {
  std::string bytes;
  for (std::size_t n = size; n-- > 0;) bytes += static_cast<char>(value >> (8 * n));
  return bytes;
}

class CoreFile : public ::testing::Test {
 protected:
  test::TemporaryDirectory directory;
  std::string path = directory.path("core");
};

TEST_F(CoreFile, IsABigEndianElf64CoreOfS390) {
  MadeUp source;
  source.ranges = {{0, kPageSize}};
  ASSERT_TRUE(write_core(source, path).ok());
  const Core core{path};
  EXPECT_EQ(core.text(0, 16),
            std::string("\x7f"
                        "ELF\2\2\1\0\0\0\0\0\0\0\0\0",
                        16));
  EXPECT_EQ(core.get<u16>(16), 4);  // ET_CORE
  EXPECT_EQ(core.get<u16>(18), 22); // EM_S390
}

TEST_F(CoreFile, SaysOfEachCpuWhatQemuSaysInItsOrder) {
  MadeUp source;
  source.vectors = true;
  source.states.resize(2);
  source.states[1].address = 1;
  ASSERT_TRUE(write_core(source, path).ok());
  const Core core{path};
  std::vector<std::string> found;
  for (const auto& note : core.notes)
    found.push_back(note.name + " " + std::to_string(note.type) + " " + std::to_string(note.content.size()));
  // From a dump that qemu-system-s390x 7.2 wrote, without NT_S390_GS_CB: there is no guarded storage here.
  const std::vector<std::string> one = {"CORE 1 336",
                                        "CORE 2 136",
                                        "LINUX 773 4",
                                        "LINUX 772 128",
                                        "LINUX 769 8",
                                        "LINUX 770 8",
                                        "LINUX 771 4",
                                        "LINUX 777 128",
                                        "LINUX 778 256"};
  std::vector<std::string> both = one;
  both.insert(both.end(), one.begin(), one.end());
  EXPECT_EQ(found, both);
  EXPECT_EQ(core.note(1, 0).word(32), 1u); // pr_pid: threads count from 1
  EXPECT_EQ(core.note(1, 1).word(32), 2u);
}

TEST_F(CoreFile, HasNoVectorNotesWhereThereAreNoVectorRegisters) {
  MadeUp source;
  source.states.resize(1);
  ASSERT_TRUE(write_core(source, path).ok());
  EXPECT_EQ(Core{path}.notes.size(), 7u);
}

TEST_F(CoreFile, HoldsAMachinesRegisters) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings, 2);
  cpu::Cpu& cpu = machine->cpu(1);
  cpu.load_psw(gdb::testing::kWide | cpu::Psw::kWait, 0x1234);
  for (unsigned n = 0; n < 16; ++n) {
    cpu.gr[n] = 0x1111'2222'0000'0000 + n;
    cpu.ar[n] = 0xA000'0000 + n;
    cpu.cr[n] = 0xC0'0000'0000 + n;
    cpu.fpr(n) = 0xF000'0000'0000'0000 + n;
  }
  cpu.fpc = 0x0080'0000;
  cpu.set_prefix(0x6000);
  cpu.clock_comparator = 0x5555'6666'7777'8888;
  cpu.tod_programmable = 0x4321;
  cpu.set_cpu_timer(0x7FFF'0000'1111'2222);

  const auto written = write_core(MachineSource{*machine}, path);
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written.value().cpus, 2u);
  const Core core{path};
  const Core::Note status = core.note(1, 1);
  EXPECT_EQ(status.number(112), cpu.psw.packed_mask());
  EXPECT_EQ(status.number(120), 0x1234u);
  for (unsigned n = 0; n < 16; ++n) {
    EXPECT_EQ(status.number(128 + 8 * n), cpu.gr[n]);
    EXPECT_EQ(status.word(256 + 4 * n), cpu.ar[n]);
    EXPECT_EQ(core.note(2, 1).number(8 + 8 * n), cpu.fpr(n));
    EXPECT_EQ(core.note(0x304, 1).number(8 * n), cpu.cr[n]);
  }
  EXPECT_EQ(core.note(2, 1).word(0), cpu.fpc);
  EXPECT_EQ(core.note(0x305, 1).word(0), 0x6000u);
  EXPECT_EQ(core.note(0x302, 1).number(0), 0x0055'5566'6677'7788u); // without its last byte
  EXPECT_EQ(core.note(0x303, 1).word(0), 0x4321u);
  EXPECT_EQ(core.note(0x301, 1).number(0), 0x7FFF'0000'1111'2222u);
}

TEST_F(CoreFile, HoldsTheHalvesOfVectorRegistersThatAreNotFloatingPointRegisters) {
  MadeUp source;
  source.vectors = true;
  auto& registers = source.states.emplace_back().registers;
  for (unsigned n = 0; n < 32; ++n) registers.vr[n] = {0xF000'0000'0000'0000 + n, 0xF100'0000'0000'0000 + n};
  ASSERT_TRUE(write_core(source, path).ok());
  const Core core{path};
  for (unsigned n = 0; n < 16; ++n) {
    EXPECT_EQ(core.note(2).number(8 + 8 * n), registers.vr[n].high);
    EXPECT_EQ(core.note(0x309).number(8 * n), registers.vr[n].low);
    EXPECT_EQ(core.note(0x30A).number(16 * n), registers.vr[n + 16].high);
    EXPECT_EQ(core.note(0x30A).number(16 * n + 8), registers.vr[n + 16].low);
  }
}

TEST_F(CoreFile, HoldsAMachinesStorageByAbsoluteAddress) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  machine->cpu(0).set_prefix(0x4000); // changes what is real, not what is absolute
  ASSERT_TRUE(machine->storage().store<u64>({0x12'3458}, 0x0123'4567'89AB'CDEF));
  ASSERT_TRUE(machine->storage().store<u64>({8 * machine::kMebibyte - 8}, 42));
  ASSERT_TRUE(write_core(MachineSource{*machine}, path).ok());
  const Core core{path};
  ASSERT_EQ(core.segments.size(), 2u);
  const Core::Segment& storage = core.segments[1];
  EXPECT_EQ(storage.type, 1u);
  EXPECT_EQ(storage.address, 0u);
  EXPECT_EQ(storage.virtual_address, 0u);
  EXPECT_EQ(storage.size, 8 * machine::kMebibyte);
  EXPECT_EQ(storage.file_size, storage.size);
  EXPECT_EQ(core.size(), storage.offset + storage.file_size);
  std::vector<u8> all(storage.size);
  ASSERT_TRUE(machine->storage().read({0}, all));
  EXPECT_TRUE(core.text(storage.offset, storage.size) == std::string(all.begin(), all.end()));
  EXPECT_EQ(core.get<u64>(storage.offset + 0x12'3458), 0x0123'4567'89AB'CDEFu);
}

/// Stops the machine after a number of instructions.
class StopAfter final : public cpu::interpreter::InstructionHook {
 public:
  bool before(cpu::Cpu&) override { return true; }
  bool after(cpu::Cpu&) override { return --left != 0; }
  unsigned left = 1000;
};

TEST_F(CoreFile, DoesNotChangeTheRunThatGoesOnAfterIt) {
  const auto hash_of = [&](bool dump) {
    SmallSurroundings surroundings;
    const auto machine = small_machine(surroundings, 2);
    put_code(*machine, 0x2000, "A71B0001 B2050400 A7F4FFFC"); // aghi 1,1; stck 0x400; j 2000
    start(*machine, 0, 0x2000);
    start(*machine, 1, 0x2000);
    for (int round = 0; round < 3; ++round) {
      StopAfter hook;
      machine->set_debug_hook(&hook);
      EXPECT_EQ(machine->run().kind, machine::Ending::Kind::Stopped);
      if (dump) {
        EXPECT_TRUE(write_core(MachineSource{*machine}, path).ok());
      }
    }
    EXPECT_EQ(machine->instructions(), 3000u);
    return machine->state_hash();
  };
  EXPECT_EQ(hash_of(true), hash_of(false));
}

TEST_F(CoreFile, ShowsACpuInsideSieAsItsSieHost) {
  constexpr u64 kBlock = 0x1'0000, kGuest = 0x10'0000, kSie = 0x3000;
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  sie::StateDescription description{};
  description.cpuflags = sie::cpuflags::kZarch;
  description.mso = kGuest;
  description.msl = kGuest + 0x10'0000;
  description.gpsw_mask = gdb::testing::kWide;
  description.gpsw_address = 0x1000;
  description.eca = sie::eca::kProtection;
  description.prefix = 0x8000;
  description.gcr[0] = 0xE0;
  u8 bytes[sizeof description];
  std::memcpy(bytes, &description, sizeof bytes);
  ASSERT_TRUE(machine->storage().write({kBlock}, bytes));
  put_code(*machine, kGuest + 0x1000, "A71B0001 A7F4FFFE"); // aghi 1,1; j .-4
  put_code(*machine, kSie, "B214E000 B2B20300");            // sie 0(14); lpswe 0x300
  cpu::Cpu& cpu = machine->cpu(0);
  cpu.gr[14] = kBlock;
  cpu.gr[15] = 0x5555;
  cpu.cr[1] = mmu::asce::kRealSpace;
  cpu.cr[6] = 0x6666;
  start(*machine, 0, kSie);
  StopAfter hook;
  machine->set_debug_hook(&hook);
  ASSERT_EQ(machine->run().kind, machine::Ending::Kind::Stopped);
  ASSERT_TRUE(cpu.interpretive());
  ASSERT_NE(cpu.psw.address, kSie);

  ASSERT_TRUE(write_core(MachineSource{*machine}, path).ok());
  EXPECT_TRUE(cpu.interpretive());
  const Core core{path};
  EXPECT_EQ(core.note(1).number(120), kSie);
  EXPECT_EQ(core.note(1).number(128 + 8 * 1), cpu.gr[1]); // general registers 0-13 are the guest's as well
  EXPECT_EQ(core.note(1).number(128 + 8 * 14), kBlock);
  EXPECT_EQ(core.note(1).number(128 + 8 * 15), 0x5555u);
  EXPECT_EQ(core.note(0x304).number(8 * 6), 0x6666u);
  EXPECT_EQ(core.note(0x305).word(0), 0u);
}

TEST_F(CoreFile, LeavesPagesOfZerosOutOfTheFile) {
  MadeUp source;
  source.ranges = {{0, 4096 * kPageSize}};
  for (u64 page = 0; page < 4096; ++page) source.fill(page * kPageSize, 0);
  source.fill(1000 * kPageSize, 7);
  const auto written = write_core(source, path);
  ASSERT_TRUE(written.ok());
  EXPECT_LT(written.value().stored, 3 * kPageSize);
  struct stat status = {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(static_cast<u64>(status.st_size), written.value().file_size);
  EXPECT_LT(static_cast<u64>(status.st_blocks) * 512, 1u << 20);
  const Core core{path};
  EXPECT_EQ(core.text(core.segments[1].offset + 1000 * kPageSize, kPageSize), std::string(kPageSize, '\7'));
  EXPECT_EQ(core.text(core.segments[1].offset + 999 * kPageSize, kPageSize), std::string(kPageSize, '\0'));
}

TEST_F(CoreFile, ShowsPagesThatCannotBeHadAsZeros) {
  MadeUp source;
  source.ranges = {{0x10'0000, 2 * kPageSize}, {0x40'0000, 3 * kPageSize}};
  source.fill(0x10'0000, 1);
  source.fill(0x40'1000, 2);
  const auto written = write_core(source, path);
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written.value().missing, 3 * kPageSize);
  const Core core{path};
  ASSERT_EQ(core.segments.size(), 3u);
  EXPECT_EQ(core.segments[1].address, 0x10'0000u);
  EXPECT_EQ(core.segments[2].address, 0x40'0000u);
  EXPECT_EQ(core.text(core.segments[1].offset, 2 * kPageSize),
            std::string(kPageSize, '\1') + std::string(kPageSize, '\0'));
  EXPECT_EQ(core.text(core.segments[2].offset, 3 * kPageSize),
            std::string(kPageSize, '\0') + std::string(kPageSize, '\2') + std::string(kPageSize, '\0'));
}

// --- What a kernel publishes -----------------------------------------------------------------------------------------

std::string vmcoreinfo(const std::string& text) {
  return big(11, 4) + big(text.size(), 4) + big(0, 4) + std::string("VMCOREINFO\0\0", 12) + text;
}

class KernelNote : public CoreFile {
 protected:
  KernelNote() {
    source.ranges = {{0, 16 * kPageSize}};
    for (u64 page = 0; page < 16; ++page) source.fill(page * kPageSize, 0);
  }
  void publish(u64 address, const std::string& note) {
    source.put(0xE0C, big(address, 8));
    source.put(address, note);
  }
  /// The number of notes in the core.
  std::size_t notes() {
    const auto written = write_core(source, path);
    EXPECT_TRUE(written.ok());
    const Core core{path};
    EXPECT_EQ(written.value().kernel_note, !core.notes.empty());
    return core.notes.size();
  }
  MadeUp source;
};

TEST_F(KernelNote, IsTakenFromWhereTheLowcoreSays) {
  publish(0x3FF0, vmcoreinfo("OSRELEASE=1\n"));
  ASSERT_EQ(notes(), 1u);
  const Core::Note note = Core{path}.notes[0];
  EXPECT_EQ(note.name, "VMCOREINFO");
  EXPECT_EQ(note.type, 0u);
  EXPECT_EQ(note.content, "OSRELEASE=1\n");
}

TEST_F(KernelNote, IsLeftOutWhenThereIsNone) { EXPECT_EQ(notes(), 0u); }

TEST_F(KernelNote, IsLeftOutWhenTheAddressIsOutsideStorage) {
  source.put(0xE0C, big(0xFFFF'FFFF'FFFF'FFF0, 8));
  EXPECT_EQ(notes(), 0u);
  source.put(0xE0C, big(16 * kPageSize - 4, 8));
  EXPECT_EQ(notes(), 0u);
}

TEST_F(KernelNote, IsLeftOutWhenSomethingElseIsThere) {
  publish(0x3000, big(11, 4) + big(12, 4) + big(0, 4) + std::string("VMCOREINFO?\0", 12) + "OSRELEASE=1\n");
  EXPECT_EQ(notes(), 0u);
}

TEST_F(KernelNote, IsLeftOutWhenItClaimsToBeHuge) {
  publish(0x3000, big(11, 4) + big(0xFFFF'FFFF, 4) + big(0, 4) + std::string("VMCOREINFO\0\0", 12));
  EXPECT_EQ(notes(), 0u);
}

TEST_F(KernelNote, IsLeftOutWhenItReachesBeyondStorage) {
  publish(16 * kPageSize - 40, vmcoreinfo("OSRELEASE=1\n") + std::string(4, '\0'));
  ASSERT_EQ(notes(), 1u);
  publish(16 * kPageSize - 40, big(11, 4) + big(17, 4) + big(0, 4) + std::string("VMCOREINFO\0\0", 12));
  EXPECT_EQ(notes(), 0u);
}

// --- Files that cannot be written ------------------------------------------------------------------------------------

TEST_F(CoreFile, IsForItsOwnerOnlyWhateverTheMask) {
  const mode_t mask = ::umask(0);
  const bool written = write_core(MadeUp{}, path).ok();
  ::umask(mask);
  ASSERT_TRUE(written);
  struct stat status = {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(CoreFile, ReplacesAnOlderFileAndAPartThatWasLeftBehind) {
  directory.write("core", "old");
  directory.write("core.part", std::string(100'000, 'x'));
  MadeUp source;
  source.ranges = {{0, kPageSize}};
  const auto written = write_core(source, path);
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(test::content_of(path).size(), written.value().file_size);
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
}

TEST_F(CoreFile, NamesThePathThatCannotBeWritten) {
  const std::string nowhere = directory.path("none/core");
  const auto written = write_core(MadeUp{}, nowhere);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().message, "'" + nowhere + "': No such file or directory");
}

TEST_F(CoreFile, DoesNotReplaceWhatIsNotARegularFile) {
  EXPECT_THAT(write_core(MadeUp{}, directory.path()).error().message, HasSubstr("Is a directory"));
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(write_core(MadeUp{}, path).ok());
  EXPECT_TRUE(std::filesystem::is_fifo(path));
}

/// No file may be larger, as long as this is there.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(u64 limit) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    rlimit now = before_;
    now.rlim_cur = limit;
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &now), 0);
  }
  ~FileSizeLimit() {
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_ = {};
};

TEST_F(CoreFile, IsNotBegunWhenItMayNotBeThatLarge) {
  directory.write("core", "old");
  MadeUp source;
  source.ranges = {{0, 64 * kPageSize}};
  std::string message;
  {
    const FileSizeLimit limit{10 * kPageSize};
    message = write_core(source, path).error().message;
  }
  EXPECT_EQ(message, "'" + path + "': File too large");
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
  EXPECT_EQ(test::content_of(path), "old");
}

TEST_F(CoreFile, LeavesNothingBehindWhenItCannotBeFinished) {
  directory.write("core", "old");
  {
    auto file = PartFile::create(path, kPageSize);
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(std::filesystem::exists(path + ".part"));
    const std::vector<u8> page(kPageSize, 1);
    EXPECT_FALSE(file.value().write(0, page));
    const FileSizeLimit limit{10 * kPageSize};
    EXPECT_EQ(file.value().write(64 * kPageSize, page), std::errc::file_too_large);
  }
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
  EXPECT_EQ(test::content_of(path), "old");
}

TEST_F(CoreFile, IsNotWrittenTwiceAtOnce) {
  auto file = PartFile::create(path, kPageSize);
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE(write_core(MadeUp{}, path).ok());
  EXPECT_FALSE(file.value().finish());
  EXPECT_EQ(test::content_of(path).size(), kPageSize);
}

} // namespace
} // namespace siena::frontends::dump
