// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/backend/host_code.h"

#include "cpu/jit/ir/passes.h"
#include "cpu/jit/x64/emitter.h"

#include <xbyak/xbyak_util.h>

namespace siena::cpu::jit::backend {

namespace {

class X64Code final : public HostCode {
 public:
  X64Code(std::size_t size, const Cpu& layout_of)
      : memory_(size), assembler_(memory_, x64::Layout(layout_of)), emitter_(assembler_) {
    enter_ = assembler_.enter();
    not_translated_ = assembler_.not_translated();
  }
  HostBlock translate(const ir::Block& block, std::vector<u16>& targets) override {
    const std::size_t first = links_.size();
    const x64::EmittedBlock emitted = emitter_.emit(block, links_);
    for (std::size_t i = first; i < links_.size(); ++i) targets.push_back(links_[i].target);
    void* const entry = memory_.executable(emitted.straight.data());
    return {entry,
            {emitted.straight, entry},
            {emitted.cold, memory_.executable(emitted.cold.data())},
            emitted.body,
            emitted.charge,
            ir::needs_cc(block)};
  }
  bool room_for_block() const override { return assembler_.room_for_block(); }
  void clear() override {
    assembler_.clear();
    links_.clear();
  }
  void connect(u64 link, const HostBlock& to) override { x64::connect(links_[link], to.body, to.charge, to.needs_cc); }
  void disconnect(u64 link) override { x64::disconnect(links_[link]); }

 private:
  x64::CodeMemory memory_;
  x64::Assembler assembler_;
  x64::Emitter emitter_;
  std::vector<x64::Link> links_;
};

} // namespace

const char* obstacle() {
  using Host = Xbyak::util::Cpu;
  const Host host;
  const bool able = host.has(Host::tAVX2) && host.has(Host::tBMI1) && host.has(Host::tBMI2) && host.has(Host::tMOVBE) &&
                    host.has(Host::tLZCNT) && host.has(Host::tFMA);
  return able ? nullptr : "this host's processor lacks AVX2, BMI, FMA, LZCNT or MOVBE";
}

std::unique_ptr<HostCode> make_host_code(std::size_t size, const Cpu& layout_of) {
  return std::make_unique<X64Code>(size, layout_of);
}

} // namespace siena::cpu::jit::backend
