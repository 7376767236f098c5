// SPDX-License-Identifier: BSD-3-Clause
#include "host/file.h"

#include "tests/host/temporary.h"

#include <gmock/gmock.h>

#include <array>

#include <sys/stat.h>

namespace siena::host {
namespace {
using test::content_of;
using test::TemporaryDirectory;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(WholeFile, GivesTheBytes) {
  const TemporaryDirectory directory;
  const auto bytes = read_whole_file(directory.write("a", "xyz"), 3);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_THAT(bytes.value(), ElementsAre('x', 'y', 'z'));
}

TEST(WholeFile, NamesThePathAndTheCause) {
  const TemporaryDirectory directory;
  EXPECT_THAT(read_whole_file(directory.path("missing"), 9).error().message, HasSubstr("missing': No such file"));
  EXPECT_THAT(read_whole_file(directory.path(), 9).error().message, HasSubstr("Is a directory"));
  EXPECT_THAT(read_whole_file(directory.write("empty", ""), 9).error().message, HasSubstr("empty"));
  EXPECT_THAT(read_whole_file(directory.write("large", "1234567890"), 9).error().message,
              HasSubstr("larger than the 9 "));
  EXPECT_THAT(read_whole_file("/dev/zero", 100000).error().message, HasSubstr("larger than the 100000 "));
}

TEST(Image, ReadsAndWritesByPosition) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("disk", "0123456789");
  auto image = ImageFile::open(path, ImageFile::Access::ReadWrite);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image.value().size(), 10u);
  const std::array<u8, 2> out = {'a', 'b'};
  EXPECT_FALSE(image.value().write(4, out));
  std::array<u8, 4> in{};
  EXPECT_FALSE(image.value().read(3, in));
  EXPECT_THAT(in, ElementsAre('3', 'a', 'b', '6'));
  EXPECT_FALSE(image.value().zero(0, 2));
  EXPECT_FALSE(image.value().flush());
  EXPECT_EQ(content_of(path), std::string("\0\00023ab6789", 10));
}

TEST(Image, RefusesAccessBeyondItsSize) {
  const TemporaryDirectory directory;
  auto image = ImageFile::open(directory.write("disk", "0123"), ImageFile::Access::ReadWrite);
  ASSERT_TRUE(image);
  std::array<u8, 4> bytes{};
  EXPECT_TRUE(image.value().read(1, bytes));
  EXPECT_TRUE(image.value().write(1, bytes));
  EXPECT_TRUE(image.value().zero(1, 4));
  EXPECT_TRUE(image.value().read(~u64{0}, bytes));
}

TEST(Image, GivesAnErrorWhenTheFileHasShrunk) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("disk", "0123456789");
  auto image = ImageFile::open(path, ImageFile::Access::ReadOnly);
  ASSERT_TRUE(image);
  std::filesystem::resize_file(path, 5);
  std::array<u8, 4> bytes{};
  EXPECT_FALSE(image.value().read(0, bytes));
  EXPECT_EQ(image.value().read(3, bytes), std::errc::io_error);
}

TEST(Image, OpenedForReadingCannotBeWritten) {
  const TemporaryDirectory directory;
  auto image = ImageFile::open(directory.write("disk", "0123"), ImageFile::Access::ReadOnly);
  ASSERT_TRUE(image);
  const std::array<u8, 1> byte = {1};
  EXPECT_TRUE(image.value().write(0, byte));
  EXPECT_TRUE(image.value().zero(0, 1));
}

TEST(Image, HasOneWriterOrManyReaders) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("disk", "0123");
  {
    auto writer = ImageFile::open(path, ImageFile::Access::ReadWrite);
    ASSERT_TRUE(writer);
    EXPECT_FALSE(ImageFile::open(path, ImageFile::Access::ReadWrite));
    EXPECT_FALSE(ImageFile::open(path, ImageFile::Access::ReadOnly));
  }
  auto reader = ImageFile::open(path, ImageFile::Access::ReadOnly);
  EXPECT_TRUE(ImageFile::open(path, ImageFile::Access::ReadOnly));
  EXPECT_FALSE(ImageFile::open(path, ImageFile::Access::ReadWrite));
}

TEST(Image, IsAFileOrABlockDevice) {
  const TemporaryDirectory directory;
  EXPECT_THAT(ImageFile::open(directory.path(), ImageFile::Access::ReadOnly).error().message, HasSubstr("directory"));
  EXPECT_THAT(ImageFile::open("/dev/null", ImageFile::Access::ReadOnly).error().message, HasSubstr("neither"));
  const std::string fifo = directory.path("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(ImageFile::open(fifo, ImageFile::Access::ReadOnly).error().message, HasSubstr("neither"));
}

} // namespace
} // namespace siena::host
