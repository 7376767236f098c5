// SPDX-License-Identifier: BSD-3-Clause
// Message (from the guest): event data = message data block {length u16, type u16, tag "MDB " u32, revision u32} and objects
//   {length u16, type u16, ...} to the block's length. Type 4 is message text: {flags u16, alarm u8, reserved 3, text}.
// Operator command (to the guest): {length u16, id 1310} > {length u16, id 1212} > {length u16, id 1320} >
//   {length u8, key 31} > {length u8, key 30} > text. Every length includes what is nested in it.
#include "devices/sclp/operator_console.h"

#include "devices/sclp/saved_bytes.h"

#include <algorithm>

namespace siena::devices::sclp {
namespace {

constexpr std::size_t kBlockHeaderSize = 12;
constexpr std::size_t kObjectHeaderSize = 4;
constexpr std::size_t kMessageTextOffset = 10;
constexpr u16 kMessageText = 4;

constexpr std::size_t kVectorSize = 4;
constexpr std::size_t kSubvectorSize = 2;
constexpr std::size_t kCommandOverhead = 3 * kVectorSize + 2 * kSubvectorSize;

constexpr u8 kBackspace = 0x08;
constexpr u8 kDelete = 0x7F;

} // namespace

void OperatorConsole::echo(std::string_view text) {
  if (options_.echo) output_.write(std::span(reinterpret_cast<const u8*>(text.data()), text.size()));
}

std::size_t OperatorConsole::receive(std::span<const u8> input) {
  const std::size_t lines_before = lines_;
  std::size_t taken = 0;
  for (const u8 character : input) {
    const bool line_open = !input_.empty() && input_.back() != '\n';
    const bool second_of_pair = character == '\n' && after_carriage_return_;
    if (character == kBackspace || character == kDelete) {
      if (line_open) {
        input_.pop_back();
        echo("\b \b");
      }
    } else if (!second_of_pair) {
      if (room() == 0) break;
      if (character == '\n' || character == '\r') {
        input_.push_back('\n');
        ++lines_;
        echo("\r\n");
      } else {
        input_.push_back(character);
        echo(std::string_view(reinterpret_cast<const char*>(&character), 1));
      }
    }
    after_carriage_return_ = character == '\r';
    ++taken;
  }
  if (lines_ != lines_before || room() == 0) announcer_.event_pending();
  return taken;
}

std::optional<StoredEvent> OperatorConsole::read(std::span<u8> room) {
  if (!pending()) return std::nullopt;
  const auto end = std::find(input_.begin(), input_.end(), u8{'\n'});
  const auto line_length = static_cast<std::size_t>(end - input_.begin());
  // Linux joins a line that ends with ^n to the next one, so that is how a long (or unended) line is cut.
  const bool cut = line_length > kMaximumText;
  const std::size_t from_input = cut ? kMaximumText - 2 : line_length;
  const std::size_t text_length = cut ? kMaximumText : line_length;
  const std::size_t total = kCommandOverhead + text_length;
  if (room.size() < total) return std::nullopt;

  std::size_t at = 0;
  for (const u16 id : {u16{0x1310}, u16{0x1212}, u16{0x1320}}) {
    store_big(&room[at], static_cast<u16>(total - at));
    store_big(&room[at + 2], id);
    at += kVectorSize;
  }
  for (const u8 key : {u8{0x31}, u8{0x30}}) {
    room[at] = static_cast<u8>(total - at);
    room[at + 1] = key;
    at += kSubvectorSize;
  }
  for (std::size_t i = 0; i < from_input; ++i) room[at++] = ebcdic_from_ascii(options_.code_page, input_[i]);
  if (cut) {
    room[at++] = ebcdic_from_ascii(options_.code_page, '^');
    room[at++] = ebcdic_from_ascii(options_.code_page, 'n');
  }
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(cut ? from_input : from_input + 1));
  if (!cut) --lines_;
  return StoredEvent{EventType::OperatorCommand, total};
}

void OperatorConsole::write_line(std::span<const u8> text) {
  std::string line;
  line.reserve(text.size() + 2);
  for (const u8 character : text) line += static_cast<char>(ascii_from_ebcdic(options_.code_page, character));
  line += "\r\n";
  output_.write(std::span(reinterpret_cast<const u8*>(line.data()), line.size()));
}

Response OperatorConsole::write(std::span<const u8> data) {
  if (data.size() < kBlockHeaderSize) return Response::InconsistentLengths;
  const std::size_t block_length = load_big<u16>(data.data());
  if (block_length < kBlockHeaderSize || block_length > data.size()) return Response::InconsistentLengths;
  const auto objects = data.subspan(kBlockHeaderSize, block_length - kBlockHeaderSize);

  // Nothing is shown of a message that is wrong anywhere.
  for (auto rest = objects; !rest.empty();) {
    if (rest.size() < kObjectHeaderSize) return Response::InconsistentLengths;
    const std::size_t length = load_big<u16>(rest.data());
    const bool is_text = load_big<u16>(&rest[2]) == kMessageText;
    if (length < (is_text ? kMessageTextOffset : kObjectHeaderSize) || length > rest.size()) {
      return Response::InconsistentLengths;
    }
    rest = rest.subspan(length);
  }
  for (auto rest = objects; !rest.empty();) {
    const auto object = rest.first(load_big<u16>(rest.data()));
    if (load_big<u16>(&object[2]) == kMessageText) write_line(object.subspan(kMessageTextOffset));
    rest = rest.subspan(object.size());
  }
  return Response::Normal;
}

void OperatorConsole::reset() {
  input_.clear();
  lines_ = 0;
  after_carriage_return_ = false;
}

void OperatorConsole::save(SnapshotWriter& writer) const {
  writer.begin("sclp-operator-console", 1);
  save_bytes(writer, input_);
  writer.number(after_carriage_return_ ? 1 : 0);
}

void OperatorConsole::restore(SnapshotReader& reader) {
  reader.begin("sclp-operator-console");
  restore_bytes(reader, input_, kInputCapacity);
  after_carriage_return_ = reader.number() != 0;
  lines_ = static_cast<std::size_t>(std::count(input_.begin(), input_.end(), u8{'\n'}));
}

std::string OperatorConsole::describe() const {
  return std::string("console       line mode (operator messages), code page ") +
         (options_.code_page == CodePage::International500 ? "500" : "037") + ", " + std::to_string(lines_) +
         " lines of input waiting";
}

} // namespace siena::devices::sclp
