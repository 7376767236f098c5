// SPDX-License-Identifier: BSD-3-Clause
// Waiting for the outside world on one thread. The machine's run loop owns the time: it calls `poll` now and then while CPUs
// run and `run_for` when all of them wait; everything that arrives is handled inside these two calls, never elsewhere.
// Only `wake` and `request_quit` may be called from another thread or a signal handler.
#pragma once

#include "base/result.h"
#include "base/types.h"
#include "host/file.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>

namespace siena::host {

enum class Interest : u8 { Input, Output };

class EventLoop {
 public:
  using Handler = std::function<void()>;
  using WatchId = u64; ///< never 0

  static Result<std::unique_ptr<EventLoop>> create();

  /// `handler` runs whenever `fd` can be read or written without waiting, or has failed, until it is forgotten. The
  /// descriptor must be open as long.
  WatchId watch(int fd, Interest interest, Handler handler);
  /// `handler` runs once at the beginning of every `poll` and `run_for`.
  WatchId every_turn(Handler handler);
  /// Handlers may do this, to themselves too. Harmless for an id that is gone or 0.
  void forget(WatchId id);

  /// Handles what is ready, without waiting. True when there was something.
  bool poll() { return turn(std::chrono::nanoseconds{0}); }
  /// Waits until something is ready, at most `duration`, and handles it; returns early on `wake` and `request_quit`.
  bool run_for(std::chrono::nanoseconds duration) { return turn(duration); }

  /// Ends a `run_for` that goes on, or the next one.
  void wake();
  /// Somebody wants the program to end: seen by `quit_requested` until the loop is gone.
  void request_quit();
  bool quit_requested() const { return quit_.load(std::memory_order_relaxed); }

 private:
  struct Watch {
    int fd;
    Interest interest;
    Handler handler;
  };
  explicit EventLoop(Descriptor wake_fd) : wake_fd_(std::move(wake_fd)) {}
  bool turn(std::chrono::nanoseconds duration);

  Descriptor wake_fd_;
  std::atomic<bool> quit_ = false;
  WatchId last_id_ = 0;
  std::map<WatchId, Watch> watches_;
  std::map<WatchId, Handler> turn_handlers_;
};

static_assert(std::atomic<bool>::is_always_lock_free, "request_quit is called from signal handlers");

} // namespace siena::host
