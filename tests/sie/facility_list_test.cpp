// SPDX-License-Identifier: BSD-3-Clause
// STORE FACILITY LIST EXTENDED of a guest: what the designation in the state description (offset 1A0) leads to.
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

constexpr u64 kList = 0x1'4000, kTo = 0x2000;
constexpr u32 kFormat2 = 2;

struct SieFacilityList : ::testing::Test {
  SieMachine m;

  void SetUp() override {
    m.guest_code("B2B02000 83020044"); // STFLE 0(2)
    m.cpu().gr[2] = kTo;
    for (u64 n = 0; n < 300; ++n) m.put<u64>(kList + 8 * n, 0xF000 + n);
    for (u64 n = 0; n < 300; ++n) m.guest_put<u64>(kTo + 8 * n, 0);
  }
  u8 run(u64 offered = 256) {
    m.cpu().gr[0] = 0xAAAA'AA00 | (offered - 1);
    m.sd.gpsw_address = SieMachine::kGuestCode;
    EXPECT_EQ(m.run(), kBehindSie);
    return m.sd.icptcode;
  }
  /// Executed; answers the length that the guest was told.
  u64 length(u64 offered = 256) {
    EXPECT_EQ(run(offered), 0x04);
    EXPECT_EQ(m.sd.ipa, 0x8302);
    EXPECT_EQ(m.cpu().gr[0] & ~u64{0xFF}, 0xAAAA'AA00u);
    return (m.cpu().gr[0] & 0xFF) + 1;
  }
  u64 condition() const { return (m.sd.gpsw_mask >> 44) & 3; }
  u64 stored(u64 n) const { return m.load(SieMachine::kGuest + kTo + 8 * n); }
};

TEST_F(SieFacilityList, OfFormat0IsAsLongAsTheMachinesOwn) {
  m.sd.fac = kList;
  EXPECT_EQ(length(), m.system.words.size());
  EXPECT_EQ(condition(), 0u);
  for (u64 n = 0; n < 4; ++n) EXPECT_EQ(stored(n), 0xF000 + n);
  EXPECT_EQ(stored(4), 0u);
  m.system.words.back() = 0; // is not stored by the machine's own STFLE either
  EXPECT_EQ(length(), 3u);
}

TEST_F(SieFacilityList, OfFormat2SaysItsLength) {
  m.sd.fac = kList | kFormat2;
  m.put<u64>(kList, 0x1122'3344'5566'7701); // only the last byte counts
  EXPECT_EQ(length(), 2u);
  EXPECT_EQ(condition(), 0u);
  EXPECT_EQ(stored(0), 0xF001u);
  EXPECT_EQ(stored(1), 0xF002u);
  EXPECT_EQ(stored(2), 0u);
}

TEST_F(SieFacilityList, OfFormat2MayBeLongerThanTheMachinesOwn) {
  m.sd.fac = kList | kFormat2;
  m.put<u64>(kList, 0xFF);
  EXPECT_EQ(length(), 256u);
  EXPECT_EQ(stored(255), 0xF100u);
  EXPECT_EQ(stored(256), 0u);
}

TEST_F(SieFacilityList, IsCutToWhatTheGuestOffers) {
  m.sd.fac = kList | kFormat2;
  m.put<u64>(kList, 9);
  EXPECT_EQ(length(3), 10u);
  EXPECT_EQ(condition(), 3u);
  EXPECT_EQ(stored(2), 0xF003u);
  EXPECT_EQ(stored(3), 0u);
}

TEST_F(SieFacilityList, NeedsADesignationWhateverItsFormat) {
  for (const u32 designation : {0u, kFormat2}) {
    m.sd.fac = designation;
    EXPECT_EQ(run(), 0x04);
    EXPECT_EQ(m.sd.ipa, 0xB2B0);
  }
}

TEST_F(SieFacilityList, OfAnotherFormatIsNotValid) {
  for (const u32 designation : {1u, 3u, u32{kList} | 1, u32{kList} | 3, 0x7000'0001u}) {
    m.sd.fac = designation;
    EXPECT_EQ(run(), 0x20);
    EXPECT_EQ(m.reason(), 0x1330) << std::hex << designation;
  }
}

TEST_F(SieFacilityList, MustBeInStorageToItsEnd) {
  const auto designation = [&](u64 value) {
    m.sd.fac = static_cast<u32>(value);
    return run() == 0x20 ? m.reason() : 0;
  };
  constexpr u64 kEnd = SieMachine::kStorageSize;
  EXPECT_EQ(designation(0x7000'0000), 0x1090);
  EXPECT_EQ(designation(kEnd - 32), 0);
  EXPECT_EQ(designation(kEnd - 24), 0x1090);
  m.put<u64>(kEnd - 24, 1);
  EXPECT_EQ(designation((kEnd - 24) | kFormat2), 0);
  m.put<u64>(kEnd - 24, 2);
  EXPECT_EQ(designation((kEnd - 24) | kFormat2), 0x1090);
  EXPECT_EQ(designation(0x7000'0000 | kFormat2), 0x1090);
}

TEST_F(SieFacilityList, ThatBecomesLongerThanStorageWhileTheGuestRunsIsTheSieHosts) {
  constexpr u64 kAt = SieMachine::kStorageSize - 16;
  m.sd.fac = static_cast<u32>(kAt) | kFormat2;
  m.sd.mso = 0; // the guest can change the list itself
  m.sd.msl = 0x70'0000;
  m.put<u64>(kAt, 0);
  m.cpu().gr[3] = kAt;
  m.code_at(SieMachine::kGuestCode, "92023007 B2B02000 83020044"); // MVI 7(3),2
  m.cpu().gr[2] = 0x20'0000;
  EXPECT_EQ(run(), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB2B0);
}

TEST(SieFacilityListOfOldMachine, HasNoFormat) {
  Assists assists;
  assists.facility_list_format_2 = false;
  SieMachine m(1, true, assists);
  for (u64 n = 0; n < 4; ++n) m.put<u64>(kList + 8 * n, 0xF000 + n);
  m.guest_code("B2B02000 83020044");
  for (const u32 format : {1u, 2u, 3u}) {
    m.sd.fac = static_cast<u32>(kList) | format;
    m.sd.gpsw_address = SieMachine::kGuestCode;
    m.cpu().gr[2] = kTo;
    m.cpu().gr[0] = 255;
    EXPECT_EQ(m.run(), kBehindSie);
    EXPECT_EQ(m.sd.ipa, 0x8302);
    EXPECT_EQ(m.cpu().gr[0], 3u);
    EXPECT_EQ(m.load(SieMachine::kGuest + kTo), 0xF000u);
  }
}

} // namespace
} // namespace siena::sie::testing
