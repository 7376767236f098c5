// SPDX-License-Identifier: BSD-3-Clause
// A small machine under a gdb::Server, run on a thread of its own as a session would run it, and a client at the other end of the
// socket.
#pragma once

#include "frontends/gdb/server.h"
#include "tests/frontends/gdb/small_machine.h"
#include "tests/host/temporary.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace siena::frontends::gdb::testing {

/// The other end: sends packets, acknowledges what it gets.
class Client {
 public:
  explicit Client(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const timeval hang = {.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &hang, sizeof hang);
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  /// One byte, or -1 at the end.
  int byte() {
    if (next_ == buffer_.size()) {
      buffer_.resize(4096);
      const ssize_t got = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
      buffer_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
      next_ = 0;
    }
    return next_ < buffer_.size() ? buffer_[next_++] : -1;
  }
  /// The payload of the next packet, or "(end)". Acknowledgements on the way are skipped.
  std::string receive() {
    int b = byte();
    while (b == '+' || b == '-') b = byte();
    if (b != '$') return "(end)";
    std::string payload;
    for (b = byte(); b != '#'; b = byte()) {
      if (b < 0) return "(end)";
      payload += static_cast<char>(b == '}' ? byte() ^ 0x20 : b);
    }
    byte();
    byte();
    if (acknowledges) send("+");
    return payload;
  }
  std::string ask(std::string_view packet) {
    send(framed(packet));
    return receive();
  }
  void hang_up() { socket_.reset(); }
  /// Sends no more; what the other side still has to say can be read.
  void shut() { ::shutdown(socket_.get(), SHUT_WR); }

  bool acknowledges = true;

 private:
  host::Descriptor socket_;
  std::vector<u8> buffer_;
  std::size_t next_ = 0;
};

class DebuggedMachine final : public SmallSurroundings, public Execution {
 public:
  /// `prepare` puts the program in place and starts CPUs; the machine itself starts stopped.
  template <typename Prepare>
  explicit DebuggedMachine(unsigned cpus, Prepare prepare)
      : loop_(std::move(host::EventLoop::create().value())), machine_(small_machine(*this, cpus)) {
    prepare(*machine_);
    machine::GdbListen where;
    where.path = socket_path();
    server_ = std::move(Server::open(where, *loop_, *machine_, *this).value());
    thread_ = std::thread{[this] { run_to_the_end(); }};
  }
  ~DebuggedMachine() override {
    end();
    server_.reset();
  }

  std::string socket_path() const { return directory_.path("gdb"); }
  /// Ends the run from outside, if it has not ended.
  void end() {
    machine_->control().quit(0);
    loop_->wake();
    wait_for_end();
  }
  void wait_for_end() {
    if (thread_.joinable()) thread_.join();
  }
  /// Safe once the run has ended.
  machine::Machine& machine() { return *machine_; }
  machine::Ending::Kind ending() const { return ending_; }

  // machine::Surroundings
  void wait(u64 nanoseconds) override {
    loop_->run_for(std::chrono::nanoseconds{std::min<u64>(nanoseconds, 20'000'000)});
  }

  // Execution
  bool running() const override { return running_; }
  void resume() override { running_ = true; }
  void stop() override { machine_->control().stop(); }
  void quit() override { machine_->control().quit(0); }
  std::string monitor_command(std::string_view line) override { return "monitor: " + std::string{line} + "\n"; }

 private:
  void run_to_the_end() {
    using Kind = machine::Ending::Kind;
    while (!machine_->control().quitting()) {
      if (!running_) {
        wait(20'000'000);
        continue;
      }
      ending_ = machine_->run().kind;
      if (ending_ != Kind::Stopped) break;
      running_ = false;
      server_->stopped(Signal::Interrupt);
    }
    server_->ended(7);
  }

  test::TemporaryDirectory directory_;
  std::unique_ptr<host::EventLoop> loop_;
  std::unique_ptr<machine::Machine> machine_;
  std::unique_ptr<Server> server_;
  bool running_ = false;
  machine::Ending::Kind ending_ = machine::Ending::Kind::Stopped;
  std::thread thread_;
};

} // namespace siena::frontends::gdb::testing
