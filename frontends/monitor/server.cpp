// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/server.h"

#include <array>

namespace siena::frontends::monitor {

using host::Interest;
using host::Transfer;

Result<std::unique_ptr<Server>>
Server::open(const machine::MonitorSocket& where, host::EventLoop& loop, const Subject& subject) {
  auto listener =
      where.path.empty() ? host::Listener::tcp(where.address, where.port) : host::Listener::unix_domain(where.path);
  if (!listener) return ConfigurationError{.message = where.option + ": " + listener.error().message};
  std::unique_ptr<Server> server{new Server{std::move(listener.value()), loop, subject, where.control}};
  server->listen();
  return server;
}

Server::~Server() {
  loop_.forget(listen_watch_);
  loop_.forget(input_watch_);
  loop_.forget(output_watch_);
}

void Server::listen() {
  listen_watch_ = loop_.watch(listener_->descriptor(), Interest::Input, [this] { accept(); });
}

void Server::accept() {
  connection_ = listener_->accept();
  if (!connection_.valid()) return;
  loop_.forget(listen_watch_);
  listen_watch_ = 0;
  const auto send_bytes = [this](std::span<const u8> bytes) { send(bytes); };
  if (control_) {
    qmp_.emplace(subject_, [send_bytes](std::string_view line) {
      send_bytes({reinterpret_cast<const u8*>(line.data()), line.size()});
    });
    qmp_->greet();
  } else {
    human_.emplace(subject_, send_bytes);
    human_->entered();
  }
  watch();
}

void Server::hang_up() {
  loop_.forget(input_watch_);
  loop_.forget(output_watch_);
  input_watch_ = output_watch_ = 0;
  qmp_.reset();
  human_.reset();
  lost_events_ = false;
  unread_.clear();
  unsent_.clear();
  connection_.reset();
  listen();
}

void Server::watch() {
  const bool takes_input = connection_.valid() && unsent_.size() < kMostUnsent;
  if (takes_input && input_watch_ == 0)
    input_watch_ = loop_.watch(connection_.get(), Interest::Input, [this] { read(); });
  if (!takes_input) {
    loop_.forget(input_watch_);
    input_watch_ = 0;
  }
  const bool has_output = connection_.valid() && !unsent_.empty();
  if (has_output && output_watch_ == 0)
    output_watch_ = loop_.watch(connection_.get(), Interest::Output, [this] {
      flush();
      if (lost_events_ && unsent_.empty()) return hang_up();
      handle_input();
    });
  if (!has_output) {
    loop_.forget(output_watch_);
    output_watch_ = 0;
  }
}

void Server::read() {
  std::array<u8, 64 * 1024> chunk; // a turn of the loop may be all there is for some milliseconds
  std::size_t got = 0;
  const Transfer result = host::receive_some(connection_, chunk, got);
  if (result == Transfer::WouldWait) return;
  if (result == Transfer::Closed) return hang_up();
  if (qmp_)
    qmp_->feed(std::span{chunk}.first(got));
  else
    unread_.insert(unread_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(got));
  handle_input();
}

void Server::handle_input() {
  // One command at a time: what it answers may be long, and the client may not read it.
  while (unsent_.size() < kMostUnsent) {
    if (qmp_ && !qmp_->handle_next()) break;
    if (human_ && unread_.empty()) break;
    if (human_) {
      const u8 byte = unread_.front();
      unread_.erase(unread_.begin());
      (void)human_->receive({&byte, 1});
    }
  }
  watch();
}

void Server::announce(const Event& event) {
  if (!qmp_) return;
  lost_events_ |= unsent_.size() > kMostWaiting;
  if (!lost_events_) qmp_->announce(event);
  watch();
}

void Server::send(std::span<const u8> bytes) {
  unsent_.insert(unsent_.end(), bytes.begin(), bytes.end());
  flush();
}

void Server::flush() {
  std::size_t sent = 0;
  while (sent < unsent_.size()) {
    std::size_t put = 0;
    const Transfer result = host::send_some(connection_, std::span{unsent_}.subspan(sent), put);
    if (result == Transfer::WouldWait) break;
    if (result == Transfer::Closed) {
      sent = unsent_.size(); // reading will find that nobody is there
      break;
    }
    sent += put;
  }
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(sent));
}

} // namespace siena::frontends::monitor
