// SPDX-License-Identifier: BSD-3-Clause
#include "host/signals.h"

#include "base/check.h"
#include "host/terminal.h"

#include <array>
#include <atomic>
#include <csignal>

#include <unistd.h>

namespace siena::host {

namespace {
constexpr std::array kQuit = {SIGTERM, SIGINT, SIGHUP};
constexpr std::array kCrash = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr std::size_t kCount = kQuit.size() + kCrash.size() + 2;

// Signal handlers have no other way to their object.
std::atomic<EventLoop*> the_loop = nullptr;
std::atomic<int> the_signal = 0;
struct {
  int signal;
  struct sigaction action;
} former[kCount];
std::size_t former_count = 0;

void die_of(int signal) {
  restore_terminal();
  std::signal(signal, SIG_DFL);
  // The default action is taken when the handler returns and the signal is no longer blocked.
  ::raise(signal);
}

void on_quit(int signal) {
  EventLoop* const loop = the_loop.load();
  int none = 0;
  if (loop == nullptr || !the_signal.compare_exchange_strong(none, signal)) return die_of(signal);
  loop->request_quit();
}

void on_continue(int) { reenter_raw_terminal(); }

void install(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  auto& slot = former[former_count];
  slot.signal = signal;
  if (::sigaction(signal, &action, &slot.action) == 0) former_count++;
}
} // namespace

SignalWatch::SignalWatch(EventLoop& loop) {
  CHECK(the_loop.load() == nullptr, "a program watches its signals once");
  the_signal = 0;
  the_loop = &loop;
  for (const int signal : kQuit) install(signal, on_quit);
  for (const int signal : kCrash) install(signal, die_of);
  install(SIGCONT, on_continue);
  install(SIGPIPE, SIG_IGN);
}

SignalWatch::~SignalWatch() {
  while (former_count > 0) {
    former_count--;
    ::sigaction(former[former_count].signal, &former[former_count].action, nullptr);
  }
  the_loop = nullptr;
}

int SignalWatch::received() { return the_signal; }

} // namespace siena::host
