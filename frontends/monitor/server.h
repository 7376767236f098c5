// SPDX-License-Identifier: BSD-3-Clause
// A monitor on a socket: QMP, or the human monitor. Serves one client at a time; the next one waits until that has hung up. Everything
// happens inside turns of the event loop, between slices of execution.
#pragma once

#include "frontends/monitor/human_monitor.h"
#include "frontends/monitor/qmp_protocol.h"
#include "host/event_loop.h"
#include "host/listener.h"
#include "machine/configuration.h"

#include <memory>
#include <optional>
#include <vector>

namespace siena::frontends::monitor {

class Server {
 public:
  /// Loop and subject must outlive the server.
  static Result<std::unique_ptr<Server>>
  open(const machine::MonitorSocket& where, host::EventLoop& loop, const Subject& subject);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void announce(const Event& event);
  bool connected() const { return connection_.valid(); }
  /// The TCP port that is listened to.
  u16 port() const { return listener_->port(); }

 private:
  static constexpr std::size_t kMostUnsent = 64 * 1024; ///< more answers wait for the client to read
  static constexpr std::size_t kMostWaiting =
      1 << 20; ///< more events are lost, and the client is hung up on once it reads

  Server(std::unique_ptr<host::Listener> listener, host::EventLoop& loop, const Subject& subject, bool control)
      : listener_(std::move(listener)), loop_(loop), subject_(subject), control_(control) {}
  void listen();
  void accept();
  void read();
  void handle_input();
  void send(std::span<const u8> bytes);
  void flush();
  void watch();
  void hang_up();

  std::unique_ptr<host::Listener> listener_;
  host::EventLoop& loop_;
  const Subject& subject_;
  const bool control_; ///< QMP
  host::EventLoop::WatchId listen_watch_ = 0, input_watch_ = 0, output_watch_ = 0;

  // The connection.
  host::Descriptor connection_;
  std::optional<QmpProtocol> qmp_;
  std::optional<HumanMonitor> human_;
  std::vector<u8> unread_; ///< come in, and not yet given to `human_`
  std::vector<u8> unsent_;
  bool lost_events_ = false;
};

} // namespace siena::frontends::monitor
