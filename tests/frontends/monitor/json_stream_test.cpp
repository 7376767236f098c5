// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/json_stream.h"

#include <gmock/gmock.h>

#include <vector>

namespace siena::frontends::monitor {
namespace {
using ::testing::ElementsAre;

/// Values as they are, problems as "!".
std::vector<std::string> values(std::string_view text, std::size_t piece = 1000) {
  JsonStream stream;
  std::vector<std::string> found;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    const std::string_view part = text.substr(0, piece);
    stream.feed({reinterpret_cast<const u8*>(part.data()), part.size()});
    while (const auto item = stream.next()) found.push_back(item->problem.empty() ? item->text : "!");
  }
  return found;
}

TEST(JsonStream, FindsValuesWhereverPiecesEnd) {
  const std::string_view text = "{\"a\": [1, {\"}\": \"]\\\"\"}]}{}\r\n[]  12 \"x y\" true\n";
  for (std::size_t piece = 1; piece < text.size(); ++piece)
    EXPECT_THAT(values(text, piece),
                ElementsAre("{\"a\": [1, {\"}\": \"]\\\"\"}]}", "{}", "[]", "12", "\"x y\"", "true"));
}

TEST(JsonStream, WhatIsNotCompleteWaits) {
  EXPECT_THAT(values("{\"a\":"), ElementsAre());
  EXPECT_THAT(values("12"), ElementsAre());
  EXPECT_THAT(values("{\"a\":\n1\n}"), ElementsAre("{\"a\":\n1\n}"));
}

TEST(JsonStream, SingleQuotesBecomeDoubleOnes) {
  EXPECT_THAT(values("{'a':'say \"x\" it\\'s \\\\'}\n"), ElementsAre("{\"a\":\"say \\\"x\\\" it's \\\\\"}"));
}

TEST(JsonStream, AWrongValueCostsItsLine) {
  EXPECT_THAT(values("}{}{}\n{}\n"), ElementsAre("!", "{}"));
  EXPECT_THAT(values(",1,2\n3\n"), ElementsAre("!", "3"));
}

TEST(JsonStream, AStringEndsWithItsLineAtTheLatest) {
  EXPECT_THAT(values("{\"a\":\"b\n{}\n"), ElementsAre("!", "{}"));
  EXPECT_THAT(values("'abc\\\n{}"), ElementsAre("!", "{}"));
}

TEST(JsonStream, AByteThatIsNoUtf8EndsWhateverWasBegun) {
  EXPECT_THAT(values("{\"a\":\xFF{}"), ElementsAre("!", "{}"));
  EXPECT_THAT(values("{\"a\":\"\xFF{}"), ElementsAre("!", "{}"));
}

TEST(JsonStream, DepthHasALimit) {
  const auto nested = [](unsigned depth) { return std::string(depth, '[') + std::string(depth, ']') + "\n{}\n"; };
  EXPECT_THAT(values(nested(JsonStream::kDeepest)).size(), 2u);
  EXPECT_THAT(values(nested(JsonStream::kDeepest + 1)), ElementsAre("!", "{}"));
  EXPECT_THAT(values(std::string(5'000'000, '[')), ElementsAre("!"));
}

TEST(JsonStream, LengthHasALimit) {
  EXPECT_THAT(values(std::string(JsonStream::kLongest + 1, '1') + "\n{}\n"), ElementsAre("!", "{}"));
  EXPECT_THAT(values("{\"" + std::string(JsonStream::kLongest, 'x') + "\":1}\n{}\n"), ElementsAre("!", "{}"));
  EXPECT_THAT(values("\"" + std::string(JsonStream::kLongest, '\'') + "\"\n{}\n"), ElementsAre("!", "{}"));
  EXPECT_THAT(values("'" + std::string(JsonStream::kLongest, '"') + "'\n{}\n"), ElementsAre("!", "{}"));
}

} // namespace
} // namespace siena::frontends::monitor
