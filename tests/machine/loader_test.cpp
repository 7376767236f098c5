// SPDX-License-Identifier: BSD-3-Clause
#include "machine/loader.h"

#include "base/big_endian.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>

namespace siena::machine {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

using Bytes = std::vector<u8>;

/// The beginning of a kernel image as arch/s390/boot makes it, `size` bytes long.
Bytes kernel_image(std::size_t size = 0x20000, u64 maximum_command_line = 4096) {
  Bytes image(size, 0x11);
  const u8 first[] = {0x00, 0x08, 0, 0, 0x80, 0, 0x02, 0, 0x02, 0, 0, 0x18, 0x60, 0, 0, 0x50};
  std::copy(std::begin(first), std::end(first), image.begin());
  if (size >= 0x10480) {
    std::memcpy(image.data() + 0x10008, "S390EP", 7);
    std::fill(image.begin() + 0x10400, image.begin() + 0x10480, u8{0});
    store_big(image.data() + 0x10430, maximum_command_line);
    std::memcpy(image.data() + 0x10480, "root=/dev/ram0 ro", 18);
    store_big<u64>(image.data() + size - 8, 0x0000'0020'7A49'504C); // the trailer
  }
  return image;
}

Bytes flat_image(u32 entry, std::size_t size = 0x1000) {
  Bytes image(size, 0x22);
  store_big<u32>(image.data(), 0x0008'0000);
  store_big<u32>(image.data() + 4, 0x8000'0000 | entry);
  return image;
}

struct Segment {
  u64 physical, virtual_address, file_size, memory_size;
};

/// An executable whose segments' bytes are all 0x33; `entry` is what its header says.
Bytes elf_image(u64 entry, std::vector<Segment> segments) {
  const std::size_t data = 64 + 56 * segments.size();
  Bytes image(data, 0);
  std::memcpy(image.data(), "\177ELF\2\2\1", 7);
  store_big<u16>(&image[16], 2);
  store_big<u16>(&image[18], 22);
  store_big<u64>(&image[24], entry);
  store_big<u64>(&image[32], 64);
  store_big<u16>(&image[54], 56);
  store_big<u16>(&image[56], static_cast<u16>(segments.size()));
  u64 at = data;
  for (std::size_t i = 0; i < segments.size(); i++) {
    u8* header = &image[64 + 56 * i];
    store_big<u32>(header, 1);
    store_big<u64>(header + 8, at);
    store_big<u64>(header + 16, segments[i].virtual_address);
    store_big<u64>(header + 24, segments[i].physical);
    store_big<u64>(header + 32, segments[i].file_size);
    store_big<u64>(header + 40, segments[i].memory_size);
    at += segments[i].file_size;
  }
  image.resize(std::min<u64>(at, 0x100000), 0x33);
  return image;
}

class Loader : public testing::Test {
 protected:
  Loader() : storage_(std::move(mmu::AbsoluteStorage::create(16 * kMebibyte).value())) {}

  Result<InitialPsw> load(Bytes kernel, Bytes initrd = {}, std::string append = "") {
    return load_kernel(*storage_,
                       {.kernel_name = "vmlinuz",
                        .kernel = std::move(kernel),
                        .initrd_name = "initrd.img",
                        .initrd = std::move(initrd),
                        .append = std::move(append)});
  }
  std::string fails(Bytes kernel, Bytes initrd = {}, std::string append = "") {
    const auto psw = load(std::move(kernel), std::move(initrd), std::move(append));
    if (psw) return "no error";
    EXPECT_EQ(psw.error().exit_code, 125);
    EXPECT_EQ(psw.error().message.find('\n'), std::string::npos);
    EXPECT_TRUE(untouched()) << "stored something before it failed";
    return psw.error().message;
  }
  bool untouched() const {
    const u8* bytes = storage_->host({0});
    return *bytes == 0 && std::memcmp(bytes, bytes + 1, storage_->size() - 1) == 0;
  }
  u8 byte(u64 address) const { return *storage_->load<u8>({address}); }
  u64 doubleword(u64 address) const { return *storage_->load<u64>({address}); }
  std::string command_line() const { return reinterpret_cast<const char*>(storage_->host({0x10480})); }

  std::unique_ptr<mmu::AbsoluteStorage> storage_;
};

TEST_F(Loader, AKernelImageGoesToZeroAndStartsAt0x10000In64BitMode) {
  const auto psw = load(kernel_image());
  ASSERT_TRUE(psw) << psw.error().message;
  EXPECT_EQ(psw.value().mask, 0x0000'0001'8000'0000u);
  EXPECT_EQ(psw.value().address, 0x10000u);
  EXPECT_EQ(byte(1), 0x08);
  EXPECT_EQ(byte(0x1FFF0), 0x11);
  EXPECT_EQ(doubleword(0x10408), 0u);
}

TEST_F(Loader, AnAbsentCommandLineReplacesTheBuiltInOne) {
  ASSERT_TRUE(load(kernel_image()));
  EXPECT_EQ(command_line(), "");
}

TEST_F(Loader, TheCommandLineIsTerminatedAndLeavesWhatFollows) {
  ASSERT_TRUE(load(kernel_image(), {}, "quiet"));
  EXPECT_EQ(command_line(), "quiet");
  EXPECT_EQ(byte(0x10480 + 6), 'd'); // of "root=/dev/ram0 ro"
}

TEST_F(Loader, TheCommandLineMayFillTheKernelsLimitExactly) {
  EXPECT_TRUE(load(kernel_image(0x20000, 100), {}, std::string(99, 'x')));
  EXPECT_EQ(command_line(), std::string(99, 'x'));
}

TEST_F(Loader, ACommandLineBeyondTheKernelsLimitIsRefused) {
  EXPECT_THAT(fails(kernel_image(0x20000, 100), {}, std::string(100, 'x')),
              AllOf(StartsWith("-append: "), HasSubstr("100 characters"), HasSubstr("takes 99")));
}

TEST_F(Loader, AKernelWithoutALimitTakes896Bytes) {
  EXPECT_THAT(fails(kernel_image(0x20000, 0), {}, std::string(896, 'x')), HasSubstr("takes 895"));
  EXPECT_TRUE(load(kernel_image(0x20000, 0), {}, std::string(895, 'x')));
}

TEST_F(Loader, ACommandLineThatTheKernelWouldTakeForEbcdicIsRefused) {
  EXPECT_THAT(fails(kernel_image(), {}, "caf\xC3\xA9"), AllOf(StartsWith("-append: "), HasSubstr("EBCDIC")));
}

TEST_F(Loader, TheInitrdLiesAtEightMebibytesBehindASmallKernel) {
  ASSERT_TRUE(load(kernel_image(), Bytes(5000, 0x77)));
  EXPECT_EQ(doubleword(0x10408), 0x800000u);
  EXPECT_EQ(doubleword(0x10410), 5000u);
  EXPECT_EQ(byte(0x800000), 0x77);
  EXPECT_EQ(byte(0x800000 + 4999), 0x77);
  EXPECT_EQ(byte(0x800000 + 5000), 0);
}

TEST_F(Loader, TheInitrdKeepsAMebibyteOfDistanceFromALargeKernel) {
  ASSERT_TRUE(load(kernel_image(9 * kMebibyte + 1), Bytes(1, 0x77)));
  EXPECT_EQ(doubleword(0x10408), 11 * kMebibyte);
  ASSERT_TRUE(load(kernel_image(9 * kMebibyte), Bytes(1, 0x77)));
  EXPECT_EQ(doubleword(0x10408), 10 * kMebibyte);
}

TEST_F(Loader, AnInitrdThatDoesNotFitIsRefused) {
  EXPECT_THAT(fails(kernel_image(), Bytes(8 * kMebibyte + 1, 0x77)),
              AllOf(StartsWith("-initrd: 'initrd.img': "), HasSubstr("16 MiB")));
  EXPECT_THAT(fails(kernel_image(16 * kMebibyte - 1), Bytes(1, 0x77)), StartsWith("-initrd: "));
  EXPECT_TRUE(load(kernel_image(), Bytes(8 * kMebibyte, 0x77)));
}

TEST_F(Loader, AnImageLargerThanStorageIsRefused) {
  EXPECT_THAT(fails(kernel_image(16 * kMebibyte + 1)), AllOf(StartsWith("-kernel: 'vmlinuz': "), HasSubstr("-m")));
}

TEST_F(Loader, ATruncatedKernelImageIsRefused) {
  EXPECT_THAT(fails(kernel_image(0x8000)), HasSubstr("truncated"));
  Bytes image = kernel_image();
  image.resize(0x10420);
  EXPECT_THAT(fails(image), HasSubstr("truncated"));
  EXPECT_THAT(fails(Bytes{0, 8, 0, 0}), HasSubstr("truncated"));
  EXPECT_THAT(fails({}), HasSubstr("empty"));
}

TEST_F(Loader, AKernelImageWithoutItsEndIsRefused) {
  Bytes image = kernel_image();
  image.resize(image.size() - 0x1000);
  EXPECT_THAT(fails(image), HasSubstr("truncated"));
}

TEST_F(Loader, ASignedKernelImageEndsOtherwise) {
  Bytes image = kernel_image();
  const std::string_view signature = "the signature~Module signature appended~\n";
  image.insert(image.end(), signature.begin(), signature.end());
  EXPECT_TRUE(load(image));
}

TEST_F(Loader, AKernelImageFromBeforeTheTrailerMayEndAnyhow) {
  Bytes image = kernel_image(0x20000, 0);
  image.resize(image.size() - 0x1000);
  EXPECT_TRUE(load(image));
}

TEST_F(Loader, SomethingElseIsRefused) {
  for (const char* text : {"MZ\352\007\000\300\007\214", "\037\213\010\000abcdefg", "#!/bin/sh\nexit"}) {
    const auto* bytes = reinterpret_cast<const u8*>(text);
    EXPECT_THAT(fails(Bytes(bytes, bytes + 8)), HasSubstr("neither a kernel image"));
  }
  EXPECT_THAT(fails(Bytes(4096, 0)), HasSubstr("neither a kernel image"));
}

TEST_F(Loader, AFlatImageStartsWhereItsIplPswSays) {
  const auto psw = load(flat_image(0x200));
  ASSERT_TRUE(psw) << psw.error().message;
  EXPECT_EQ(psw.value().address, 0x200u);
  EXPECT_EQ(psw.value().mask, 0x0000'0001'8000'0000u);
  EXPECT_EQ(byte(0xFFF), 0x22);
}

TEST_F(Loader, AFlatImageWhoseIplPswLeadsNowhereIsRefused) {
  EXPECT_THAT(fails(flat_image(0)), HasSubstr("IPL PSW"));
  EXPECT_THAT(fails(flat_image(0x201)), HasSubstr("IPL PSW"));
  EXPECT_THAT(fails(flat_image(16 * kMebibyte)), HasSubstr("IPL PSW"));
}

TEST_F(Loader, AFlatImageTakesParametersIfItLeavesTheirPlaceFree) {
  ASSERT_TRUE(load(flat_image(0x200), Bytes(3, 0x77), "argument"));
  EXPECT_EQ(command_line(), "argument");
  EXPECT_EQ(doubleword(0x10408), 0x800000u);
}

TEST_F(Loader, AFlatImageThatOccupiesTheParameterAreaTakesNone) {
  EXPECT_THAT(fails(flat_image(0x200, 0x10488), {}, "argument"), AllOf(StartsWith("-append: "), HasSubstr("vmlinuz")));
  EXPECT_THAT(fails(flat_image(0x200, 0x10488), Bytes(1, 0)), StartsWith("-initrd: "));
  EXPECT_TRUE(load(flat_image(0x200, 0x10488)));
  EXPECT_EQ(byte(0x10480), 0x22);
}

TEST_F(Loader, AnElfImageGoesToItsPhysicalAddresses) {
  const auto psw =
      load(elf_image(0x100010,
                     {{.physical = 0x100000, .virtual_address = 0x100000, .file_size = 0x100, .memory_size = 0x180},
                      {.physical = 0x200000, .virtual_address = 0x200000, .file_size = 0, .memory_size = 0x10}}));
  ASSERT_TRUE(psw) << psw.error().message;
  EXPECT_EQ(psw.value().address, 0x100010u);
  EXPECT_EQ(byte(0x1000FF), 0x33);
  EXPECT_EQ(byte(0x100100), 0);
}

TEST_F(Loader, AnElfImageLoadedAgainHasItsZerosAgain) {
  const Bytes image = elf_image(0x100000, {{0x100000, 0x100000, 0x100, 0x3000}});
  ASSERT_TRUE(load(image));
  ASSERT_TRUE(storage_->store<u64>({0x102FF8}, 1));
  ASSERT_TRUE(load(image));
  EXPECT_EQ(doubleword(0x102FF8), 0u);
}

TEST_F(Loader, AnElfEntryIsTranslatedFromItsSegmentsVirtualAddress) {
  const auto psw = load(elf_image(0xFFFF'8000'0000'0010, {{0x100000, 0xFFFF'8000'0000'0000, 0x100, 0x100}}));
  ASSERT_TRUE(psw) << psw.error().message;
  EXPECT_EQ(psw.value().address, 0x100010u);
}

TEST_F(Loader, AnElfImageEnteredLikeAKernelTakesParameters) {
  const Bytes image = elf_image(0x10000, {{0x10000, 0x10000, 0x1000, 0x1000}});
  ASSERT_TRUE(load(image));
  EXPECT_EQ(byte(0x10480), 0x33); // nothing is put into an image that has no mark, unless asked for
  Bytes limited = image;
  std::fill(limited.begin() + 64 + 56 + 0x400, limited.begin() + 64 + 56 + 0x480, u8{0});
  ASSERT_TRUE(load(limited, {}, "argument"));
  EXPECT_EQ(command_line(), "argument");
}

TEST_F(Loader, AnElfImageForAnotherMachineIsRefused) {
  const Bytes good = elf_image(0x100000, {{0x100000, 0x100000, 0x100, 0x100}});
  Bytes other = good;
  other[18] = 0, other[19] = 62;
  EXPECT_THAT(fails(other), HasSubstr("machine 62"));
  other = good, other[4] = 1;
  EXPECT_THAT(fails(other), HasSubstr("not a 64-bit big-endian"));
  other = good, other[5] = 1;
  EXPECT_THAT(fails(other), HasSubstr("not a 64-bit big-endian"));
  other = good, other[17] = 3;
  EXPECT_THAT(fails(other), HasSubstr("type 3"));
  other = good, other[55] = 32;
  EXPECT_THAT(fails(other), HasSubstr("program headers"));
}

TEST_F(Loader, ATruncatedElfImageIsRefused) {
  const Bytes good = elf_image(0x100000, {{0x100000, 0x100000, 0x100, 0x100}});
  for (std::size_t length = 4; length < good.size(); length++)
    EXPECT_THAT(fails(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length))), HasSubstr("truncated"))
        << length;
}

TEST_F(Loader, AnElfImageWithSegmentsOutsideStorageIsRefused) {
  for (const Segment& segment : {Segment{16 * kMebibyte, 0x1000, 0x100, 0x100},
                                 Segment{16 * kMebibyte - 0x80, 0x1000, 0x100, 0x100},
                                 Segment{~u64{0} - 0x7F, 0x1000, 0x100, 0x100},
                                 Segment{0x1000, 0x1000, 0x100, ~u64{0}},
                                 Segment{0x1000, 0x1000, 0x100, 17 * kMebibyte}})
    EXPECT_THAT(fails(elf_image(0x1000, {segment})), HasSubstr("outside the 16 MiB"));
}

TEST_F(Loader, AnElfImageThatContradictsItselfIsRefused) {
  EXPECT_THAT(fails(elf_image(0x1000, {{0x1000, 0x1000, 0x100, 0x80}})), HasSubstr("larger in the file"));
  EXPECT_THAT(fails(elf_image(0x1000, {})), HasSubstr("without anything to load"));
  EXPECT_THAT(fails(elf_image(0x1001, {{0x1000, 0x1000, 0x100, 0x100}})), HasSubstr("entry address"));
  EXPECT_THAT(fails(elf_image(~u64{1}, {{0x1000, 0x1000, 0x100, 0x100}})), HasSubstr("entry address"));
  Bytes image = elf_image(0x1000, {{0x1000, 0x1000, 0x100, 0x100}});
  store_big<u64>(&image[32], ~u64{0});
  EXPECT_THAT(fails(image), HasSubstr("truncated"));
  image = elf_image(0x1000, {{0x1000, 0x1000, 0x100, 0x100}});
  store_big<u64>(&image[64 + 8], ~u64{0});
  EXPECT_THAT(fails(image), HasSubstr("truncated"));
}

TEST(KernelFiles, AreReadByTheOptionsPaths) {
  const test::TemporaryDirectory directory;
  Configuration configuration;
  configuration.kernel = directory.write("kernel", "abc");
  configuration.initrd = directory.write("initrd", "de");
  configuration.append = "quiet";
  const auto files = read_kernel_files(configuration);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files.value().kernel, (Bytes{'a', 'b', 'c'}));
  EXPECT_EQ(files.value().initrd, (Bytes{'d', 'e'}));
  EXPECT_EQ(files.value().append, "quiet");
}

TEST(KernelFiles, ThatCannotBeReadAreNamedWithTheirOption) {
  const test::TemporaryDirectory directory;
  Configuration configuration;
  configuration.kernel = directory.path("missing");
  EXPECT_THAT(read_kernel_files(configuration).error().message,
              AllOf(StartsWith("-kernel: '"), HasSubstr("missing': No such file")));
  configuration.kernel = directory.path();
  EXPECT_THAT(read_kernel_files(configuration).error().message, HasSubstr("Is a directory"));
  configuration.kernel = directory.write("empty", "");
  EXPECT_THAT(read_kernel_files(configuration).error().message, HasSubstr("empty"));
  configuration.kernel = directory.write("kernel", "abc");
  configuration.initrd = directory.write("initrd", std::string(kMebibyte + 1, 'x'));
  configuration.storage_size = kMebibyte;
  EXPECT_THAT(read_kernel_files(configuration).error().message,
              AllOf(StartsWith("-initrd: '"), HasSubstr("larger than")));
}

} // namespace
} // namespace siena::machine
