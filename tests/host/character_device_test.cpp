// SPDX-License-Identifier: BSD-3-Clause
#include "host/character_device.h"

#include "host/signals.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>

#include <array>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace siena::host {
namespace {
using namespace std::chrono_literals;
using Kind = CharacterOptions::Kind;

std::span<const u8> bytes_of(std::string_view text) { return {reinterpret_cast<const u8*>(text.data()), text.size()}; }

/// Takes at most `room` bytes.
struct Receiver final : ByteReceiver {
  std::size_t receive(std::span<const u8> bytes) override {
    const std::size_t taken = std::min(room, bytes.size());
    got.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    room -= taken;
    return taken;
  }
  std::size_t room = 1 << 20;
  std::string got;
};

/// Replaces a standard descriptor for one test.
class Redirected {
 public:
  Redirected(int fd, int replacement) : fd_(fd), former_(::dup(fd)) { ::dup2(replacement, fd); }
  ~Redirected() {
    ::dup2(former_, fd_);
    ::close(former_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  int fd_, former_;
};

struct Pipe {
  Pipe() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) ADD_FAILURE() << "no pipe";
    reader = Descriptor{fds[0]};
    writer = Descriptor{fds[1]};
  }
  Descriptor reader, writer;
};

class Characters : public testing::Test {
 protected:
  std::unique_ptr<CharacterDevice> open(const CharacterOptions& options) {
    auto device = CharacterDevice::open(*loop_, options);
    if (device) return std::move(device.value());
    ADD_FAILURE() << device.error().message;
    return nullptr;
  }

  std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create().value());
};

TEST_F(Characters, NullTakesEverythingAndGivesNothing) {
  const auto device = open({});
  Receiver receiver;
  device->set_receiver(&receiver);
  device->write(bytes_of("gone"));
  EXPECT_FALSE(loop_->poll());
  EXPECT_EQ(receiver.got, "");
}

TEST_F(Characters, AFileIsReplacedOrContinued) {
  const test::TemporaryDirectory directory;
  const std::string path = directory.write("log", "old ");
  open({.kind = Kind::File, .path = path, .append = true})->write(bytes_of("more"));
  EXPECT_EQ(test::content_of(path), "old more");
  open({.kind = Kind::File, .path = path})->write(bytes_of("new"));
  EXPECT_EQ(test::content_of(path), "new");
}

TEST_F(Characters, AFileThatCannotBeWrittenIsNamed) {
  const test::TemporaryDirectory directory;
  const auto device = CharacterDevice::open(*loop_, {.kind = Kind::File, .path = directory.path("no/log")});
  ASSERT_FALSE(device);
  EXPECT_THAT(device.error().message, testing::HasSubstr("no/log': No such file"));
}

TEST_F(Characters, AFullFileSystemIsAnErrorNotAWait) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "the host has no /dev/full";
  const auto device = open({.kind = Kind::File, .path = "/dev/full", .append = true});
  device->write(bytes_of("x"));
  EXPECT_EQ(device->output_error(), std::errc::no_space_on_device);
  device->write(bytes_of("y"));
}

TEST_F(Characters, StdioReadsAndWritesPipes) {
  const Pipe in, out;
  const Redirected standard_input{STDIN_FILENO, in.reader.get()}, standard_output{STDOUT_FILENO, out.writer.get()};
  const auto device = open({.kind = Kind::Stdio});
  Receiver receiver;
  device->set_receiver(&receiver);
  EXPECT_EQ(::write(in.writer.get(), "hello", 5), 5);
  loop_->run_for(1h);
  EXPECT_EQ(receiver.got, "hello");
  device->write(bytes_of("world"));
  std::array<char, 16> got{};
  EXPECT_EQ(::read(out.reader.get(), got.data(), got.size()), 5);
  EXPECT_STREQ(got.data(), "world");
  EXPECT_EQ(::fcntl(out.writer.get(), F_GETFL) & O_NONBLOCK, 0) << "the pipe's other users see O_NONBLOCK";
}

TEST_F(Characters, InputThatTheReceiverLeavesIsOfferedAgain) {
  const Pipe in;
  const Redirected standard_input{STDIN_FILENO, in.reader.get()};
  const auto device = open({.kind = Kind::Stdio});
  Receiver receiver;
  receiver.room = 2;
  device->set_receiver(&receiver);
  EXPECT_EQ(::write(in.writer.get(), "abcde", 5), 5);
  loop_->poll();
  EXPECT_EQ(receiver.got, "ab");
  EXPECT_FALSE(loop_->poll());
  receiver.room = 100;
  loop_->poll();
  EXPECT_EQ(receiver.got, "abcde");
  EXPECT_EQ(::write(in.writer.get(), "f", 1), 1);
  loop_->poll();
  EXPECT_EQ(receiver.got, "abcdef");
}

TEST_F(Characters, TheEndOfInputIsQuiet) {
  Pipe in;
  const Redirected standard_input{STDIN_FILENO, in.reader.get()};
  const auto device = open({.kind = Kind::Stdio});
  Receiver receiver;
  device->set_receiver(&receiver);
  EXPECT_EQ(::write(in.writer.get(), "last", 4), 4);
  in.writer.reset();
  loop_->poll();
  loop_->poll();
  EXPECT_EQ(receiver.got, "last");
  EXPECT_FALSE(loop_->run_for(1ms)); // it would spin if the descriptor were still watched
}

TEST_F(Characters, ASlowReaderLosesNothing) {
  const Pipe out;
  const Redirected standard_output{STDOUT_FILENO, out.writer.get()};
  std::string sent;
  for (int i = 0; i < 40000; i++) sent += std::to_string(i) + "\n";
  const pid_t reader = ::fork();
  if (reader == 0) {
    // Reads all and compares, slowly at first.
    std::string got(sent.size(), '\0');
    std::size_t done = 0;
    while (done < got.size()) {
      if (done < 50000) ::usleep(2000);
      const ssize_t n = ::read(out.reader.get(), got.data() + done, std::min<std::size_t>(10000, got.size() - done));
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    ::_exit(got == sent ? 0 : 1);
  }
  {
    const auto device = open({.kind = Kind::Stdio});
    device->write(bytes_of(std::string_view{sent}.substr(0, 100)));
    device->write(bytes_of(std::string_view{sent}.substr(100)));
  }
  int status = 0;
  EXPECT_EQ(::waitpid(reader, &status, 0), reader);
  EXPECT_EQ(status, 0);
}

TEST_F(Characters, AReaderThatSleepsForeverDoesNotKeepTheProgramFromQuitting) {
  const Pipe out;
  const Redirected standard_output{STDOUT_FILENO, out.writer.get()};
  const auto device = open({.kind = Kind::Stdio});
  loop_->request_quit();
  device->write(bytes_of(std::string(3 * CharacterDevice::kOutputCapacity, 'x')));
}

TEST_F(Characters, AReaderThatIsGoneIsAnError) {
  Pipe out;
  const Redirected standard_output{STDOUT_FILENO, out.writer.get()};
  const SignalWatch signals{*loop_};
  const auto device = open({.kind = Kind::Stdio});
  out.reader.reset();
  device->write(bytes_of("x"));
  EXPECT_EQ(device->output_error(), std::errc::broken_pipe);
}

TEST_F(Characters, APtyIsATerminalWithoutEcho) {
  const test::TemporaryDirectory directory;
  const std::string link = directory.path("console");
  auto device = open({.kind = Kind::Pty, .path = link});
  ASSERT_NE(device, nullptr);
  Receiver receiver;
  device->set_receiver(&receiver);
  {
    const Descriptor user{::open(link.c_str(), O_RDWR | O_NOCTTY)};
    ASSERT_TRUE(user.valid());
    EXPECT_NE(::isatty(user.get()), 0);
    device->write(bytes_of("a\nb"));
    std::array<char, 16> got{};
    EXPECT_EQ(::read(user.get(), got.data(), got.size()), 3);
    EXPECT_STREQ(got.data(), "a\nb");
    EXPECT_EQ(::write(user.get(), "x\3", 2), 2);
    loop_->run_for(1h);
    EXPECT_EQ(receiver.got, "x\3");
  }
  EXPECT_FALSE(loop_->run_for(1ms)); // a user who left is no event
  device->write(bytes_of("for the next one"));
  const Descriptor next{::open(device->terminal_name().c_str(), O_RDWR | O_NOCTTY)};
  std::array<char, 32> got{};
  EXPECT_EQ(::read(next.get(), got.data(), got.size()), 16);
  device.reset();
  EXPECT_FALSE(std::filesystem::is_symlink(link));
}

TEST_F(Characters, APtyThatNobodyReadsLosesOutputInsteadOfWaiting) {
  const auto device = open({.kind = Kind::Pty});
  for (int i = 0; i < 3; i++) device->write(bytes_of(std::string(CharacterDevice::kOutputCapacity, 'x')));
}

/// Runs `child` in a session of its own whose terminal, on its standard input, is a new pseudo-terminal.
template <typename Function>
int in_a_terminal(Descriptor& master, Function child) {
  master = Descriptor{::posix_openpt(O_RDWR | O_NOCTTY)};
  ::grantpt(master.get());
  ::unlockpt(master.get());
  const std::string name = ::ptsname(master.get());
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setsid();
  const int terminal = ::open(name.c_str(), O_RDWR); // becomes the controlling terminal
  ::dup2(terminal, STDIN_FILENO);
  ::_exit(child());
}

bool is_raw(bool with_signals) {
  termios mode{};
  if (::tcgetattr(STDIN_FILENO, &mode) != 0) return false;
  return (mode.c_lflag & (ICANON | ECHO)) == 0 && ((mode.c_lflag & ISIG) != 0) == with_signals;
}

bool is_cooked() {
  termios mode{};
  return ::tcgetattr(STDIN_FILENO, &mode) == 0 && (mode.c_lflag & (ICANON | ECHO | ISIG)) == (ICANON | ECHO | ISIG);
}

int status_of(pid_t pid) {
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return status;
}

TEST(Terminal, IsRawWhileItIsADeviceAndAsBeforeAfterwards) {
  Descriptor master;
  const pid_t pid = in_a_terminal(master, [] {
    const auto loop = std::move(EventLoop::create().value());
    for (const bool signals : {true, false}) {
      if (!is_cooked()) return 1;
      const auto device = CharacterDevice::open(*loop, {.kind = Kind::Stdio, .signals = signals});
      if (!is_raw(signals)) return 2;
    }
    return is_cooked() ? 0 : 3;
  });
  EXPECT_EQ(status_of(pid), 0);
}

TEST(Terminal, CtrlCIsAByteOrASignal) {
  for (const bool signals : {true, false}) {
    Descriptor master;
    const Pipe ready;
    const pid_t pid = in_a_terminal(master, [&] {
      const auto loop = std::move(EventLoop::create().value());
      const SignalWatch watch{*loop};
      const auto device = std::move(CharacterDevice::open(*loop, {.kind = Kind::Stdio, .signals = signals}).value());
      Receiver receiver;
      device->set_receiver(&receiver);
      if (::write(ready.writer.get(), "x", 1) != 1) return 9;
      while (!loop->quit_requested() && receiver.got.empty()) loop->run_for(1h);
      if (signals) return receiver.got.empty() && SignalWatch::received() == SIGINT ? 0 : 1;
      return receiver.got == "\3" ? 0 : 2;
    });
    char go = 0;
    EXPECT_EQ(::read(ready.reader.get(), &go, 1), 1);
    EXPECT_EQ(::write(master.get(), "\3", 1), 1);
    EXPECT_EQ(status_of(pid), 0);
  }
}

TEST(Terminal, IsRestoredByACrashAndByASecondSignal) {
  for (const int signal : {SIGSEGV, SIGABRT, SIGTERM}) {
    Descriptor master;
    const pid_t pid = in_a_terminal(master, [signal] {
      const pid_t child = ::fork();
      if (child != 0) {
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFSIGNALED(status) && WTERMSIG(status) == signal && is_cooked() ? 0 : 1;
      }
      const auto loop = std::move(EventLoop::create().value());
      const SignalWatch watch{*loop};
      const auto device = CharacterDevice::open(*loop, {.kind = Kind::Stdio});
      if (!is_raw(true)) return 2;
      ::raise(signal);
      if (signal != SIGTERM || !loop->quit_requested()) return 3;
      ::raise(signal);
      return 4;
    });
    EXPECT_EQ(status_of(pid), 0) << signal;
  }
}

TEST(Signals, RequestAQuitAndNothingElse) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    const auto loop = std::move(EventLoop::create().value());
    const SignalWatch watch{*loop};
    EXPECT_FALSE(loop->quit_requested());
    ::raise(signal);
    EXPECT_TRUE(loop->quit_requested());
    EXPECT_EQ(SignalWatch::received(), signal);
  }
}

} // namespace
} // namespace siena::host
