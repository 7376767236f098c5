// SPDX-License-Identifier: BSD-3-Clause
#include "host/event_loop.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include <unistd.h>

namespace siena::host {
namespace {
using namespace std::chrono_literals;
using std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    std::array<int, 2> fds{};
    if (::pipe(fds.data()) != 0) ADD_FAILURE() << "no pipe";
    reader = Descriptor{fds[0]};
    writer = Descriptor{fds[1]};
  }
  void put(char c) const { EXPECT_EQ(::write(writer.get(), &c, 1), 1); }
  char get() const {
    char c = 0;
    EXPECT_EQ(::read(reader.get(), &c, 1), 1);
    return c;
  }
  Descriptor reader, writer;
};

class Loop : public testing::Test {
 protected:
  std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create().value());
};

TEST_F(Loop, RunsAHandlerWhenItsDescriptorIsReady) {
  const Pipe pipe;
  std::string got;
  loop_->watch(pipe.reader.get(), Interest::Input, [&] { got += pipe.get(); });
  EXPECT_FALSE(loop_->poll());
  pipe.put('a');
  EXPECT_TRUE(loop_->poll());
  EXPECT_FALSE(loop_->poll());
  EXPECT_EQ(got, "a");
}

TEST_F(Loop, WaitsAtMostTheGivenTime) {
  const auto start = steady_clock::now();
  EXPECT_FALSE(loop_->run_for(20ms));
  EXPECT_GE(steady_clock::now() - start, 20ms);
}

TEST_F(Loop, EndsItsWaitForInput) {
  const Pipe pipe;
  loop_->watch(pipe.reader.get(), Interest::Input, [&] { pipe.get(); });
  std::thread writer{[&] { pipe.put('a'); }};
  EXPECT_TRUE(loop_->run_for(1h));
  writer.join();
}

TEST_F(Loop, EndsItsWaitWhenAnotherThreadWakesIt) {
  std::thread waker{[&] { loop_->wake(); }};
  EXPECT_FALSE(loop_->run_for(1h));
  waker.join();
  loop_->wake();
  loop_->wake();
  loop_->run_for(1h); // both were before: one end
  const auto start = steady_clock::now();
  loop_->run_for(10ms);
  EXPECT_GE(steady_clock::now() - start, 10ms);
}

TEST_F(Loop, ARequestedQuitStays) {
  EXPECT_FALSE(loop_->quit_requested());
  loop_->request_quit();
  loop_->run_for(1h);
  EXPECT_TRUE(loop_->quit_requested());
}

TEST_F(Loop, AHandlerMayForgetItselfAndOthers) {
  const Pipe pipe;
  int runs = 0;
  EventLoop::WatchId first = 0, second = 0;
  const auto once = [&] {
    runs++;
    loop_->forget(first);
    loop_->forget(second);
  };
  first = loop_->watch(pipe.reader.get(), Interest::Input, once);
  second = loop_->watch(pipe.reader.get(), Interest::Input, once);
  pipe.put('a');
  loop_->poll();
  loop_->poll();
  EXPECT_EQ(runs, 1);
  loop_->forget(0);
}

TEST_F(Loop, AHandlerMayWatchMore) {
  const Pipe pipe;
  int inner = 0;
  EventLoop::WatchId outer = loop_->watch(pipe.writer.get(), Interest::Output, [&] {
    loop_->forget(outer);
    loop_->watch(pipe.writer.get(), Interest::Output, [&] { inner++; });
  });
  loop_->poll();
  EXPECT_EQ(inner, 0);
  loop_->poll();
  EXPECT_EQ(inner, 1);
}

TEST_F(Loop, TurnHandlersRunOncePerTurn) {
  int turns = 0;
  const auto id = loop_->every_turn([&] { turns++; });
  loop_->poll();
  loop_->run_for(1ns);
  EXPECT_EQ(turns, 2);
  loop_->forget(id);
  loop_->poll();
  EXPECT_EQ(turns, 2);
}

TEST_F(Loop, AHangUpRunsTheHandler) {
  Pipe pipe;
  bool ran = false;
  loop_->watch(pipe.reader.get(), Interest::Input, [&] { ran = true; });
  pipe.writer.reset();
  EXPECT_TRUE(loop_->poll());
  EXPECT_TRUE(ran);
}

} // namespace
} // namespace siena::host
