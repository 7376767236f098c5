// SPDX-License-Identifier: BSD-3-Clause
// A stream of bytes to and from the outside: the terminal, a file, a pseudo-terminal, or nothing.
#pragma once

#include "base/result.h"
#include "base/types.h"
#include "host/event_loop.h"
#include "host/file.h"
#include "host/terminal.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace siena::host {

/// Who gets what comes in.
class ByteReceiver {
 public:
  virtual ~ByteReceiver() = default;
  /// Answers how many bytes, from the first, were taken; the rest is offered again at every turn of the loop.
  virtual std::size_t receive(std::span<const u8> bytes) = 0;
};

struct CharacterOptions {
  enum class Kind : u8 { Null, Stdio, File, Pty };
  Kind kind = Kind::Null;
  std::string path = {}; ///< File: its name; Pty: a symbolic link to make, or empty
  bool append = false;   ///< File
  bool signals = true;   ///< Stdio: Ctrl-C sends a signal
};

class CharacterDevice {
 public:
  /// What waits for a slow reader at most. Then a pseudo-terminal, which perhaps nobody reads, loses what is written; any
  /// other output is waited for, until the loop is asked to quit.
  static constexpr std::size_t kOutputCapacity = 1 << 20;

  /// The loop must outlive the device.
  static Result<std::unique_ptr<CharacterDevice>> open(EventLoop& loop, const CharacterOptions& options);
  /// Gives output that still waits a second to leave.
  ~CharacterDevice();
  CharacterDevice(const CharacterDevice&) = delete;
  CharacterDevice& operator=(const CharacterDevice&) = delete;

  void write(std::span<const u8> bytes);
  /// Input goes there from the next turn of the loop on; nullptr: it stays outside. The receiver must outlive the device or
  /// be replaced.
  void set_receiver(ByteReceiver* receiver);

  /// The file system's name of a pseudo-terminal; else empty.
  const std::string& terminal_name() const { return terminal_name_; }
  /// Why output has been thrown away since, if it has.
  std::error_code output_error() const { return output_error_; }

 private:
  explicit CharacterDevice(EventLoop& loop) : loop_(loop) {}
  using Problem = std::optional<ConfigurationError>;
  Problem open_stdio(bool signals);
  Problem open_file(const CharacterOptions& options);
  Problem open_pty(const std::string& link);

  void watch_input();
  void read_input();
  void offer();
  /// Writes what the other side takes now.
  void drain();
  /// Until at most `limit` bytes wait, the loop is asked to quit, or `until` has come.
  void wait_for_output(std::size_t limit, std::chrono::steady_clock::time_point until);

  EventLoop& loop_;
  Descriptor input_, output_;
  bool may_lose_output_ = false;
  std::error_code output_error_;
  std::optional<RawTerminal> raw_;
  std::string terminal_name_, link_;
  Descriptor other_end_; ///< of a pseudo-terminal, kept open so that it never hangs up

  ByteReceiver* receiver_ = nullptr;
  std::vector<u8> incoming_; ///< read and not yet taken
  std::vector<u8> outgoing_; ///< not yet written
  EventLoop::WatchId input_watch_ = 0, output_watch_ = 0, turn_watch_ = 0;
};

} // namespace siena::host
