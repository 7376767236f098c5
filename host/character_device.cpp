// SPDX-License-Identifier: BSD-3-Clause
#include "host/character_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace siena::host {

namespace {
using std::chrono::steady_clock;

constexpr std::size_t kInputChunk = 4096;

ConfigurationError failed(std::string_view what, int error) {
  return {.message = fmt::format("{}: {}", what, std::generic_category().message(error))};
}

Descriptor duplicate(int fd) { return Descriptor{::fcntl(fd, F_DUPFD_CLOEXEC, 3)}; }

/// Standard output such that writing to it never waits. O_NONBLOCK belongs to what all processes share that have the
/// descriptor, the shell too, so a terminal or pipe is opened anew. Where that is impossible writing may wait a little.
Descriptor open_standard_output() {
  struct stat status {};
  if (::fstat(STDOUT_FILENO, &status) == 0 && (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode))) {
    Descriptor fd{::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (fd.valid()) return fd;
  }
  return duplicate(STDOUT_FILENO);
}
} // namespace

Result<std::unique_ptr<CharacterDevice>> CharacterDevice::open(EventLoop& loop, const CharacterOptions& options) {
  std::unique_ptr<CharacterDevice> device{new CharacterDevice{loop}};
  Problem wrong;
  switch (options.kind) {
  case CharacterOptions::Kind::Null: break;
  case CharacterOptions::Kind::Stdio: wrong = device->open_stdio(options.signals); break;
  case CharacterOptions::Kind::File: wrong = device->open_file(options); break;
  case CharacterOptions::Kind::Pty: wrong = device->open_pty(options.path); break;
  }
  if (wrong) return *wrong;
  return device;
}

CharacterDevice::Problem CharacterDevice::open_stdio(bool signals) {
  // A missing one (closed by the caller) is like an empty one.
  input_ = duplicate(STDIN_FILENO);
  output_ = open_standard_output();
  if (::isatty(STDIN_FILENO) != 0) raw_.emplace(signals);
  return std::nullopt;
}

CharacterDevice::Problem CharacterDevice::open_file(const CharacterOptions& options) {
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (options.append ? O_APPEND : O_TRUNC);
  output_ = Descriptor{::open(options.path.c_str(), flags, 0666)};
  if (!output_.valid()) return failed(fmt::format("'{}'", options.path), errno);
  return std::nullopt;
}

CharacterDevice::Problem CharacterDevice::open_pty(const std::string& link) {
  input_ = Descriptor{::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
  std::array<char, 128> name{};
  if (!input_.valid() || ::grantpt(input_.get()) != 0 || ::unlockpt(input_.get()) != 0 ||
      ::ptsname_r(input_.get(), name.data(), name.size()) != 0)
    return failed("pseudo-terminal", errno);
  terminal_name_ = name.data();
  other_end_ = Descriptor{::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
  output_ = duplicate(input_.get());
  if (!other_end_.valid() || !output_.valid()) return failed(terminal_name_, errno);
  termios mode{};
  if (::tcgetattr(other_end_.get(), &mode) == 0) {
    ::cfmakeraw(&mode);
    ::tcsetattr(other_end_.get(), TCSANOW, &mode);
  }
  may_lose_output_ = true;
  if (link.empty()) return std::nullopt;
  if (::symlink(terminal_name_.c_str(), link.c_str()) != 0) return failed(fmt::format("'{}'", link), errno);
  link_ = link;
  return std::nullopt;
}

CharacterDevice::~CharacterDevice() {
  loop_.forget(input_watch_);
  loop_.forget(turn_watch_);
  if (!may_lose_output_) wait_for_output(0, steady_clock::now() + std::chrono::seconds{1});
  loop_.forget(output_watch_);
  if (!link_.empty()) ::unlink(link_.c_str());
}

void CharacterDevice::write(std::span<const u8> bytes) {
  if (!output_.valid()) return;
  outgoing_.insert(outgoing_.end(), bytes.begin(), bytes.end());
  if (output_watch_ == 0) drain();
  if (outgoing_.size() <= kOutputCapacity) return;
  if (!may_lose_output_) wait_for_output(kOutputCapacity / 2, steady_clock::time_point::max());
  if (outgoing_.size() > kOutputCapacity) outgoing_.resize(kOutputCapacity);
}

void CharacterDevice::drain() {
  std::size_t done = 0;
  while (done < outgoing_.size()) {
    const ssize_t put = ::write(output_.get(), outgoing_.data() + done, outgoing_.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) break;
    if (put <= 0) { // nobody is there any more, or the file system is full
      output_error_ = {put < 0 ? errno : EIO, std::generic_category()};
      output_.reset();
      done = outgoing_.size();
      break;
    }
    done += static_cast<std::size_t>(put);
  }
  outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(done));
  if (outgoing_.empty()) {
    loop_.forget(output_watch_);
    output_watch_ = 0;
  } else if (output_watch_ == 0) {
    output_watch_ = loop_.watch(output_.get(), Interest::Output, [this] { drain(); });
  }
}

void CharacterDevice::wait_for_output(std::size_t limit, steady_clock::time_point until) {
  // A quit that is requested while the reader sleeps must end this, hence the slices.
  while (outgoing_.size() > limit && !loop_.quit_requested() && steady_clock::now() < until) {
    pollfd fd = {.fd = output_.get(), .events = POLLOUT, .revents = 0};
    if (::poll(&fd, 1, 50) > 0) drain();
  }
}

void CharacterDevice::set_receiver(ByteReceiver* receiver) {
  receiver_ = receiver;
  if (receiver_ != nullptr && incoming_.empty()) watch_input();
  if (receiver_ == nullptr) {
    loop_.forget(input_watch_);
    input_watch_ = 0;
  }
}

void CharacterDevice::watch_input() {
  if (input_watch_ == 0 && input_.valid())
    input_watch_ = loop_.watch(input_.get(), Interest::Input, [this] { read_input(); });
}

void CharacterDevice::read_input() {
  std::array<u8, kInputChunk> chunk;
  const ssize_t got = ::read(input_.get(), chunk.data(), chunk.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got > 0) {
    incoming_.assign(chunk.begin(), chunk.begin() + got);
    offer();
    if (incoming_.empty()) return;
  } else {
    input_.reset(); // its end, or the terminal is gone
  }
  loop_.forget(input_watch_);
  input_watch_ = 0;
}

void CharacterDevice::offer() {
  if (receiver_ == nullptr) return;
  const std::size_t taken = std::min(receiver_->receive(incoming_), incoming_.size());
  incoming_.erase(incoming_.begin(), incoming_.begin() + static_cast<std::ptrdiff_t>(taken));
  if (incoming_.empty()) {
    loop_.forget(turn_watch_);
    turn_watch_ = 0;
    watch_input();
  } else if (turn_watch_ == 0) {
    turn_watch_ = loop_.every_turn([this] { offer(); });
  }
}

} // namespace siena::host
