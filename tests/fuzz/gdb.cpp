// SPDX-License-Identifier: BSD-3-Clause
// Fuzz target: what a debugger sends to a machine that stands still, with a guest under SIE. Whatever comes in, each packet is answered
// once, unless it ends the connection, and nobody crashes.
#include "frontends/gdb/packet.h"
#include "frontends/gdb/protocol.h"
#include "tests/frontends/gdb/sie_program.h"

#include <cstdlib>

namespace {
using namespace siena;
using namespace siena::frontends::gdb;
namespace program = siena::frontends::gdb::testing;

/// A machine that goes on a little when it is let go on.
struct Still final : program::SmallSurroundings, Execution {
  Still() : machine(program::small_machine(*this)) {
    program::put_sie_program(*machine);
    machine->cpu(0).gr[2] = 0;
    run();
  }
  void run() {
    slices = 2;
    (void)machine->run();
  }
  void wait(u64) override {
    if (machine != nullptr && --slices == 0) machine->control().stop();
  }
  bool running() const override { return false; }
  void resume() override { run(); }
  void stop() override {}
  void quit() override {}
  std::string monitor_command(std::string_view line) override { return std::string{line}; }

  std::unique_ptr<machine::Machine> machine;
  unsigned slices = 0;
};
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  Still still;
  unsigned replies = 0;
  Protocol protocol{*still.machine, still, [&](std::string_view payload) {
                      // Console output comes beside a reply.
                      if (payload.size() < 2 || payload[0] != 'O' || payload[1] == 'K') ++replies;
                    }};
  protocol.handle("qSupported:multiprocess+;swbreak+");
  PacketReader reader;
  reader.feed({data, size});
  while (const auto incoming = reader.next()) {
    if (incoming->kind != Incoming::Kind::Packet) continue;
    replies = 0;
    protocol.handle(incoming->payload);
    if (protocol.closing()) break;
    if (replies != 1) std::abort();
  }
  return 0;
}
