// SPDX-License-Identifier: BSD-3-Clause
#include "tests/devices/sclp/sclp_fixture.h"

namespace siena::devices::sclp {
namespace {

class AsciiConsoleTest : public SclpTest {
 protected:
  AsciiConsoleTest() : console(sclp->add_ascii_console(output)) {}
  AsciiConsole& console;
};

TEST_F(AsciiConsoleTest, OutputIsPassedOnByteForByte) {
  auto sccb = empty_sccb(8);
  append_event(sccb, EventType::AsciiConsole, bytes_of("\x1B[1mlogin:\x1B[0m \xC3\xA4\r\n"));
  call(kWriteEventData, sccb);
  EXPECT_EQ(output.text, "\x1B[1mlogin:\x1B[0m \xC3\xA4\r\n");
}

TEST_F(AsciiConsoleTest, InputFollowsTheByteThatSaysData) {
  enable(mask_of(EventType::AsciiConsole));
  EXPECT_EQ(console.receive(bytes_of("root\r")), 5u);
  const auto events = read_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].type, 0x1A);
  EXPECT_EQ(events[0].data, (std::vector<u8>{0, 'r', 'o', 'o', 't', '\r'}));
}

TEST_F(AsciiConsoleTest, InputThatDoesNotFitIntoOneSccbWaitsInOrder) {
  enable(mask_of(EventType::AsciiConsole));
  std::vector<u8> typed(10'000);
  for (std::size_t i = 0; i < typed.size(); ++i) typed[i] = static_cast<u8>(i * 7);
  EXPECT_EQ(console.receive(typed), typed.size());
  std::vector<u8> seen;
  while (console.pending()) {
    for (const auto& event : read_events()) seen.insert(seen.end(), event.data.begin() + 1, event.data.end());
  }
  EXPECT_EQ(seen, typed);
}

TEST_F(AsciiConsoleTest, AFullBufferTakesNoMoreUntilTheGuestReads) {
  const std::vector<u8> typed(40'000, 'x');
  EXPECT_EQ(console.receive(typed), 40'000u);
  EXPECT_EQ(console.receive(typed), AsciiConsole::kInputCapacity - 40'000);
  EXPECT_EQ(console.receive(typed), 0u);
  enable(mask_of(EventType::AsciiConsole));
  read_events();
  EXPECT_EQ(console.room(), 4096u - 8 - 6 - 1);
}

class OperatorConsoleTest : public SclpTest {
 protected:
  OperatorConsoleTest() : console(&sclp->add_operator_console(output, {})) {}

  static std::vector<u8> ebcdic(std::string_view text, CodePage page = CodePage::International500) {
    std::vector<u8> bytes;
    for (const char c : text) bytes.push_back(ebcdic_from_ascii(page, static_cast<u8>(c)));
    return bytes;
  }
  /// A message data block as Linux builds it: header, general object, one text object a line.
  static std::vector<u8> message(const std::vector<std::vector<u8>>& lines) {
    std::vector<u8> block(12 + 56);
    store_big(&block[2], u16{1});
    store_big(&block[4], u32{0xD4C4C240});
    store_big(&block[8], u32{1});
    store_big(&block[12], u16{56});
    store_big(&block[14], u16{1});
    for (const auto& line : lines) {
      const std::size_t at = block.size();
      block.resize(at + 10);
      store_big(&block[at], static_cast<u16>(10 + line.size()));
      store_big(&block[at + 2], u16{4});
      store_big(&block[at + 4], u16{0x1000});
      block.insert(block.end(), line.begin(), line.end());
    }
    store_big(block.data(), static_cast<u16>(block.size()));
    return block;
  }
  u16 write(std::span<const u8> block, EventType type = EventType::Message) {
    auto sccb = empty_sccb(8);
    append_event(sccb, type, block);
    return response(call(kWriteEventData, sccb));
  }
  /// Walks the nested vectors down to the text, checking that each length includes what is inside.
  static std::vector<u8> command_text(const Event& event) {
    const auto& data = event.data;
    EXPECT_EQ(event.type, 0x01u);
    std::size_t at = 0;
    for (const u16 id : {u16{0x1310}, u16{0x1212}, u16{0x1320}}) {
      EXPECT_EQ(half(data, at), data.size() - at);
      EXPECT_EQ(half(data, at + 2), id);
      at += 4;
    }
    for (const u8 key : {u8{0x31}, u8{0x30}}) {
      EXPECT_EQ(data[at], data.size() - at);
      EXPECT_EQ(data[at + 1], key);
      at += 2;
    }
    return {data.begin() + static_cast<std::ptrdiff_t>(at), data.end()};
  }

  OperatorConsole* console;
};

TEST_F(OperatorConsoleTest, EachTextObjectOfAMessageIsALine) {
  EXPECT_EQ(write(message({ebcdic("Linux version 7.2 [IFL]!"), {}, ebcdic("a^b|c")})), 0x0020);
  EXPECT_EQ(output.text, "Linux version 7.2 [IFL]!\r\n\r\na^b|c\r\n");
}

TEST_F(OperatorConsoleTest, PriorityMessagesAreShownToo) {
  EXPECT_EQ(write(message({ebcdic("panic")}), EventType::PriorityMessage), 0x0020);
  EXPECT_EQ(output.text, "panic\r\n");
}

TEST_F(OperatorConsoleTest, CodePage037IsAnOption) {
  rebuild({});
  sclp->add_operator_console(output, {.code_page = CodePage::UnitedStates037, .echo = true});
  EXPECT_EQ(write(message({ebcdic("[!]^|", CodePage::UnitedStates037)})), 0x0020);
  EXPECT_EQ(output.text, "[!]^|\r\n");
}

TEST_F(OperatorConsoleTest, WhatAsciiLacksIsShownAsAQuestionMark) {
  EXPECT_EQ(write(message({{0xC1, 0x43, 0x3F, 0xC2}})), 0x0020);
  EXPECT_EQ(output.text, "A??B\r\n");
}

TEST_F(OperatorConsoleTest, AMessageWithAWrongLengthIsRefusedWhole) {
  const auto good = message({ebcdic("first"), ebcdic("second")});
  const auto with = [&](std::size_t at, u16 value) {
    auto bad = good;
    store_big(&bad[at], value);
    return bad;
  };
  const std::size_t second = 12 + 56 + 15;
  EXPECT_EQ(write(with(0, 11)), 0x72F0) << "block shorter than its header";
  EXPECT_EQ(write(with(0, static_cast<u16>(good.size() + 1))), 0x72F0) << "block longer than the event";
  EXPECT_EQ(write(with(0, static_cast<u16>(good.size() - 1))), 0x72F0) << "object longer than the block";
  EXPECT_EQ(write(with(second, 0)), 0x72F0) << "object of length zero";
  EXPECT_EQ(write(with(second, 9)), 0x72F0) << "text object shorter than its header";
  EXPECT_EQ(write(with(second, 0xFFFF)), 0x72F0);
  EXPECT_EQ(write(std::span(good).first(11)), 0x72F0) << "no header";
  EXPECT_TRUE(output.text.empty());
}

TEST_F(OperatorConsoleTest, ALineBecomesACommandWhenItEnds) {
  enable(mask_of(EventType::OperatorCommand));
  console->receive(bytes_of("ro"));
  EXPECT_TRUE(interruptions.parameters.empty());
  EXPECT_TRUE(read_events().empty());
  interruptions.parameters.clear();
  console->receive(bytes_of("ot\n"));
  EXPECT_EQ(interruptions.parameters, std::vector<u32>{1});
  const auto events = read_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(command_text(events[0]), ebcdic("root"));
}

TEST_F(OperatorConsoleTest, EveryKindOfLineEndEndsOneLine) {
  enable(mask_of(EventType::OperatorCommand));
  console->receive(bytes_of("a\rb\nc\r"));
  console->receive(bytes_of("\n\n"));
  const auto events = read_events();
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(command_text(events[2]), ebcdic("c"));
  EXPECT_TRUE(command_text(events[3]).empty());
}

TEST_F(OperatorConsoleTest, TypingIsEchoedAndBackspaceEditsTheOpenLine) {
  enable(mask_of(EventType::OperatorCommand));
  console->receive(bytes_of("lx\bs\x7F\x7F\x7F\x7Fps\r"));
  EXPECT_EQ(output.text, "lx\b \bs\b \b\b \bps\r\n");
  EXPECT_EQ(command_text(read_events().at(0)), ebcdic("ps"));
}

TEST_F(OperatorConsoleTest, EchoCanBeTurnedOff) {
  rebuild({});
  sclp->add_operator_console(output, {.code_page = CodePage::International500, .echo = false})
      .receive(bytes_of("ls\n"));
  EXPECT_TRUE(output.text.empty());
}

TEST_F(OperatorConsoleTest, ALongLineIsCutInTheWayLinuxJoins) {
  enable(mask_of(EventType::OperatorCommand));
  const std::string line(600, 'x');
  console->receive(bytes_of(line + "\n"));
  const auto events = read_events();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(command_text(events[0]), ebcdic(std::string(249, 'x') + "^n"));
  EXPECT_EQ(command_text(events[1]), ebcdic(std::string(249, 'x') + "^n"));
  EXPECT_EQ(command_text(events[2]), ebcdic(std::string(102, 'x')));
}

TEST_F(OperatorConsoleTest, AnEndlessLineIsSentWhenTheBufferIsFull) {
  enable(mask_of(EventType::OperatorCommand));
  const std::string endless(OperatorConsole::kInputCapacity + 1000, 'x');
  EXPECT_EQ(console->receive(bytes_of(endless)), OperatorConsole::kInputCapacity);
  EXPECT_EQ(interruptions.parameters, std::vector<u32>{1});
  EXPECT_EQ(read_events().size(), 1u);
  EXPECT_EQ(console->receive(bytes_of("yz")), 2u);
}

TEST_F(OperatorConsoleTest, CommandsThatDoNotFitWaitForTheNextRead) {
  enable(mask_of(EventType::OperatorCommand));
  for (int i = 0; i < 40; ++i) console->receive(bytes_of(std::string(200, 'x') + "\n"));
  const auto first = read_events();
  EXPECT_LT(first.size(), 40u);
  EXPECT_EQ(interruptions.parameters.back(), kSccb | 1);
  std::size_t seen = first.size();
  while (console->pending()) seen += read_events().size();
  EXPECT_EQ(seen, 40u);
}

TEST(EbcdicTest, EveryAsciiCharacterButSubstituteComesBackInBothPages) {
  for (const auto page : {CodePage::International500, CodePage::UnitedStates037}) {
    for (unsigned c = 0; c < 128; ++c) {
      const auto character = static_cast<u8>(c);
      EXPECT_EQ(ascii_from_ebcdic(page, ebcdic_from_ascii(page, character)), c == 0x1A ? '?' : c);
    }
  }
}

TEST(EbcdicTest, NewLineAndLineFeedAreBothNewlines) {
  EXPECT_EQ(ebcdic_from_ascii(CodePage::International500, '\n'), 0x15);
  EXPECT_EQ(ascii_from_ebcdic(CodePage::International500, 0x15), '\n');
  EXPECT_EQ(ascii_from_ebcdic(CodePage::International500, 0x25), '\n');
}

} // namespace
} // namespace siena::devices::sclp
