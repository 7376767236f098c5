// SPDX-License-Identifier: BSD-3-Clause
#include "host/event_loop.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace siena::host {

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
  Descriptor fd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (!fd.valid()) return ConfigurationError{.message = "event loop: " + std::generic_category().message(errno)};
  return std::unique_ptr<EventLoop>{new EventLoop{std::move(fd)}};
}

EventLoop::WatchId EventLoop::watch(int fd, Interest interest, Handler handler) {
  watches_.emplace(++last_id_, Watch{.fd = fd, .interest = interest, .handler = std::move(handler)});
  return last_id_;
}

EventLoop::WatchId EventLoop::every_turn(Handler handler) {
  turn_handlers_.emplace(++last_id_, std::move(handler));
  return last_id_;
}

void EventLoop::forget(WatchId id) {
  watches_.erase(id);
  turn_handlers_.erase(id);
}

void EventLoop::wake() {
  const int saved = errno;
  const u64 one = 1;
  // The counter cannot be full: a pending wake is one already.
  [[maybe_unused]] const ssize_t put = ::write(wake_fd_.get(), &one, sizeof one);
  errno = saved;
}

void EventLoop::request_quit() {
  quit_.store(true, std::memory_order_relaxed);
  wake();
}

bool EventLoop::turn(std::chrono::nanoseconds duration) {
  std::vector<WatchId> ids;
  for (const auto& [id, handler] : turn_handlers_) ids.push_back(id);
  // A handler may forget any watch, its own too: look each up again and keep what runs alive.
  for (const WatchId id : ids) {
    const auto found = turn_handlers_.find(id);
    if (found == turn_handlers_.end()) continue;
    const Handler handler = found->second;
    handler();
  }

  ids.assign(1, 0);
  std::vector<pollfd> fds = {{.fd = wake_fd_.get(), .events = POLLIN, .revents = 0}};
  for (const auto& [id, watch] : watches_) {
    ids.push_back(id);
    const short events = watch.interest == Interest::Input ? POLLIN : POLLOUT;
    fds.push_back({.fd = watch.fd, .events = events, .revents = 0});
  }
  duration = std::clamp<std::chrono::nanoseconds>(duration, std::chrono::nanoseconds{0}, std::chrono::hours{24});
  const timespec limit = {.tv_sec = static_cast<time_t>(duration.count() / 1'000'000'000),
                          .tv_nsec = static_cast<long>(duration.count() % 1'000'000'000)};
  if (::ppoll(fds.data(), fds.size(), &limit, nullptr) <= 0) return false;

  if (fds[0].revents != 0) {
    u64 count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_fd_.get(), &count, sizeof count);
  }
  bool handled = false;
  for (std::size_t i = 1; i < fds.size(); i++) {
    if (fds[i].revents == 0) continue;
    const auto found = watches_.find(ids[i]);
    if (found == watches_.end()) continue;
    const Handler handler = found->second.handler;
    handler();
    handled = true;
  }
  return handled;
}

} // namespace siena::host
