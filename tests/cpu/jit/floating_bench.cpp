// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/jit/floating_bench.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace siena::cpu::jit {

namespace {
constexpr u64 kStorage = 4 << 20, kPages = 256;
}

FloatingBench::FloatingBench(bool translated)
    : storage_(std::move(mmu::AbsoluteStorage::create(kStorage).value())), code_(*storage_, decoder_),
      interpreter_(code_),
      cpu(0, Cpu::Environment{.storage = *storage_, .clock = clock_, .floating = floating_, .features = {}}) {
  for (const u64 psw : {0x1A0u, 0x1B0u, 0x1C0u, 0x1D0u, 0x1E0u, 0x1F0u})
    EXPECT_TRUE(storage_->store({psw}, Psw::kWait | Psw::kExtendedAddressing | Psw::kBasicAddressing));
  cpu.decoder = &decoder_;
  cpu.clock_comparator = ~u64{0};
  cpu.set_cpu_timer(u64{1} << 62);
  if (!translated) return;
  engine_ = std::make_unique<Engine>(
      interpreter_, code_, *storage_, cpu, EngineOptions{.lowering = {}, .threshold = 1, .code_size = 4 << 20});
  interpreter_.set_fast_loop(engine_.get());
}

void FloatingBench::put(const std::vector<u16>& program) {
  u64 at = kCode;
  for (const u16 h : program) {
    EXPECT_TRUE(storage_->store({at}, h));
    at += 2;
  }
  EXPECT_TRUE(storage_->store({at}, u32{0xA7F4'0000}));
}

void FloatingBench::set(u32 fpc, u64 f1, u64 f2, u64 f3, u8 cc) {
  for (unsigned n = 0; n < 16; ++n) {
    cpu.gr[n] = kData + 0x100 * n;
    cpu.fpr(n) = 0x0101'0101'0101'0101 * n;
  }
  cpu.fpr(1) = cpu.gr[1] = f1;
  cpu.fpr(2) = cpu.gr[2] = f2;
  cpu.fpr(3) = f3;
  cpu.fpc = fpc;
  cpu.cr[0] = cr0::kAfpRegisters;
  cpu.gr[3] = kData;
  cpu.gr[5] = kElsewhere + kPageSize * (page_++ % kPages);
  cpu.gr[6] = cpu.gr[5] + kPageSize * kPages;
  for (const u64 at : {kData, kData + 8}) EXPECT_TRUE(storage_->store({at}, f2));
  cpu.state = Cpu::State::Operating;
  cpu.attention = false;
  cpu.load_psw(Psw::kExtendedAddressing | Psw::kBasicAddressing | u64{cc} << 44, kCode);
}

void FloatingBench::go() {
  (void)interpreter_.run(cpu, cpu.cycles + 60);
  if (++runs_ == 2 && engine_ != nullptr) interpreted_ = left_to_interpreter();
}

u64 FloatingBench::left_to_interpreter() const {
  const Engine::Statistics& s = engine_->statistics();
  return s.cold + s.crossing;
}
u64 FloatingBench::interpreted_since() const { return left_to_interpreter() - interpreted_; }

std::string difference(FloatingBench& a, FloatingBench& b) {
  for (unsigned n = 0; n < 16; ++n) {
    if (a.cpu.fpr(n) != b.cpu.fpr(n)) return fmt::format("f{}: {:016x}, not {:016x}", n, a.cpu.fpr(n), b.cpu.fpr(n));
    if (a.cpu.gr[n] != b.cpu.gr[n]) return fmt::format("r{}: {:016x}, not {:016x}", n, a.cpu.gr[n], b.cpu.gr[n]);
  }
  if (a.cpu.fpc != b.cpu.fpc) return fmt::format("fpc: {:08x}, not {:08x}", a.cpu.fpc, b.cpu.fpc);
  if (a.cpu.psw.packed_mask() != b.cpu.psw.packed_mask())
    return fmt::format("PSW: {:016x}, not {:016x}", a.cpu.psw.packed_mask(), b.cpu.psw.packed_mask());
  if (a.cpu.psw.address != b.cpu.psw.address)
    return fmt::format("at {:x}, not {:x}", a.cpu.psw.address, b.cpu.psw.address);
  if (a.cpu.cycles != b.cpu.cycles) return fmt::format("cycles: {}, not {}", a.cpu.cycles, b.cpu.cycles);
  if (a.cpu.instructions != b.cpu.instructions)
    return fmt::format("instructions: {}, not {}", a.cpu.instructions, b.cpu.instructions);
  // The old PSWs and codes of program interruptions, and what the program stores.
  for (const u64 at : {u64{0x88}, u64{0x90}, u64{0x150}, u64{0x158}, FloatingBench::kData, FloatingBench::kData + 8})
    if (a.stored(at) != b.stored(at))
      return fmt::format("at {:x}: {:016x}, not {:016x}", at, a.stored(at), b.stored(at));
  return {};
}

} // namespace siena::cpu::jit
