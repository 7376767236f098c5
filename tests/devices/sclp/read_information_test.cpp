// SPDX-License-Identifier: BSD-3-Clause
#include "tests/devices/sclp/sclp_fixture.h"

#include "devices/sclp/ebcdic.h"

namespace siena::devices::sclp {
namespace {

using ReadInformationTest = SclpTest;

TEST_F(ReadInformationTest, StorageIsCountedInIncrementsOfOneMebibyte) {
  const auto reply = call(kReadScpInfoForced, empty_sccb(4096));
  EXPECT_EQ(response(reply), 0x0010);
  EXPECT_EQ(half(reply, 8), 64);
  EXPECT_EQ(reply[10], 1);
}

TEST_F(ReadInformationTest, MoreIncrementsThanSixteenBitsHoldAreCountedInTheLongField) {
  rebuild({}, u64{64} << 30);
  const auto reply = call(kReadScpInfo, empty_sccb(4096));
  EXPECT_EQ(half(reply, 8), 0);
  EXPECT_EQ(reply[10], 1);
  EXPECT_EQ(load_big<u64>(&reply[104]), 65536u);
}

TEST_F(ReadInformationTest, EveryCpuHasAnEntryBehindOffset128) {
  Configuration configuration;
  configuration.cpus = 3;
  rebuild(configuration);
  const auto reply = call(kReadScpInfo, empty_sccb(4096));
  EXPECT_EQ(half(reply, 16), 3);
  EXPECT_EQ(half(reply, 18), 128);
  EXPECT_EQ(half(reply, 120), 2) << "highest CPU address";
  for (std::size_t cpu = 0; cpu < 3; ++cpu) {
    EXPECT_EQ(reply[128 + 16 * cpu], cpu);
    EXPECT_EQ(reply[128 + 16 * cpu + 2], 0x0C) << "SIEF2 and SKEY";
    EXPECT_EQ(reply[128 + 16 * cpu + 14], 3) << "IFL";
  }
}

TEST_F(ReadInformationTest, TheDefaultsOfferWhatSieDoes) {
  const auto reply = call(kReadScpInfo, empty_sccb(4096));
  EXPECT_EQ(load_big<u64>(&reply[48]), 0x0800'0000'0000'0000u) << "CPU information";
  EXPECT_EQ(reply[85], 0x82) << "GSLS, ESOP";
  EXPECT_EQ(reply[91], 0x00);
  EXPECT_EQ(reply[98], 0x01) << "KSS";
  EXPECT_EQ(reply[99], 47) << "hamaxpow";
  EXPECT_EQ(reply[116], 0xC8) << "64BSCAO, CMMA, ESCA";
  EXPECT_EQ(reply[117], 0x60) << "PFMFI, IBS";
  EXPECT_EQ(reply[118], 0x00);
}

TEST_F(ReadInformationTest, EverySwitchSetsItsBitAndNoOther) {
  for (const auto& row : switch_rows()) {
    Configuration off;
    off.extended_length_sccb = true;
    for (const auto& other : switch_rows()) off.switches.*other.on = false;
    rebuild(off);
    auto expected = call(kReadScpInfo, empty_sccb(4096));
    Configuration on = off;
    on.switches.*row.on = true;
    rebuild(on);
    const auto reply = call(kReadScpInfo, empty_sccb(4096));
    const std::size_t at = row.block == SwitchRow::Block::CpuEntry ? 144u + row.byte : row.byte;
    expected[at] |= row.mask;
    EXPECT_EQ(reply, expected) << row.name;
  }
}

TEST_F(ReadInformationTest, TheLoadParameterIsBlankPaddedEbcdic) {
  Configuration configuration;
  configuration.loadparm = "A1";
  rebuild(configuration);
  auto reply = call(kReadScpInfo, empty_sccb(4096));
  EXPECT_EQ(std::vector<u8>(reply.begin() + 24, reply.begin() + 32),
            (std::vector<u8>{0xC1, 0xF1, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40}));
  sclp->set_loadparm("PROMPT");
  reply = call(kReadScpInfo, empty_sccb(4096));
  EXPECT_EQ(load_ebcdic(std::span(reply).subspan(24, 8)), "PROMPT");
}

TEST_F(ReadInformationTest, StaleBytesOfTheSccbDoNotShineThrough) {
  auto sccb = std::vector<u8>(4096, 0xFF);
  store_big(sccb.data(), u16{4096});
  const auto reply = call(kReadScpInfo, sccb);
  EXPECT_EQ(reply[85], 0x82);
  EXPECT_EQ(reply[112], 0x00);
  EXPECT_EQ(reply[144], 0xFF) << "behind the last entry nothing is stored";
}

TEST_F(ReadInformationTest, AnSccbTooShortForEveryCpuEntryIsRefusedUntouched) {
  for (u16 length = 8; length < 144; ++length) {
    const auto reply = call(kReadScpInfo, empty_sccb(length));
    EXPECT_EQ(response(reply), 0x0300) << length;
    EXPECT_EQ(half(reply, 8), 0);
  }
  EXPECT_EQ(response(call(kReadScpInfo, empty_sccb(144))), 0x0010);
  EXPECT_EQ(response(call(kReadCpuInfo, empty_sccb(39))), 0x0300);
  EXPECT_EQ(response(call(kReadCpuInfo, empty_sccb(40))), 0x0010);
}

TEST_F(ReadInformationTest, ReadCpuInfoListsConfiguredCpusAndNoStandbyOnes) {
  Configuration configuration;
  configuration.cpus = 2;
  configuration.cpu_type = CpuType::GeneralPurpose;
  rebuild(configuration);
  const auto reply = call(kReadCpuInfo, empty_sccb(4096));
  EXPECT_EQ(half(reply, 8), 2);
  EXPECT_EQ(half(reply, 10), 24);
  EXPECT_EQ(half(reply, 12), 0);
  EXPECT_EQ(half(reply, 14), 56);
  EXPECT_EQ(reply[40], 1);
  EXPECT_EQ(reply[42], 0x0C);
  EXPECT_EQ(reply[54], 0);
}

TEST_F(ReadInformationTest, TheLargestNumberOfCpusFillsAPage) {
  Configuration configuration;
  configuration.cpus = Configuration::kMaximumCpus;
  rebuild(configuration);
  const auto reply = call(kReadScpInfo, empty_sccb(4096));
  EXPECT_EQ(response(reply), 0x0010);
  EXPECT_EQ(reply[4096 - 16], 247);
}

TEST_F(ReadInformationTest, ExtendedLengthSccbsMoveTheCpuEntriesAndShowTheBytesBefore) {
  Configuration configuration;
  configuration.extended_length_sccb = true;
  configuration.cpus = Configuration::kMaximumCpus;
  rebuild(configuration);
  auto reply = call(kReadScpInfo, empty_sccb(8192));
  EXPECT_EQ(response(reply), 0x0010);
  EXPECT_EQ(half(reply, 18), 144);
  EXPECT_EQ(reply[134], 0x80) << "DIAGNOSE 318";
  EXPECT_EQ(reply[144 + 247 * 16], 247);

  reply = call(kReadScpInfo, empty_sccb(4096, 0, 0x80));
  EXPECT_EQ(response(reply), 0x0300);
  EXPECT_EQ(half(reply, 0), 144 + 248 * 16) << "the length to come back with";
}

TEST_F(ReadInformationTest, StorageElementInfoIsUnknownUnlessItIsOffered) {
  EXPECT_EQ(response(call(kReadStorageElementInfo, empty_sccb(4096))), 0x01F0);
}

TEST_F(ReadInformationTest, StorageElementZeroHoldsEveryIncrement) {
  Configuration configuration;
  configuration.storage_element_info = true;
  rebuild(configuration);
  EXPECT_EQ(load_big<u64>(&call(kReadScpInfo, empty_sccb(4096))[48]), 0x0800'4000'0000'0000u);
  const auto reply = call(kReadStorageElementInfo, empty_sccb(4096));
  EXPECT_EQ(response(reply), 0x0010);
  EXPECT_EQ(half(reply, 8), 0);
  EXPECT_EQ(half(reply, 10), 64);
  EXPECT_EQ(load_big<u32>(&reply[16]), 0x0001'0000u);
  EXPECT_EQ(load_big<u32>(&reply[16 + 63 * 4]), 0x0040'0000u);
  EXPECT_EQ(response(call(kReadStorageElementInfo, empty_sccb(16 + 63 * 4))), 0x0300);
  EXPECT_EQ(response(call(kReadStorageElementInfo | 0x0100, empty_sccb(4096))), 0x01F0) << "there is no element 1";
}

TEST_F(ReadInformationTest, StorageElementInfoIsNotOfferedWhenItsListWouldNotFit) {
  Configuration configuration;
  configuration.storage_element_info = true;
  rebuild(configuration, u64{1021} << 20);
  EXPECT_EQ(load_big<u64>(&call(kReadScpInfo, empty_sccb(4096))[48]), 0x0800'0000'0000'0000u);
  EXPECT_EQ(response(call(kReadStorageElementInfo, empty_sccb(4096))), 0x01F0);
}

TEST_F(ReadInformationTest, TheDescriptionNamesEverySwitchAndItsState) {
  const auto lines = sclp->describe();
  const auto contains = [&](std::string_view text) {
    return std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return line.find(text) != line.npos; });
  };
  for (const auto& row : switch_rows()) EXPECT_TRUE(contains(row.name)) << row.name;
  EXPECT_TRUE(contains("sief2         on   CPU entry byte 2 bit 08"));
  EXPECT_TRUE(contains("esca          on   byte 116 bit 08"));
  EXPECT_TRUE(contains("ib            off  CPU entry byte 7 bit 20"));
  EXPECT_TRUE(contains("diag318       off  byte 134 bit 80 (has no place without extended-length SCCBs)"));
  EXPECT_TRUE(contains("64 increments of 1 MiB"));
}

} // namespace
} // namespace siena::devices::sclp
