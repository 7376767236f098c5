// SPDX-License-Identifier: BSD-3-Clause
// The fuzz target over a bounded number of made-up inputs (tests/fuzz).
#include "frontends/gdb/packet.h"

#include <gtest/gtest.h>

#include <random>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace siena::frontends::gdb {
namespace {

constexpr std::string_view kSeeds[] = {"?",
                                       "g",
                                       "p1",
                                       "P3=0000000000000077",
                                       "m2000,8",
                                       "Mf00,2:cafe",
                                       "X5000,2:ab",
                                       "Z0,2004,4",
                                       "z0,2004,4",
                                       "Z2,f00,8",
                                       "Z3,f00,8",
                                       "Z4,2000,1000",
                                       "c",
                                       "s",
                                       "vCont;c",
                                       "vCont;s:p1.1;c",
                                       "vCont;r2000,2008:p1.1",
                                       "vCont;t",
                                       "vAttach;2",
                                       "D;2",
                                       "Hgp2.1",
                                       "Hgp1.-1",
                                       "Hc-1",
                                       "Tp2.1",
                                       "qfThreadInfo",
                                       "qC",
                                       "qXfer:features:read:target.xml:0,200",
                                       "qXfer:threads:read::0,200",
                                       "qXfer:osdata:read:processes:0,200",
                                       "qThreadExtraInfo,p2.1",
                                       "!",
                                       "qRcmd,6361746368207369652065786974", // catch sie exit
                                       "qRcmd,756e6361746368203120",
                                       "qRcmd,67756573747320",
                                       "Qqemu.PhyMemMode:1"};

TEST(Fuzz, PacketsInAnyOrderAreAnsweredOnceEach) {
  std::minstd_rand random{815};
  for (int n = 0; n < 150; ++n) {
    std::string text;
    const auto count = 1 + random() % 12;
    for (unsigned i = 0; i < count; ++i) {
      std::string packet{kSeeds[random() % std::size(kSeeds)]};
      if (random() % 4 == 0 && !packet.empty()) packet[random() % packet.size()] = static_cast<char>(random());
      if (random() % 8 == 0) packet.insert(random() % (packet.size() + 1), 1, static_cast<char>(random()));
      if (random() % 8 == 0) packet.resize(random() % (packet.size() + 1));
      text += framed(packet);
    }
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(text.data()), text.size()), 0);
  }
}

TEST(Fuzz, NoiseIsNoPacket) {
  std::minstd_rand random{4711};
  for (int n = 0; n < 20; ++n) {
    std::string noise(random() % 3000, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(noise.data()), noise.size()), 0);
  }
}

} // namespace
} // namespace siena::frontends::gdb
