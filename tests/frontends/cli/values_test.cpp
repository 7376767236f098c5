// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/nearest.h"
#include "frontends/cli/values.h"

#include <gmock/gmock.h>

namespace siena::frontends::cli {
namespace {
using machine::Properties;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr u64 kMega = u64{1} << 20;

TEST(Values, NumbersAreWholeTexts) {
  EXPECT_EQ(parse_number("42"), 42u);
  EXPECT_EQ(parse_number("0x2A"), 42u);
  EXPECT_EQ(parse_number("18446744073709551615"), ~u64{0});
  for (const char* wrong : {"", "0x", "-1", "+1", " 1", "1 ", "18446744073709551616", "4x"})
    EXPECT_FALSE(parse_number(wrong)) << wrong;
}

TEST(Values, SizesHaveAUnit) {
  EXPECT_EQ(parse_size("512", kMega), 512 * kMega);
  EXPECT_EQ(parse_size("512b", kMega), 512u);
  EXPECT_EQ(parse_size("4G", kMega), 4096 * kMega);
  EXPECT_EQ(parse_size("4g", kMega), 4096 * kMega);
  EXPECT_EQ(parse_size("1.5G", kMega), 1536 * kMega);
  EXPECT_EQ(parse_size("100T", kMega), u64{100} << 40);
  EXPECT_EQ(parse_size("0x100000", kMega), kMega);
  for (const char* wrong : {"", "G", "1GB", "-1", "16E", "1.", ".5", "1.5.5", "1e3", "99999999999999999999"})
    EXPECT_FALSE(parse_size(wrong, kMega)) << wrong;
}

TEST(Values, DatesAreSecondsSince1970) {
  EXPECT_EQ(parse_date("1970-01-01"), 0);
  EXPECT_EQ(parse_date("2000-02-29T12:34:56"), 951827696);
  EXPECT_EQ(parse_date("2000-02-29T12:34:56Z"), 951827696);
  EXPECT_EQ(parse_date("1969-12-31T23:59:59"), -1);
  EXPECT_EQ(parse_date("2038-01-19T03:14:08"), s64{1} << 31);
  for (const char* wrong : {"",
                            "2001-02-29",
                            "2000-13-01",
                            "2000-00-01",
                            "2000-01-00",
                            "2000-01-01 00:00:00",
                            "2000-1-1",
                            "2000-01-01T24:00:00",
                            "2000-01-01T00:00",
                            "200a-01-01"})
    EXPECT_FALSE(parse_date(wrong)) << wrong;
}

TEST(Values, UuidsHaveFiveGroups) {
  EXPECT_TRUE(is_uuid("01234567-89ab-CDEF-0123-456789abcdef"));
  for (const char* wrong : {"",
                            "01234567-89ab-cdef-0123-456789abcde",
                            "01234567-89ab-cdef-0123-456789abcdef0",
                            "0123456789abcdef0123456789abcdef",
                            "0123456g-89ab-cdef-0123-456789abcdef"})
    EXPECT_FALSE(is_uuid(wrong)) << wrong;
}

TEST(Values, DeviceNumbersLieInTheVirtualChannelSubsystem) {
  EXPECT_TRUE(is_device_number("fe.0.0001"));
  EXPECT_TRUE(is_device_number("fe.3.ffff"));
  EXPECT_TRUE(is_device_number("fe.0.1"));
  for (const char* wrong : {"", "fe.0.", "fe.4.0001", "ff.0.0001", "fe.0.10000", "fe.0.000g", "0001", "fe.0001"})
    EXPECT_FALSE(is_device_number(wrong)) << wrong;
}

TEST(Values, PropertiesAreReadAsQemuReadsThem) {
  EXPECT_THAT(parse_properties("-x", "first,key=value,flag,list=a,,b,empty=,eq=a=b", "implied").value(),
              ElementsAre(Pair("implied", "first"),
                          Pair("key", "value"),
                          Pair("flag", "on"),
                          Pair("list", "a,b"),
                          Pair("empty", ""),
                          Pair("eq", "a=b")));
  EXPECT_THAT(parse_properties("-x", "flag", "").value(), ElementsAre(Pair("flag", "on")));
  EXPECT_THAT(parse_properties("-x", "a=1,=2", "").error().message, HasSubstr("a key is missing"));
  EXPECT_FALSE(parse_properties("-x", "a=1,", ""));
}

TEST(Values, TakeRemovesEveryOccurrenceAndGivesTheLast) {
  Properties properties = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(take(properties, "a"), "3");
  EXPECT_THAT(properties, ElementsAre(Pair("b", "2")));
  EXPECT_FALSE(take(properties, "a"));
}

TEST(Nearest, CountsInsertionsDeletionsReplacementsAndExchanges) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kernel", "kernel"), 0u);
  EXPECT_EQ(edit_distance("kernle", "kernel"), 1u);
  EXPECT_EQ(edit_distance("kerel", "kernel"), 1u);
  EXPECT_EQ(edit_distance("karnel", "kernel"), 1u);
  EXPECT_EQ(edit_distance("kkernel", "kernel"), 1u);
}

TEST(Nearest, SuggestsOnlyWhatIsNear) {
  constexpr std::string_view kKnown[] = {"kernel", "initrd", "append", "m", "nographic"};
  EXPECT_EQ(did_you_mean("kernle", kKnown, "-"), "; did you mean '-kernel'?");
  EXPECT_EQ(did_you_mean("nograph", kKnown), "; did you mean 'nographic'?");
  EXPECT_EQ(did_you_mean("zzzzzz", kKnown), "");
  EXPECT_EQ(did_you_mean("", kKnown), "");
  EXPECT_EQ(did_you_mean(std::string(100000, 'x'), kKnown), "");
}

} // namespace
} // namespace siena::frontends::cli
