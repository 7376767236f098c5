// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/server.h"

#include <array>

namespace siena::frontends::gdb {

using host::Interest;
using host::Transfer;

Result<std::unique_ptr<Server>>
Server::open(const machine::GdbListen& where, host::EventLoop& loop, machine::Machine& machine, Execution& execution) {
  auto listener =
      where.path.empty() ? host::Listener::tcp(where.address, where.port) : host::Listener::unix_domain(where.path);
  if (!listener) return ConfigurationError{.message = "-gdb: " + listener.error().message};
  std::unique_ptr<Server> server{new Server{std::move(listener.value()), loop, machine, execution}};
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
  reader_ = {};
  acknowledges_ = true;
  protocol_.emplace(machine_, execution_, [this](std::string_view payload) { send_packet(payload); });
  watch();
  if (execution_.running()) execution_.stop();
}

void Server::hang_up() {
  loop_.forget(input_watch_);
  loop_.forget(output_watch_);
  input_watch_ = output_watch_ = 0;
  protocol_.reset();
  unsent_.clear();
  last_packet_.clear();
  connection_.reset();
  listen();
}

void Server::watch() {
  const bool takes_input = connection_.valid() && unsent_.size() < kMostUnsent && reader_.waiting() < kMostUnhandled &&
                           !protocol_->closing();
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
      handle_packets();
    });
  if (!has_output) {
    loop_.forget(output_watch_);
    output_watch_ = 0;
  }
}

void Server::read() {
  std::array<u8, 4096> chunk;
  std::size_t got = 0;
  const Transfer result = host::receive_some(connection_, chunk, got);
  if (result == Transfer::WouldWait) return;
  if (result == Transfer::Closed) return hang_up();
  reader_.feed(std::span{chunk}.first(got));
  handle_packets();
}

void Server::handle_packets() {
  if (handling_) return;
  handling_ = true;
  while (connection_.valid() && !protocol_->closing() && unsent_.size() < kMostUnsent && reader_.waiting() > 0) {
    if (execution_.running()) {
      // Whatever comes while the machine runs wants it to stop, and is answered then.
      execution_.stop();
      break;
    }
    handle(*reader_.next());
  }
  handling_ = false;
  if (!connection_.valid()) return;
  if (protocol_->closing() && unsent_.empty()) return hang_up();
  watch();
}

void Server::handle(const Incoming& incoming) {
  using Kind = Incoming::Kind;
  switch (incoming.kind) {
  case Kind::Interrupt: return; // it has done what it is for: the machine stands
  case Kind::Resend:
    if (acknowledges_) send(last_packet_);
    return;
  case Kind::BadPacket:
    if (acknowledges_) return send("-");
    return send_packet("E22"); // nobody sends it again
  case Kind::TooLong:
    if (acknowledges_) send("+");
    return send_packet("E22");
  case Kind::Packet:
    if (acknowledges_) send("+");
    protocol_->handle(incoming.payload);
    if (protocol_->without_acknowledgements()) acknowledges_ = false;
    return;
  }
}

void Server::send_packet(std::string_view payload) {
  last_packet_ = framed(payload);
  send(last_packet_);
}

void Server::send(std::string_view bytes) {
  unsent_.insert(unsent_.end(), bytes.begin(), bytes.end());
  flush();
}

void Server::flush() {
  while (!unsent_.empty()) {
    std::size_t put = 0;
    const Transfer result = host::send_some(connection_, unsent_, put);
    if (result == Transfer::WouldWait) return;
    if (result == Transfer::Closed) {
      unsent_.clear(); // reading will find that nobody is there
      return;
    }
    unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(put));
  }
}

void Server::stopped(Signal signal) {
  if (!protocol_) return;
  protocol_->stopped(signal);
  handle_packets();
}

void Server::ended(int status) {
  if (!protocol_) return;
  protocol_->ended(status);
  hang_up();
}

} // namespace siena::frontends::gdb
