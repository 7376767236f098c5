// SPDX-License-Identifier: BSD-3-Clause
// Building a machine, and the small System ports. Running it is run_loop.cpp, SIGP signal_processor.cpp, IPL ipl.cpp.
#include "machine/machine.h"

#include "cpu/jit/engine.h"
#include <chrono>
#include <random>

namespace siena::machine {

namespace {

/// TOD value of 1970-01-01 (PoP, *Time-of-day clock*: the epoch is 1900).
constexpr u64 kUnixEpoch = 0x7D91'048B'CA00'0000;

u128 tod_from_unix(s64 seconds) { return kUnixEpoch + static_cast<u128>(seconds) * cpu::timing::kUnitsPerSecond; }

s64 host_date() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::array<u8, 16> parse_uuid(const std::string& text) {
  std::array<u8, 16> uuid{};
  std::size_t digits = 0;
  for (const char c : text) {
    const int d = c >= '0' && c <= '9'   ? c - '0'
                  : c >= 'a' && c <= 'f' ? c - 'a' + 10
                  : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                         : -1;
    if (d < 0 || digits >= 32) continue;
    uuid[digits / 2] = static_cast<u8>(uuid[digits / 2] << 4 | d);
    ++digits;
  }
  return uuid;
}

devices::sclp::Configuration sclp_configuration(const Configuration& c, const CpuIdentity& identity) {
  devices::sclp::Configuration s;
  s.cpus = c.cpu_count;
  s.loadparm = c.loadparm;
  if (identity.has(kTopologyFacility)) s.stsi_parameter = kTopologyNesting;
  s.switches = identity.sclp;
  s.extended_length_sccb = identity.has(140);
  return s;
}

sie::Assists assists(const CpuIdentity& identity, const devices::sclp::Configuration& sclp) {
  const devices::sclp::Switches& shown = sclp.switches;
  sie::Assists a;
  a.storage_limit_suppression = shown.gsls;
  a.keyless_subset = shown.kss;
  a.host_protection = shown.esop;
  a.guest_per = shown.gpere;
  a.shared_interlock = shown.siif;
  a.conditional_external = shown.cei;
  a.sca_64bit_origin = shown.sca_64bit_origin;
  a.signal_processor = shown.sigpif;
  a.sense_running = identity.has(9);
  a.storage_keys = shown.skey;
  a.storage_attributes = shown.cmma;
  a.frame_management = shown.pfmfi;
  a.facility_list_format_2 = shown.astfleie2 && sclp.extended_length_sccb;
  a.maximum_host_address = (u64{1} << sclp.maximum_host_address_power) - 1;
  return a;
}

} // namespace

Result<std::unique_ptr<Machine>>
Machine::create(const Configuration& configuration, Surroundings& surroundings, TraceSink* trace) {
  if (auto error = check_storage_size(configuration.storage_size, "-m")) return *error;
  if (auto error = check_cpu_count(configuration.cpu_count, "-smp")) return *error;
  auto identity = resolve_cpu_model(configuration.cpu);
  if (!identity) return identity.error();
  KernelFiles files;
  if (!configuration.kernel.empty() || !configuration.built_in_guest.empty()) {
    auto read = read_kernel_files(configuration);
    if (!read) return read.error();
    files = std::move(read.value());
  }
  auto storage = mmu::AbsoluteStorage::create(configuration.storage_size);
  if (!storage) return storage.error();
  std::unique_ptr<Machine> machine(
      new Machine(configuration, surroundings, trace, std::move(storage.value()), identity.value(), std::move(files)));
  if (auto error = machine->build()) return *error;
  return machine;
}

Machine::Machine(const Configuration& configuration,
                 Surroundings& surroundings,
                 TraceSink* trace,
                 std::unique_ptr<mmu::AbsoluteStorage> storage,
                 CpuIdentity identity,
                 KernelFiles files)
    : configuration_(configuration), surroundings_(surroundings), storage_(std::move(storage)), identity_(identity),
      files_(std::move(files)), clock_(tod_from_unix(configuration.rtc_base.value_or(host_date()))),
      seed_(configuration.seed ? *configuration.seed : std::random_device{}()), events_([this] { return now(); }),
      external_(events_), sclp_(*storage_, *this, events_, sclp_configuration(configuration, identity), &trace_),
      channels_(*storage_, events_, *this, &trace_),
      peripherals_(configuration_, {*storage_, events_, sclp_, channels_, external_, surroundings_, &trace_}, seed_),
      decoder_(identity_.facilities, identity_.collaborative_memory), code_(*storage_, decoder_), interpreter_(code_) {
  identity_inputs_ = {configuration_.identity,
                      identity_.machine_type,
                      configuration_.cpu_count,
                      std::max(configuration_.maximum_cpu_count, configuration_.cpu_count),
                      identity_.has(kTopologyFacility),
                      configuration_.topology,
                      configuration_.name,
                      parse_uuid(configuration_.uuid)};
  trace_.set_clock(this);
  if (trace != nullptr) trace_.add(*trace);
}

Machine::~Machine() = default;

std::optional<ConfigurationError> Machine::build() {
  if (auto error = peripherals_.build()) return error;
  interpretive_ =
      std::make_unique<sie::InterpretiveExecution>(*storage_,
                                                   configuration_.cpu_count,
                                                   configuration_.track_shadowed_tables,
                                                   assists(identity_, sclp_configuration(configuration_, identity_)));
  interpretive_->gmap().set_trace(&trace_);
  cpu::Cpu::Environment environment{*storage_, clock_, floating_, {}, this, &channels_, &sclp_, nullptr, &trace_};
  if (identity_.sclp.sief2) environment.interpretive = interpretive_.get();
  environment.features.edat1 = identity_.has(8);
  environment.features.edat2 = identity_.has(78);
  environment.features.iep = identity_.has(130);
  environment.features.fetch_store_indication = identity_.has(75);
  environment.features.esop2 = identity_.has(131);
  environment.features.miscellaneous_3 = identity_.has(61);
  environment.features.multiple_epoch = identity_.has(139);
  for (unsigned n = 0; n < configuration_.cpu_count; ++n) {
    cpus_.push_back(std::make_unique<cpu::Cpu>(static_cast<u16>(n), environment));
    cpus_.back()->decoder = &decoder_;
  }
  const char* const obstacle = cpu::jit::Engine::obstacle();
  const bool automatic = configuration_.engine == Engine::Automatic;
  if (configuration_.engine != Engine::Interpreter && !(automatic && obstacle != nullptr)) {
    if (obstacle != nullptr) return ConfigurationError{std::string("-engine jit: ") + obstacle};
    cpu::jit::EngineOptions options;
    options.threshold = configuration_.jit_threshold;
    options.count_calls = configuration_.show_jit_report;
    options.lowering.calls_only = configuration_.engine == Engine::JitCallsOnly;
    if (configuration_.engine == Engine::JitSingle) options.lowering.instructions = 1;
    jit_ = std::make_unique<cpu::jit::Engine>(interpreter_, code_, *storage_, *cpus_.front(), options);
    interpreter_.set_fast_loop(jit_.get());
  }
  woken_.resize(cpus_.size());
  if (trace_.wants(TraceCategory::Instruction) || trace_.wants(TraceCategory::Cpu)) {
    instruction_trace_.emplace(trace_, decoder_);
    choose_hook();
  }
  return std::nullopt;
}

cpu::timing::VirtualTime Machine::now() const {
  return running_ != nullptr ? running_->now() : global_cycles_ * cpu::timing::kUnitsPerCycle;
}

TraceStamp Machine::trace_stamp() const {
  return running_ != nullptr ? running_->trace_stamp() : TraceStamp{.time = now()};
}

u64 Machine::instructions() const {
  u64 sum = 0;
  for (const auto& c : cpus_) sum += c->instructions;
  return sum;
}

u64 Machine::state_hash() const {
  // FNV-1a over registers, time and all storage that was ever touched (untouched frames read as zero and count as such).
  u64 h = 0xCBF2'9CE4'8422'2325;
  const auto mix = [&h](u64 v) { h = (h ^ v) * 0x100'0000'01B3; };
  for (const auto& c : cpus_) {
    mix(c->psw.packed_mask());
    mix(c->psw.address);
    for (u64 g : c->gr) mix(g);
    for (u64 v : c->cr) mix(v);
    for (u32 a : c->ar) mix(a);
    for (const auto& v : c->vr) mix(v.high ^ std::rotl(v.low, 32));
    mix(c->cycles);
    mix(c->instructions);
  }
  for (u64 a = 0; a < storage_->size(); a += 8) {
    u64 v;
    std::memcpy(&v, storage_->host({a}), 8);
    if (v != 0) mix(v ^ std::rotl(a, 17));
  }
  return h;
}

u64 Machine::cpu_id(const cpu::Cpu& cpu) const { return cpu_identification(identity_inputs_, cpu.cpu_address()); }

bool Machine::system_information(
    const cpu::Cpu& cpu, unsigned fc, unsigned s1, unsigned s2, std::span<u8, 4096> block) {
  return store_system_information(identity_inputs_, cpu.cpu_address(), fc, s1, s2, block);
}

void Machine::set_debug_hook(cpu::interpreter::InstructionHook* hook) {
  hook_chain_.debugger = hook;
  choose_hook();
}

void Machine::observe_execution(ExecutionObserver& observer) {
  execution_observer_ = &observer;
  observed_loop_.emplace(interpreter_, observer);
  interpreter_.set_fast_loop(&*observed_loop_);
  choose_hook();
}

void Machine::choose_hook() {
  hook_chain_.watchers.clear();
  if (instruction_trace_) hook_chain_.watchers.push_back(&*instruction_trace_);
  if (hook_chain_.debugger == nullptr && hook_chain_.watchers.empty()) return interpreter_.set_hook(nullptr);
  if (execution_observer_ != nullptr) hook_chain_.watchers.push_back(execution_observer_);
  // A debugger alone needs no chain.
  interpreter_.set_hook(hook_chain_.watchers.empty() ? hook_chain_.debugger : &hook_chain_);
}

void Machine::raise_attention() {
  if (running_ != nullptr) running_->attention = true;
}

void Machine::service_signal(u32 parameter) {
  // A completed SCCB keeps its address when an event joins it.
  floating_.service_signal = true;
  floating_.service_parameter |= parameter;
  raise_attention();
}

void Machine::io_interruptions_changed() {
  floating_.io_subclasses = channels_.pending_subclasses();
  raise_attention();
}

void Machine::channel_report_pending() {
  floating_.channel_report = true;
  raise_attention();
}

bool Machine::watchdog(u32 function, u64 timeout_seconds, u64 action) {
  if (function > 2) return false;
  if (function != 2 && timeout_seconds < 15) return false;
  events_.cancel(watchdog_event_);
  watchdog_event_ = 0;
  if (function == 2) return true;
  if (function == 0) watchdog_action_ = action;
  watchdog_event_ = events_.schedule(now() + timeout_seconds * cpu::timing::kUnitsPerSecond, [this] {
    reset_ = Reset::System;
    raise_attention();
  });
  return true;
}

} // namespace siena::machine
