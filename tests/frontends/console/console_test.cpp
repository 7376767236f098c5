// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/console/mux.h"

#include <gmock/gmock.h>

namespace siena::frontends::console {
namespace {
using testing::HasSubstr;

std::span<const u8> bytes_of(std::string_view text) { return {reinterpret_cast<const u8*>(text.data()), text.size()}; }

struct User final : TerminalUser {
  void entered() override { entries++; }
  std::size_t receive(std::span<const u8> bytes) override {
    const std::size_t taken = std::min(room, bytes.size());
    got.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    room -= taken;
    return taken;
  }
  std::size_t room = 1000;
  std::string got;
  int entries = 0;
};

class Terminal : public testing::Test {
 protected:
  std::size_t type(std::string_view text) { return mux.receive(bytes_of(text)); }

  std::string shown;
  int quits = 0;
  Mux mux{[this](std::span<const u8> bytes) { shown.append(bytes.begin(), bytes.end()); }, [this] { quits++; }};
  User console, other;
};

TEST_F(Terminal, GivesEveryByteToItsUser) {
  mux.add(console);
  EXPECT_EQ(type("abc\r\3\x1B[A"), 8u);
  EXPECT_EQ(console.got, "abc\r\3\x1B[A");
}

TEST_F(Terminal, CtrlATwiceIsCtrlA) {
  mux.add(console);
  type("a\1\1b");
  EXPECT_EQ(console.got, "a\1b");
}

TEST_F(Terminal, CtrlAXQuits) {
  mux.add(console);
  type("a\1");
  EXPECT_EQ(quits, 0);
  type("x");
  EXPECT_EQ(quits, 1);
  EXPECT_EQ(console.got, "a");
  EXPECT_THAT(shown, HasSubstr("terminated"));
}

TEST_F(Terminal, CtrlACSwitchesRoundTheUsers) {
  mux.add(console);
  mux.add(other);
  type("a\1cb\1cc");
  EXPECT_EQ(console.got, "ac");
  EXPECT_EQ(other.got, "b");
  EXPECT_EQ(other.entries, 1);
  EXPECT_EQ(console.entries, 1);
}

TEST_F(Terminal, CtrlACDoesNothingForASingleUser) {
  mux.add(console);
  type("\1ca");
  EXPECT_EQ(console.got, "a");
  EXPECT_EQ(console.entries, 0);
}

TEST_F(Terminal, CtrlAHExplains) {
  mux.add(console);
  type("\1h");
  EXPECT_THAT(shown, HasSubstr("C-a x"));
  EXPECT_EQ(console.got, "");
}

TEST_F(Terminal, AnyOtherLetterAfterCtrlAIsSwallowed) {
  mux.add(console);
  type("\1qa");
  EXPECT_EQ(console.got, "a");
}

TEST_F(Terminal, BytesThatTheUserCannotTakeAreLeft) {
  mux.add(console);
  console.room = 2;
  EXPECT_EQ(type("abc"), 2u);
  EXPECT_EQ(type("c\1x"), 0u);
  EXPECT_EQ(quits, 0);
  console.room = 10;
  EXPECT_EQ(type("c\1x"), 3u);
  EXPECT_EQ(quits, 1);
}

TEST_F(Terminal, ACtrlAThatTheUserCannotTakeIsLeftToo) {
  mux.add(console);
  console.room = 0;
  EXPECT_EQ(type("\1\1b"), 1u);
  console.room = 10;
  EXPECT_EQ(type("\1b"), 2u);
  EXPECT_EQ(console.got, "\1b");
}

TEST_F(Terminal, WithoutUsersEscapesStillWork) {
  EXPECT_EQ(type("abc\1x"), 5u);
  EXPECT_EQ(quits, 1);
}

} // namespace
} // namespace siena::frontends::console
