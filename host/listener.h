// SPDX-License-Identifier: BSD-3-Clause
// A socket that others connect to: TCP, or a Unix-domain socket with a name in the file system. Nothing here waits; watch
// `descriptor` for input to learn of a connection.
#pragma once

#include "base/result.h"
#include "base/types.h"
#include "host/file.h"

#include <memory>
#include <span>
#include <string>

namespace siena::host {

class Listener {
 public:
  /// `address` is a name or number that the host can resolve; port 0 takes a free one.
  static Result<std::unique_ptr<Listener>> tcp(const std::string& address, u16 port);
  /// For the user who runs this process alone (mode 0600). A socket that an earlier process left at `path` is replaced; another kind of
  /// file is not.
  static Result<std::unique_ptr<Listener>> unix_domain(const std::string& path);
  /// Removes the name of a Unix-domain socket.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int descriptor() const { return socket_.get(); }
  /// The port that is listened to; 0 for a Unix-domain socket.
  u16 port() const;
  /// A connection that neither reads nor writes with waiting; invalid when nobody is there (any more).
  Descriptor accept();

 private:
  Listener(Descriptor socket, std::string path) : socket_(std::move(socket)), path_(std::move(path)) {}

  Descriptor socket_;
  std::string path_;
};

/// What became of an attempt to read or write a connection.
enum class Transfer : u8 { Done, WouldWait, Closed };

/// Reads what is there, `count` bytes of it. Closed: the other side has gone.
Transfer receive_some(const Descriptor& connection, std::span<u8> to, std::size_t& count);
/// Writes what is taken, `count` bytes of it. Never raises a signal.
Transfer send_some(const Descriptor& connection, std::span<const u8> from, std::size_t& count);

} // namespace siena::host
