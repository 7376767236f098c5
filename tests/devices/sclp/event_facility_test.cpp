// SPDX-License-Identifier: BSD-3-Clause
#include "tests/devices/sclp/sclp_fixture.h"

namespace siena::devices::sclp {
namespace {

class EventFacilityTest : public SclpTest {
 protected:
  EventFacilityTest() : ascii(sclp->add_ascii_console(output)), line_mode(sclp->add_operator_console(output, {})) {}

  AsciiConsole& ascii;
  OperatorConsole& line_mode;
};

constexpr EventMask kAscii = mask_of(EventType::AsciiConsole);

TEST_F(EventFacilityTest, EightByteMasksAreAnsweredWithWhatTheSclpCanDo) {
  const auto reply = call(kWriteEventMask, mask_sccb(8, 0, 0));
  EXPECT_EQ(response(reply), 0x0020);
  EXPECT_EQ(load_big<u64>(&reply[12 + 16]), 0x40A0'0040'0000'0000u) << "MSG, PMSGCMD, CPI, VT220";
  EXPECT_EQ(load_big<u64>(&reply[12 + 24]), 0x8000'0048'0000'0000u) << "OPCMD, VT220, quiesce";
}

TEST_F(EventFacilityTest, FourByteMasksAreAnsweredAtFourByteOffsets) {
  const auto reply = call(kWriteEventMask, mask_sccb(4, 0x8000'0000'0000'0000, 0));
  EXPECT_EQ(response(reply), 0x0020);
  EXPECT_EQ(load_big<u32>(&reply[12]), 0x8000'0000u) << "the guest's own mask stays";
  EXPECT_EQ(load_big<u32>(&reply[12 + 8]), 0x40A0'0040u);
  EXPECT_EQ(load_big<u32>(&reply[12 + 12]), 0x8000'0048u);
}

TEST_F(EventFacilityTest, AnyMaskLengthUpToAPageIsTaken) {
  const auto one = call(kWriteEventMask, mask_sccb(1, 0, 0));
  EXPECT_EQ(response(one), 0x0020);
  EXPECT_EQ(one[12 + 2], 0x40);
  EXPECT_EQ(one[12 + 3], 0x80);
  const auto longest = call(kWriteEventMask, mask_sccb(1021, 0, 0));
  EXPECT_EQ(response(longest), 0x0020);
  EXPECT_EQ(load_big<u64>(&longest[12 + 3 * 1021]), 0x8000'0048'0000'0000u);
  EXPECT_EQ(longest[12 + 3 * 1021 + 8], 0);
}

TEST_F(EventFacilityTest, WrongMaskLengthsAreRefused) {
  auto sccb = empty_sccb(4096);
  EXPECT_EQ(response(call(kWriteEventMask, sccb)), 0x74F0) << "length 0";
  store_big(&sccb[10], u16{1022});
  EXPECT_EQ(response(call(kWriteEventMask, sccb)), 0x74F0);
  sccb = empty_sccb(43);
  store_big(&sccb[10], u16{8});
  EXPECT_EQ(response(call(kWriteEventMask, sccb)), 0x0300) << "the masks do not fit";
  EXPECT_EQ(response(call(kWriteEventMask, empty_sccb(11))), 0x0300);
}

TEST_F(EventFacilityTest, NoConsoleMeansNoConsoleInTheMasks) {
  rebuild({});
  const auto reply = call(kWriteEventMask, mask_sccb(8, 0, 0));
  EXPECT_EQ(load_big<u64>(&reply[12 + 16]), mask_of(EventType::ControlProgramIdentification));
  EXPECT_EQ(load_big<u64>(&reply[12 + 24]), mask_of(EventType::SignalQuiesce));
}

TEST_F(EventFacilityTest, InputIsAnnouncedWithTheEventPendingBitAlone) {
  enable(kAscii);
  ascii.receive(bytes_of("x"));
  EXPECT_EQ(interruptions.parameters, std::vector<u32>{1});
}

TEST_F(EventFacilityTest, InputThatTheGuestDoesNotWantIsNotAnnounced) {
  enable(mask_of(EventType::OperatorCommand));
  ascii.receive(bytes_of("x"));
  EXPECT_TRUE(interruptions.parameters.empty());
  EXPECT_TRUE(read_events().empty());
  EXPECT_EQ(response(last_reply), 0x60F0);
}

TEST_F(EventFacilityTest, OpeningTheMaskAnnouncesWhatWaited) {
  ascii.receive(bytes_of("x"));
  EXPECT_TRUE(interruptions.parameters.empty());
  call(kWriteEventMask, mask_sccb(8, kAscii, 0));
  EXPECT_EQ(interruptions.parameters, std::vector<u32>{kSccb | 1});
}

TEST_F(EventFacilityTest, EveryCompletionSaysWhetherAnEventStillWaits) {
  enable(kAscii);
  ascii.receive(std::vector<u8>(5000, 'x'));
  interruptions.parameters.clear();
  EXPECT_EQ(read_events().size(), 1u);
  EXPECT_EQ(interruptions.parameters.back(), kSccb | 1);
  EXPECT_EQ(read_events().size(), 1u);
  EXPECT_EQ(interruptions.parameters.back(), kSccb);
  EXPECT_TRUE(read_events().empty());
}

TEST_F(EventFacilityTest, OneReadStoresTheEventsOfAllSources) {
  enable(~u64{0});
  ascii.receive(bytes_of("x"));
  line_mode.receive(bytes_of("one\ntwo\n"));
  sclp->request_quiesce();
  const auto events = read_events();
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].type, 0x1D);
  EXPECT_EQ(events[1].type, 0x1A);
  EXPECT_EQ(events[2].type, 0x01);
  EXPECT_EQ(events[3].type, 0x01);
}

TEST_F(EventFacilityTest, AVariableLengthReplyShowsItsLengthAndClearsTheBit) {
  enable(kAscii);
  ascii.receive(bytes_of("abc"));
  const auto reply = call(kReadEventData, empty_sccb(4096, 0, 0x80));
  EXPECT_EQ(half(reply, 0), 8 + 6 + 1 + 3);
  EXPECT_EQ(reply[5], 0);
}

TEST_F(EventFacilityTest, AFixedLengthReplyEndsWithZeros) {
  enable(kAscii);
  ascii.receive(bytes_of("abc"));
  auto sccb = std::vector<u8>(4096, 0xEE);
  store_big(sccb.data(), u16{4096});
  sccb[2] = 0;
  sccb[5] = 0;
  const auto reply = call(kReadEventData, sccb);
  EXPECT_EQ(half(reply, 0), 4096);
  EXPECT_EQ(half(reply, 8), 10);
  EXPECT_TRUE(std::all_of(reply.begin() + 18, reply.begin() + 4096, [](u8 byte) { return byte == 0; }));
}

TEST_F(EventFacilityTest, ASelectiveReadStoresOnlyWhatItNames) {
  enable(~u64{0});
  ascii.receive(bytes_of("x"));
  line_mode.receive(bytes_of("command\n"));
  auto sccb = empty_sccb(4096, 1, 0x80);
  store_big(&sccb[14], mask_of(EventType::OperatorCommand));
  const auto reply = call(kReadEventData, sccb);
  EXPECT_EQ(response(reply), 0x0020);
  EXPECT_EQ(reply[10], 0x01);
  EXPECT_TRUE(ascii.pending());
}

TEST_F(EventFacilityTest, ASelectiveReadOfWhatTheGuestDoesNotReceiveIsRefused) {
  auto sccb = empty_sccb(4096, 1);
  EXPECT_EQ(response(call(kReadEventData, sccb)), 0x70F0) << "no mask written yet";
  enable(kAscii);
  store_big(&sccb[14], mask_of(EventType::OperatorCommand));
  EXPECT_EQ(response(call(kReadEventData, sccb)), 0x70F0);
  EXPECT_EQ(response(call(kReadEventData, empty_sccb(20, 1))), 0x0300) << "no room for the mask";
}

TEST_F(EventFacilityTest, UnknownFunctionCodesAreRefused) {
  EXPECT_EQ(response(call(kReadEventData, empty_sccb(4096, 2))), 0x40F0);
  EXPECT_EQ(response(call(kWriteEventData, empty_sccb(8, 1))), 0x40F0);
}

TEST_F(EventFacilityTest, AReadWithoutRoomForTheEventKeepsItAndSaysSo) {
  enable(kAscii);
  ascii.receive(bytes_of("x"));
  EXPECT_TRUE(read_events(15).empty());
  EXPECT_EQ(response(last_reply), 0x0300);
  EXPECT_EQ(read_events(16).size(), 1u);
}

TEST_F(EventFacilityTest, AcceptedBuffersAreMarked) {
  auto sccb = empty_sccb(8);
  append_event(sccb, EventType::AsciiConsole, bytes_of("one "));
  append_event(sccb, EventType::AsciiConsole, bytes_of("two"));
  const auto reply = call(kWriteEventData, sccb);
  EXPECT_EQ(response(reply), 0x0020);
  EXPECT_EQ(reply[8 + 3], 0x80);
  EXPECT_EQ(reply[8 + 10 + 3], 0x80);
  EXPECT_EQ(output.text, "one two");
}

TEST_F(EventFacilityTest, BuffersBehindARefusedOneAreNotDelivered) {
  auto sccb = empty_sccb(8);
  append_event(sccb, EventType::AsciiConsole, bytes_of("shown"));
  append_event(sccb, EventType::SignalQuiesce, bytes_of("abc"));
  append_event(sccb, EventType::AsciiConsole, bytes_of("hidden"));
  sccb[8 + 11 + 3] = 0x80;
  const auto reply = call(kWriteEventData, sccb);
  EXPECT_EQ(response(reply), 0x40F0);
  EXPECT_EQ(reply[8 + 3], 0x80);
  EXPECT_EQ(reply[8 + 11 + 3], 0x00);
  EXPECT_EQ(reply[8 + 11 + 9 + 3], 0x00);
  EXPECT_EQ(output.text, "shown");
}

TEST_F(EventFacilityTest, WrongBufferLengthsAreRefusedBeforeAnythingIsDelivered) {
  for (const u16 wrong : {u16{0}, u16{5}, u16{11}, u16{0xFFFF}}) {
    auto sccb = empty_sccb(8);
    append_event(sccb, EventType::AsciiConsole, bytes_of("x"));
    append_event(sccb, EventType::AsciiConsole, bytes_of("abcd"));
    store_big(&sccb[8 + 7], wrong);
    EXPECT_EQ(response(call(kWriteEventData, sccb)), 0x73F0) << wrong;
  }
  EXPECT_TRUE(output.text.empty());
}

TEST_F(EventFacilityTest, QuiesceIsReadOnceByAGuestThatListens) {
  enable(mask_of(EventType::SignalQuiesce));
  EXPECT_TRUE(sclp->request_quiesce());
  EXPECT_EQ(interruptions.parameters, std::vector<u32>{1});
  const auto events = read_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].type, 0x1D);
  EXPECT_EQ(events[0].data, std::vector<u8>(3, 0));
  EXPECT_TRUE(read_events().empty());
}

TEST_F(EventFacilityTest, QuiesceSaysWhenNobodyListens) { EXPECT_FALSE(sclp->request_quiesce()); }

TEST_F(EventFacilityTest, ControlProgramIdentificationIsKeptWithItsTime) {
  EXPECT_FALSE(sclp->control_program());
  std::vector<u8> data(74);
  store_ebcdic(std::span(data).subspan(2, 8), "LINUX");
  store_ebcdic(std::span(data).subspan(18, 8), "GUEST1");
  store_big(&data[34], u64{0x0600'0000'0007'0200});
  store_ebcdic(std::span(data).subspan(50, 8), "PLEX");
  auto sccb = empty_sccb(8);
  append_event(sccb, EventType::ControlProgramIdentification, data);
  time.time = 77;
  EXPECT_EQ(response(call(kWriteEventData, sccb)), 0x0020);
  const auto program = sclp->control_program();
  ASSERT_TRUE(program);
  EXPECT_EQ(program->system_type, "LINUX");
  EXPECT_EQ(program->system_name, "GUEST1");
  EXPECT_EQ(program->sysplex_name, "PLEX");
  EXPECT_EQ(program->system_level, 0x0600'0000'0007'0200u);
  EXPECT_EQ(program->received_at, 77u);
}

TEST_F(EventFacilityTest, AShortControlProgramIdentificationIsRefused) {
  auto sccb = empty_sccb(8);
  append_event(sccb, EventType::ControlProgramIdentification, std::vector<u8>(57));
  EXPECT_EQ(response(call(kWriteEventData, sccb)), 0x72F0);
  EXPECT_FALSE(sclp->control_program());
}

TEST_F(EventFacilityTest, ResetForgetsMasksAndEvents) {
  enable(~u64{0});
  ascii.receive(bytes_of("x"));
  line_mode.receive(bytes_of("x\ny"));
  sclp->request_quiesce();
  sclp->reset();
  interruptions.parameters.clear();
  ascii.receive(bytes_of("late"));
  EXPECT_TRUE(interruptions.parameters.empty()) << "the mask is closed";
  sclp->reset();
  enable(~u64{0});
  EXPECT_TRUE(read_events().empty());
}

TEST_F(EventFacilityTest, ASnapshotKeepsMasksInputAndRequests) {
  enable(~u64{0});
  ascii.receive(bytes_of("typed"));
  line_mode.receive(bytes_of("whole\nhalf"));
  sclp->request_quiesce();
  sclp->set_loadparm("2");
  MemorySnapshot snapshot;
  sclp->save(snapshot);

  rebuild({});
  auto& new_ascii = sclp->add_ascii_console(output);
  auto& new_line_mode = sclp->add_operator_console(output, {});
  sclp->restore(snapshot);
  EXPECT_TRUE(snapshot.ok());
  EXPECT_TRUE(snapshot.fields.empty());
  EXPECT_EQ(sclp->configuration().loadparm, "2");
  EXPECT_EQ(new_ascii.room(), AsciiConsole::kInputCapacity - 5);
  EXPECT_EQ(read_events().size(), 3u);
  new_line_mode.receive(bytes_of("\n"));
  EXPECT_EQ(interruptions.parameters.back(), 1u);
  EXPECT_EQ(read_events().size(), 1u) << "the half line was kept";
}

TEST_F(EventFacilityTest, ASnapshotWithTooMuchInputIsRefused) {
  MemorySnapshot snapshot;
  ascii.receive(bytes_of("typed"));
  sclp->save(snapshot);
  for (auto& field : snapshot.fields) {
    if (field.bytes.size() == 5) (&field)[-1].value = ~u64{0};
  }
  sclp->restore(snapshot);
  EXPECT_FALSE(snapshot.ok());
  EXPECT_FALSE(ascii.pending());
}

} // namespace
} // namespace siena::devices::sclp
