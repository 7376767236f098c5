// SPDX-License-Identifier: BSD-3-Clause
// What events look like as lines and as JSON (docs/traces.md).
#include "tests/frontends/trace/traced.h"

#include <gmock/gmock.h>

namespace siena::frontends::trace::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using Category = TraceCategory;
using Field = TraceField;
using Phase = TraceEvent::Phase;

std::string line(const TraceEvent& event) {
  std::string text;
  TextWriter{into(text), true}.write(event);
  return text;
}

std::string json(const std::vector<TraceEvent>& events) {
  std::string text;
  {
    ChromeWriter writer{into(text), "a \"machine\""};
    for (const auto& event : events) writer.write(event);
  }
  return text;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(TextTrace, ALineHasTimePlaceCategoryNameAndFields) {
  const Field fields[] = {
      Field::hex("code", 0x1004, 4), Field::decimal("number", 42), Field::psw("old", 0x0704'C001'8000'0000, 0x1234)};
  EXPECT_EQ(line({.category = Category::Interruption,
                  .name = "external",
                  .stamp = {4096 * 12 + 2048, 3, 1},
                  .fields = fields}),
            "       12.500 3/1      int    external code=0x1004 number=42 old=0704c00180000000:1234\n");
}

TEST(TextTrace, TheGuestStandsFirstWhenItIsKnown) {
  const Field fields[] = {Field::hex("block", 0x6800, 0)};
  EXPECT_EQ(line({.category = Category::Sie, .name = "entry", .stamp = {0, 0, 1, 2}, .fields = fields}),
            "        0.000 0/1      sie    entry guest=2 block=0x6800\n");
}

TEST(TextTrace, SubchannelsAndTheMachineArePlacesToo) {
  EXPECT_EQ(line({.category = Category::Ccw, .name = "halt", .stamp = {4096, 7, 0}, .subchannel = 0x1'00AB}),
            "        1.000 0.1.00ab ccw    halt\n");
  EXPECT_EQ(line({.category = Category::Virtio, .name = "ready", .stamp = {~u64{0}, -1}}),
            "4503599627370495.999 -        virtio ready\n");
  EXPECT_EQ(line({.category = Category::Cpu, .name = "registers", .stamp = {0, 120, 0}}),
            "        0.000 120/0    cpu    registers\n");
}

TEST(TextTrace, WordsWithBlanksAreQuotedAndWhatIsNotPrintableIsEscaped) {
  const Field fields[] = {Field::text("reason", "wait"),
                          Field::text("a", "two words"),
                          Field::text("b", "\"\\\n\xC3"),
                          Field::text("c", "k=v"),
                          Field::text("d", "")};
  EXPECT_THAT(line({.category = Category::Sie, .name = "x", .fields = fields}),
              EndsWith(" x reason=wait a=\"two words\" b=\"\\\"\\\\\\u000a\\u00c3\" c=\"k=v\" d=\"\"\n"));
}

TEST(TextTrace, NumbersAreWholeAtEveryLength) {
  u64 decimal = 1, hexadecimal = 1;
  for (unsigned n = 1; n <= 19; ++n, decimal *= 10) {
    const Field fields[] = {Field::decimal("d", decimal), Field::decimal("e", decimal - 1)};
    EXPECT_THAT(line({.name = "x", .fields = fields}),
                EndsWith(" d=" + std::to_string(decimal) + " e=" + std::to_string(decimal - 1) + "\n"));
  }
  for (u8 n = 1; n <= 16; ++n, hexadecimal = hexadecimal << 4 | (n % 16)) {
    const Field fields[] = {
        Field::hex("h", hexadecimal, 0), Field::hex("i", hexadecimal, n), Field::hex("j", 0xAF, 16)};
    char digits[17];
    std::snprintf(digits, sizeof digits, "%llx", static_cast<unsigned long long>(hexadecimal));
    EXPECT_THAT(line({.name = "x", .fields = fields}),
                EndsWith(std::string(" h=0x") + digits + " i=0x" + digits + " j=0x00000000000000af\n"));
  }
}

TEST(JsonTrace, AnInstantNamesItsTrackOnce) {
  const Field fields[] = {Field::hex("code", 0x1004, 4),
                          Field::decimal("number", 42),
                          Field::decimal("large", ~u64{0}),
                          Field::psw("old", 0x0704'C001'8000'0000, 0x1234),
                          Field::text("words", "a \"b\"\n")};
  const TraceEvent event{
      .category = Category::Interruption, .name = "external", .stamp = {4096 * 12 + 2048, 3, 1, 5}, .fields = fields};
  EXPECT_EQ(json({event, event}),
            R"({"displayTimeUnit":"ns","traceEvents":[
{"name":"process_name","ph":"M","pid":1,"args":{"name":"siena a \"machine\""}},
{"name":"thread_name","ph":"M","pid":1,"tid":41,"args":{"name":"CPU 3 under SIE"}},
{"name":"thread_sort_index","ph":"M","pid":1,"tid":41,"args":{"sort_index":41}},
{"name":"external","cat":"int","ph":"i","s":"t","ts":12.500,"pid":1,"tid":41,"args":{"guest":5,"code":"0x1004","number":42,"large":"18446744073709551615","old":"0704c00180000000:1234","words":"a \"b\"\u000a"}},
{"name":"external","cat":"int","ph":"i","s":"t","ts":12.500,"pid":1,"tid":41,"args":{"guest":5,"code":"0x1004","number":42,"large":"18446744073709551615","old":"0704c00180000000:1234","words":"a \"b\"\u000a"}}
]}
)");
}

TEST(JsonTrace, BothEndsOfADurationKeepTheirFields) {
  const Field fields[] = {Field::hex("block", 0x6800, 0)};
  const std::string text =
      json({{.category = Category::Sie, .phase = Phase::Begin, .name = "entry", .stamp = {0, 0, 1}, .fields = fields},
            {.category = Category::Sie, .phase = Phase::End, .name = "exit", .stamp = {4096, 0, 1}, .fields = fields}});
  EXPECT_THAT(text, HasSubstr(R"(
{"name":"SIE","cat":"sie","ph":"B","ts":0.000,"pid":1,"tid":11,"args":{"entry":{"block":"0x6800"}}},
{"name":"SIE","cat":"sie","ph":"E","ts":1.000,"pid":1,"tid":11,"args":{"exit":{"block":"0x6800"}}}
]})"));
}

TEST(JsonTrace, WhatIsOpenAtTheEndIsClosed) {
  const std::string text =
      json({{.category = Category::Sie, .phase = Phase::Begin, .name = "entry", .stamp = {4096, 0, 1}},
            {.category = Category::Ccw, .phase = Phase::Begin, .name = "start", .stamp = {8192}, .subchannel = 1}});
  EXPECT_THAT(text, HasSubstr(R"({"name":"SIE","cat":"sie","ph":"E","ts":1.000,"pid":1,"tid":11})"));
  EXPECT_THAT(text, HasSubstr(R"({"name":"channel program","cat":"ccw","ph":"E","ts":2.000,"pid":1,"tid":1000001})"));
}

TEST(JsonTrace, AnEndWithoutABeginningIsAnInstantAndASecondBeginningEndsTheFirst) {
  const TraceEvent begin{.category = Category::Ccw, .phase = Phase::Begin, .name = "start", .subchannel = 1};
  const TraceEvent end{.category = Category::Ccw, .phase = Phase::End, .name = "status", .subchannel = 1};
  const std::string text = json({end, begin, begin, end});
  EXPECT_THAT(text, HasSubstr(R"({"name":"status","cat":"ccw","ph":"i")"));
  EXPECT_EQ(count(text, R"("ph":"B")"), 2u);
  EXPECT_EQ(count(text, R"("ph":"E")"), 2u);
  EXPECT_EQ(count(text, R"("thread_name")"), 1u);
}

TEST(JsonTrace, TimesOfATrackNeverDecrease) {
  const std::string text = json({{.category = Category::Ccw, .name = "a", .stamp = {8192}, .subchannel = 1},
                                 {.category = Category::Ccw, .name = "b", .stamp = {4096}, .subchannel = 1},
                                 {.category = Category::Ccw, .name = "c", .stamp = {4096}, .subchannel = 2}});
  EXPECT_THAT(text, HasSubstr(R"("name":"b","cat":"ccw","ph":"i","s":"t","ts":2.000)"));
  EXPECT_THAT(text, HasSubstr(R"("name":"c","cat":"ccw","ph":"i","s":"t","ts":1.000)"));
}

TEST(TraceOutput, ALineLongerThanTheBufferComesOutWhole) {
  std::string text;
  const std::string words(1000, 'x');
  const Field fields[] = {Field::text("words", words)};
  TextWriter{into(text, 64), false}.write({.name = "x", .fields = fields});
  EXPECT_THAT(text, EndsWith("words=" + words + "\n"));
}

TEST(TraceOutput, AFullDiskIsNoticedAndNothingMoreIsTried) {
  int tries = 0;
  Output out([&](std::string_view) { return ++tries, false; }, 64);
  for (int n = 0; n < 10; ++n) out.text("0123456789012345678901234567890123456789");
  EXPECT_TRUE(out.failed());
  EXPECT_EQ(tries, 1);
}

} // namespace
} // namespace siena::frontends::trace::testing
