// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/profile/profiler.h"

#include "frontends/profile/call_chain.h"

#include <fmt/format.h>

namespace siena::frontends::profile {

namespace {
using symbols::GuestSymbols;

/// What has no symbol is known by its page.
std::string name_of(const GuestSymbols& symbols, unsigned depth, u64 address) {
  const auto place = symbols.find(depth, address);
  return place ? std::string{place->name} : fmt::format("[page {:#x}]", address & kPageMask);
}
} // namespace

void Profiler::sample(cpu::Cpu& cpu, u64 times) {
  // Interpretation may have ended, or the PSW been loaded, with the last instruction: the sample is where the CPU goes on.
  if (cpu.psw.has(cpu::Psw::kWait)) {
    waited_ += times;
    return;
  }
  Key key{.depth = depth_of_(cpu),
          .problem_state = cpu.psw.problem_state(),
          .address = cpu.psw.address,
          .link = 0,
          .returns = {}};
  if (!key.problem_state) {
    CallChain chain = call_chain(cpu);
    key.link = chain.link;
    key.returns = std::move(chain.returns);
  }
  samples_[std::move(key)] += times;
}

Stacks Profiler::stacks(const GuestSymbols& symbols) const {
  Stacks stacks;
  stacks.waited = waited_;
  stacks.interval = interval_;
  for (const auto& [key, count] : samples_) {
    Stack stack{.depth = key.depth, .problem_state = key.problem_state, .frames = {}};
    if (key.problem_state) {
      // Programs share addresses: without knowing the process there is no more to say.
      stack.frames.emplace_back("[program]");
    } else {
      // The byte before a return address belongs to the call, even where that is a function's last instruction.
      for (auto address = key.returns.rbegin(); address != key.returns.rend(); ++address)
        stack.frames.push_back(name_of(symbols, key.depth, *address - 1));
      const auto here = symbols.find(key.depth, key.address);
      const auto link = key.link != 0 ? symbols.find(key.depth, key.link - 1) : std::nullopt;
      const bool known = !key.returns.empty() && key.returns.front() == key.link;
      if (here && link && here->address != link->address && !known) stack.frames.emplace_back(link->name);
      stack.frames.push_back(here ? std::string{here->name} : name_of(symbols, key.depth, key.address));
    }
    stacks.samples[std::move(stack)] += count;
  }
  return stacks;
}

} // namespace siena::frontends::profile
