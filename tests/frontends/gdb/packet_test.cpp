// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/packet.h"

#include <gtest/gtest.h>

namespace siena::frontends::gdb {
namespace {
using Kind = Incoming::Kind;

void feed(PacketReader& reader, std::string_view text) {
  reader.feed({reinterpret_cast<const u8*>(text.data()), text.size()});
}

std::vector<Incoming> all_of(std::string_view text) {
  PacketReader reader;
  feed(reader, text);
  std::vector<Incoming> all;
  while (auto one = reader.next()) all.push_back(std::move(*one));
  return all;
}

std::string payload_of(std::string_view text) {
  const auto all = all_of(text);
  return all.size() == 1 && all[0].kind == Kind::Packet ? all[0].payload : "(not one packet)";
}

TEST(PacketReader, FindsThePayloadBetweenDollarAndHash) {
  EXPECT_EQ(payload_of("$m1000,4#8e"), "m1000,4");
  EXPECT_EQ(payload_of("$#00"), "");
}

TEST(PacketReader, TakesAPacketThatArrivesByteByByte) {
  PacketReader reader;
  for (const char c : std::string_view{"+$g#67"}) {
    EXPECT_FALSE(reader.next());
    feed(reader, {&c, 1});
  }
  EXPECT_EQ(reader.next()->payload, "g");
}

TEST(PacketReader, UndoesEscapesAndChecksTheBytesAsSent) {
  const std::string framed_text = framed("a}b#c$d*e");
  EXPECT_EQ(framed_text.substr(0, 13),
            "$a}]b}\x03"
            "c}\x04"
            "d}\x0a");
  EXPECT_EQ(payload_of(framed_text), "a}b#c$d*e");
}

TEST(PacketReader, TellsAWrongChecksum) {
  for (const char* text : {"$g#68", "$g#6", "$g#zz", "$g##67"}) {
    const auto all = all_of(std::string{text} + "0");
    ASSERT_FALSE(all.empty()) << text;
    EXPECT_EQ(all[0].kind, Kind::BadPacket) << text;
  }
}

TEST(PacketReader, BeginsAnewAtADollar) { EXPECT_EQ(payload_of("$m10$g#67"), "g"); }

TEST(PacketReader, GoesOnBehindABadPacket) {
  const auto all = all_of("$g#00$?#3f");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, Kind::BadPacket);
  EXPECT_EQ(all[1].payload, "?");
}

TEST(PacketReader, KnowsTheInterruptByteOutsidePacketsOnly) {
  const auto all = all_of("\x03$a\x03#64");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, Kind::Interrupt);
  EXPECT_EQ(all[1].payload, "a\x03");
}

TEST(PacketReader, ThrowsAwayWhatIsLongerThanAPacket) {
  const auto longest = all_of(framed(std::string(kPacketSize, 'x')));
  ASSERT_EQ(longest.size(), 1u);
  EXPECT_EQ(longest[0].kind, Kind::Packet);
  const auto too_long = all_of(framed(std::string(kPacketSize + 1, 'x')) + "$g#67");
  ASSERT_EQ(too_long.size(), 2u);
  EXPECT_EQ(too_long[0].kind, Kind::TooLong);
  EXPECT_EQ(too_long[1].payload, "g");
}

TEST(PacketReader, SkipsWhatMeansNothingBetweenPackets) { EXPECT_EQ(payload_of("++abc}#\xff$g#67+"), "g"); }

TEST(HexNumbers, EndAtTheFirstOtherCharacter) {
  std::string_view text = "1aF,4";
  EXPECT_EQ(take_number(text), 0x1AFu);
  EXPECT_EQ(text, ",4");
  EXPECT_EQ(take_number(text), std::nullopt);
}

TEST(HexNumbers, HaveAtMost64Bits) {
  std::string_view widest = "ffffffffffffffff", wider = "10000000000000000";
  EXPECT_EQ(take_number(widest), ~u64{0});
  EXPECT_EQ(take_number(wider), std::nullopt);
}

TEST(HexBytes, AreWholeAndNothingElse) {
  EXPECT_EQ(bytes_of_hex("00fF"), (std::vector<u8>{0, 255}));
  EXPECT_EQ(bytes_of_hex("0"), std::nullopt);
  EXPECT_EQ(bytes_of_hex("0g"), std::nullopt);
  EXPECT_EQ(hex_of_bytes(std::vector<u8>{0, 255}), "00ff");
}

} // namespace
} // namespace siena::frontends::gdb
