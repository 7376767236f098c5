// SPDX-License-Identifier: BSD-3-Clause
#include "host/listener.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace siena::host {

namespace {
constexpr int kKind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
constexpr int kBacklog = 1;

ConfigurationError failure(const std::string& name) {
  return {.message = "'" + name + "': " + std::generic_category().message(errno)};
}
} // namespace

Result<std::unique_ptr<Listener>> Listener::tcp(const std::string& address, u16 port) {
  const std::string name = address + ":" + std::to_string(port);
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  if (const int error = ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &list); error != 0)
    return ConfigurationError{.message = "'" + name + "': " + ::gai_strerror(error)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{list, &::freeaddrinfo};
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
    Descriptor socket{::socket(at->ai_family, kKind, at->ai_protocol)};
    if (!socket.valid()) continue;
    const int on = 1;
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(socket.get(), at->ai_addr, at->ai_addrlen) == 0 && ::listen(socket.get(), kBacklog) == 0)
      return std::unique_ptr<Listener>{new Listener{std::move(socket), ""}};
  }
  return failure(name);
}

Result<std::unique_ptr<Listener>> Listener::unix_domain(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return ConfigurationError{.message = "'" + path + "': a socket's name has 1 to " +
                                         std::to_string(sizeof address.sun_path - 1) + " bytes"};
  std::memcpy(address.sun_path, path.data(), path.size());
  struct stat info = {};
  if (::stat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode)) ::unlink(path.c_str());
  Descriptor socket{::socket(AF_UNIX, kKind, 0)};
  // Linux gives the name the socket's own mode, so that there is no moment at which others can connect.
  if (!socket.valid() || ::fchmod(socket.get(), S_IRUSR | S_IWUSR) != 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), kBacklog) != 0)
    return failure(path);
  return std::unique_ptr<Listener>{new Listener{std::move(socket), path}};
}

Listener::~Listener() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

u16 Listener::port() const {
  sockaddr_storage address = {};
  socklen_t length = sizeof address;
  if (::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

Descriptor Listener::accept() {
  Descriptor connection{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  const int on = 1; // a debugger waits for every answer; refused for Unix-domain sockets, which do not hold back
  if (connection.valid()) (void)::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}

Transfer receive_some(const Descriptor& connection, std::span<u8> to, std::size_t& count) {
  count = 0;
  const ssize_t got = ::recv(connection.get(), to.data(), to.size(), 0);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return Transfer::WouldWait;
  if (got <= 0) return Transfer::Closed;
  count = static_cast<std::size_t>(got);
  return Transfer::Done;
}

Transfer send_some(const Descriptor& connection, std::span<const u8> from, std::size_t& count) {
  count = 0;
  const ssize_t put = ::send(connection.get(), from.data(), from.size(), MSG_NOSIGNAL);
  if (put < 0 && (errno == EINTR || errno == EAGAIN)) return Transfer::WouldWait;
  if (put < 0) return Transfer::Closed;
  count = static_cast<std::size_t>(put);
  return Transfer::Done;
}

} // namespace siena::host
