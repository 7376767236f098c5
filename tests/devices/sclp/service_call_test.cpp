// SPDX-License-Identifier: BSD-3-Clause
#include "tests/devices/sclp/sclp_fixture.h"

#include <random>

namespace siena::devices::sclp {
namespace {

using ServiceCallTest = SclpTest;

TEST_F(ServiceCallTest, ACompletedCommandIsSignalledWithTheAddressOfItsSccb) {
  call(kReadScpInfo, empty_sccb(4096));
  EXPECT_EQ(result, Result::Accepted);
  EXPECT_EQ(interruptions.parameters, std::vector<u32>{kSccb});
}

TEST_F(ServiceCallTest, AnUnknownCommandIsAnsweredInTheSccb) {
  const auto reply = call(0xDEADBEEF, empty_sccb(4096));
  EXPECT_EQ(result, Result::Accepted);
  EXPECT_EQ(response(reply), 0x01F0);
  EXPECT_EQ(interruptions.parameters, std::vector<u32>{kSccb});
}

TEST_F(ServiceCallTest, EveryOtherCommandClassOfAKnownCodeIsUnknown) {
  for (u32 low = 0; low < 256; ++low) {
    if (low != 0x01) {
      EXPECT_EQ(response(call((kReadScpInfo & ~0xFFu) | low, empty_sccb(4096))), 0x01F0) << low;
    }
  }
}

TEST_F(ServiceCallTest, ConfigureCommandsAreUnknownBecauseNothingCanBeReconfigured) {
  for (const u32 command : {0x00110001u, 0x00100001u, 0x000D0001u, 0x000C0001u, 0x001A0001u, 0x00030001u}) {
    EXPECT_EQ(response(call(command, empty_sccb(4096))), 0x01F0) << std::hex << command;
  }
}

TEST_F(ServiceCallTest, TheThirdByteOfACommandIsNotPartOfItsCode) {
  EXPECT_EQ(response(call(kReadCpuInfo | 0x3400, empty_sccb(4096))), 0x0010);
}

TEST_F(ServiceCallTest, AnSccbShorterThanItsHeaderIsASpecificationException) {
  for (u16 length = 0; length < 8; ++length) {
    call(kReadScpInfo, empty_sccb(length));
    EXPECT_EQ(result, Result::Specification) << length;
  }
  EXPECT_TRUE(interruptions.parameters.empty());
}

TEST_F(ServiceCallTest, AnSccbOutsideMainStorageIsAnAddressingException) {
  EXPECT_EQ(sclp->service_call(kReadScpInfo, static_cast<u32>(kStorageSize)), Result::Addressing);
  EXPECT_EQ(sclp->service_call(kReadScpInfo, 0x7FFFFFF8), Result::Addressing);
  EXPECT_TRUE(interruptions.parameters.empty());
}

TEST_F(ServiceCallTest, AnSccbAcrossAPageBoundaryIsAViolation) {
  EXPECT_EQ(response(call(kWriteEventData, empty_sccb(32), kSccb + 4096 - 24)), 0x0100);
  EXPECT_EQ(response(call(kWriteEventData, empty_sccb(4097))), 0x0100);
  EXPECT_EQ(response(call(kReadScpInfo, empty_sccb(8000))), 0x0100);
  EXPECT_EQ(response(call(kWriteEventData, empty_sccb(32), kSccb + 4096 - 32)), 0x73F0) << "just fits";
}

TEST_F(ServiceCallTest, AnSccbThatEndsWithMainStorageIsAccepted) {
  const u32 address = static_cast<u32>(kStorageSize - 4096);
  EXPECT_TRUE(storage->write({address}, empty_sccb(4096)));
  EXPECT_EQ(sclp->service_call(kReadScpInfo, address), Result::Accepted);
  EXPECT_EQ(storage->load<u16>({address + 6}), 0x0010);
}

TEST_F(ServiceCallTest, AnExtendedLengthSccbBeyondMainStorageIsAnAddressingException) {
  Configuration configuration;
  configuration.extended_length_sccb = true;
  rebuild(configuration);
  const u32 address = static_cast<u32>(kStorageSize - 4096);
  EXPECT_TRUE(storage->store<u16>({address}, 8192));
  EXPECT_EQ(sclp->service_call(kReadScpInfo, address), Result::Addressing);
}

TEST_F(ServiceCallTest, NoRandomSccbDoesHarmOrIsStoredBeyond) {
  for (const bool extended : {false, true}) {
    Configuration configuration;
    configuration.extended_length_sccb = extended;
    configuration.storage_element_info = true;
    configuration.cpus = 7;
    rebuild(configuration);
    auto& ascii = sclp->add_ascii_console(output);
    auto& line_mode = sclp->add_operator_console(output, {});
    std::mt19937 random(extended ? 17 : 18);
    const u32 commands[] = {kReadScpInfo,
                            kReadScpInfoForced,
                            kReadCpuInfo,
                            kReadStorageElementInfo,
                            kReadEventData,
                            kWriteEventData,
                            kWriteEventMask};
    std::vector<u8> page(3 * 4096);
    for (int round = 0; round < 20'000; ++round) {
      for (std::size_t i = 0; i < 600; ++i) page[i] = static_cast<u8>(random() % 4 == 0 ? random() : random() % 40);
      const u32 offset = random() % 2 ? 0 : random() % 512 * 8;
      const auto length = static_cast<u16>(random() % 8 == 0 ? random() : random() % 600);
      store_big(page.data(), length);
      page[2] = static_cast<u8>(random() % 3);
      page[5] = static_cast<u8>(random());
      const std::string input(random() % 300, static_cast<char>('\n' + random() % 2));
      ascii.receive(bytes_of(input));
      line_mode.receive(bytes_of(input));
      ASSERT_TRUE(storage->write({kSccb + offset}, page));
      ASSERT_NO_FATAL_FAILURE((void)sclp->service_call(commands[random() % 7], kSccb + offset));
      std::vector<u8> after(page.size());
      ASSERT_TRUE(storage->read({kSccb + offset}, after));
      const std::size_t end = std::max<std::size_t>(length, 8);
      if (end < page.size()) {
        ASSERT_TRUE(std::equal(page.begin() + static_cast<std::ptrdiff_t>(end),
                               page.end(),
                               after.begin() + static_cast<std::ptrdiff_t>(end)))
            << "length " << length;
      }
    }
  }
}

} // namespace
} // namespace siena::devices::sclp
