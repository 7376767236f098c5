// SPDX-License-Identifier: BSD-3-Clause
// The line-mode operator's console: messages (types 02 and 09) from the guest, operator commands (type 01) to it, EBCDIC in
// nested structures. Input is collected to a newline, with the editing that the guest cannot do: backspace and echo.
#pragma once

#include "devices/byte_sink.h"
#include "devices/sclp/ebcdic.h"
#include "devices/sclp/event_source.h"

#include <deque>

namespace siena::devices::sclp {

class OperatorConsole final : public Console {
 public:
  struct Options {
    CodePage code_page = CodePage::International500;
    bool echo = true; ///< show what is typed; the guest shows only whole lines, if anything
  };
  static constexpr std::size_t kInputCapacity = 64 * 1024;
  /// Lengths of subvectors are one byte; longer lines are sent in pieces.
  static constexpr std::size_t kMaximumText = 251;

  /// `announcer` and `output` must outlive the console.
  OperatorConsole(EventAnnouncer& announcer, ByteSink& output, Options options)
      : announcer_(announcer), output_(output), options_(options) {}

  std::size_t receive(std::span<const u8> input) override;
  std::size_t room() const override { return kInputCapacity - input_.size(); }

  EventMask sends() const override { return mask_of(EventType::OperatorCommand); }
  EventMask receives() const override { return mask_of(EventType::Message) | mask_of(EventType::PriorityMessage); }
  /// A full buffer is sent although its line has not ended, or no byte could ever be taken again.
  bool pending() const override { return lines_ != 0 || room() == 0; }
  std::optional<StoredEvent> read(std::span<u8> room) override;
  /// Each message-text object is a line of output, ended with CR LF.
  Response write(std::span<const u8> data) override;

  void reset() override;
  void save(SnapshotWriter& writer) const override;
  void restore(SnapshotReader& reader) override;
  std::string describe() const override;

 private:
  void echo(std::string_view text);
  void write_line(std::span<const u8> text);

  EventAnnouncer& announcer_;
  ByteSink& output_;
  Options options_;
  std::deque<u8> input_;               ///< ASCII; every complete line ends with a newline
  std::size_t lines_ = 0;              ///< complete lines in input_
  bool after_carriage_return_ = false; ///< the newline of a CR LF pair ends no second line
};

} // namespace siena::devices::sclp
