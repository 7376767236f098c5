// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/watching.h"

#include <fmt/format.h>

namespace siena::frontends::cli {

Result<std::unique_ptr<Watching>> Watching::create(const machine::Configuration& configuration) {
  std::unique_ptr<Watching> watching{new Watching};
  watching->sources_ = configuration.symbols;
  auto symbols = symbols::GuestSymbols::open(configuration.symbols);
  if (!symbols) return symbols.error();
  watching->symbols_ = std::move(symbols.value());
  if (configuration.profile) {
    auto file = profile::ProfileFile::create(configuration.profile->file);
    if (!file) return file.error();
    watching->profile_file_ = std::move(file.value());
    watching->interval_ = configuration.profile->interval;
  }
  if (!configuration.coverage_file.empty()) {
    auto file = coverage::CoverageFile::create(configuration.coverage_file);
    if (!file) return file.error();
    watching->coverage_file_ = std::move(file.value());
    watching->recorder_.emplace();
  }
  return watching;
}

void Watching::attach(machine::Machine& machine) {
  storage_.emplace(machine.storage());
  symbols_->set_storage(1, &*storage_);
  for (unsigned depth = 2; depth <= machine::kDeepestSymbols; ++depth) guests_.emplace_back(machine, depth);
  for (unsigned depth = 2; depth <= machine::kDeepestSymbols; ++depth)
    symbols_->set_storage(depth, &guests_[depth - 2]);
  if (profile_file_) {
    profiler_.emplace(interval_, [&machine](const cpu::Cpu& cpu) {
      const sie::KnownCpu* const guest =
          cpu.interpretive() ? machine.interpretive().directory().running_on(cpu.cpu_address()) : nullptr;
      return guest != nullptr ? guest->guest->depth : 1;
    });
    machine.set_sampler(&*profiler_, interval_);
  }
  if (recorder_) machine.observe_execution(*recorder_);
}

void Watching::look(u64 host_nanoseconds) {
  constexpr u64 kInterval = 250'000'000;
  if (sources_.empty() || host_nanoseconds < next_look_) return;
  next_look_ = host_nanoseconds + kInterval;
  symbols_->refresh();
}

std::vector<std::string> Watching::finish() {
  std::vector<std::string> lines;
  if (sources_.empty() && !profiler_ && !recorder_) return lines;
  symbols_->refresh();
  for (const auto& source : sources_) {
    if (const auto& trouble = symbols_->trouble(source.depth); !trouble.empty())
      lines.push_back(fmt::format("-symbols: depth {}: {}", source.depth, trouble));
    if (source.save.empty()) continue;
    if (auto wrong = symbols::write_kallsyms_text(symbols_->table(source.depth), source.save); !wrong.empty())
      lines.push_back(std::move(wrong));
  }
  if (profiler_)
    if (auto wrong = profile_file_->write(profiler_->stacks(*symbols_)); !wrong.empty())
      lines.push_back(std::move(wrong));
  if (recorder_) {
    std::map<unsigned, u64> stext;
    if (const auto info = symbols::VmcoreInfo::find(*storage_))
      if (const auto address = info->symbol("_stext")) stext[1] = *address;
    if (auto wrong = coverage_file_->write(coverage::coverage_text(*recorder_, stext)); !wrong.empty())
      lines.push_back(std::move(wrong));
  }
  return lines;
}

} // namespace siena::frontends::cli
