// SPDX-License-Identifier: BSD-3-Clause
// -gdb: listens, and serves one debugger at a time. A debugger that connects stops the machine; one that goes away without
// detaching leaves it as it is, without breakpoints. Everything happens inside turns of the event loop, between slices of execution.
#pragma once

#include "frontends/gdb/packet.h"
#include "frontends/gdb/protocol.h"
#include "host/event_loop.h"
#include "host/listener.h"
#include "machine/configuration.h"
#include "machine/machine.h"

#include <memory>
#include <optional>
#include <vector>

namespace siena::frontends::gdb {

class Server {
 public:
  /// Loop, machine and execution must outlive the server.
  static Result<std::unique_ptr<Server>>
  open(const machine::GdbListen& where, host::EventLoop& loop, machine::Machine& machine, Execution& execution);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The machine has stopped; `signal` says why if no breakpoint or step was the reason.
  void stopped(Signal signal);
  /// The run is over with this exit status: tells the debugger and hangs up.
  void ended(int status);
  /// The TCP port that is listened to.
  u16 port() const { return listener_->port(); }

 private:
  static constexpr std::size_t kMostUnsent = 64 * 1024; ///< more replies wait for the peer to read
  static constexpr std::size_t kMostUnhandled = 64;     ///< more packets wait for the machine to stop

  Server(std::unique_ptr<host::Listener> listener,
         host::EventLoop& loop,
         machine::Machine& machine,
         Execution& execution)
      : listener_(std::move(listener)), loop_(loop), machine_(machine), execution_(execution) {}
  void listen();
  void accept();
  void read();
  void handle_packets();
  void handle(const Incoming& incoming);
  void send_packet(std::string_view payload);
  void send(std::string_view bytes);
  void flush();
  void watch();
  void hang_up();

  std::unique_ptr<host::Listener> listener_;
  host::EventLoop& loop_;
  machine::Machine& machine_;
  Execution& execution_;
  host::EventLoop::WatchId listen_watch_ = 0, input_watch_ = 0, output_watch_ = 0;

  // The connection.
  host::Descriptor connection_;
  PacketReader reader_;
  std::optional<Protocol> protocol_;
  bool acknowledges_ = true;
  bool handling_ = false;   ///< inside handle_packets, which must not be entered again
  std::string last_packet_; ///< framed, in case the peer wants it again
  std::vector<u8> unsent_;
};

} // namespace siena::frontends::gdb
