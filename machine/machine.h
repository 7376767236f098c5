// SPDX-License-Identifier: BSD-3-Clause
// The composition root: builds the parts that a Configuration asks for, connects them, and runs them. One Machine has no global
// state; two can live in one process. Everything runs on the thread that calls `run`; other threads use `control()`.
//
// Time (docs/architecture.md section 6): each CPU counts cycles; the CPU furthest behind runs next, up to a quantum ahead of the
// others and never past the next event. In the deterministic mode a run is a function of its inputs; host time only paces it.
#pragma once

#include "cpu/interpreter/interpreter.h"
#include "cpu/ports/interruption_sink.h"
#include "cpu/timing/tod_clock.h"
#include "devices/byte_sink.h"
#include "devices/sclp/sclp.h"
#include "machine/control.h"
#include "machine/cpu_model.h"
#include "machine/event_queue.h"
#include "machine/execution_observer.h"
#include "machine/external_events.h"
#include "machine/instruction_trace.h"
#include "machine/loader.h"
#include "machine/peripherals.h"
#include "machine/sampler.h"
#include "machine/system_information.h"
#include "machine/trace_hub.h"
#include "sie/interpretive_execution.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace siena::cpu::jit {
class Engine;
}

namespace siena::machine {

/// What the machine needs of the process around it; implemented by the frontend.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  /// Where a console's or port's output goes. The reference must outlive the machine.
  virtual devices::ByteSink& output(const std::string& chardev) = 0;
  /// Sleeps until `nanoseconds` of host time have passed, input has arrived (handed to Machine::external()), or Control was used.
  /// Zero: only looks. Never called with storage or devices half-changed.
  virtual void wait(u64 nanoseconds) = 0;
  /// Host clock, nanoseconds, monotonic.
  virtual u64 host_nanoseconds() = 0;
  /// The machine is being reset and IPLed anew, or ends instead under Configuration::no_reboot. `by_guest`: the guest wants it.
  virtual void resetting(bool by_guest) { (void)by_guest; }
};

/// How a run ended.
struct Ending {
  enum class Kind : u8 { PowerOff, DisabledWait, Quit, Stopped };
  Kind kind = Kind::PowerOff;
  int exit_code = 0;
  std::string message; ///< one line for stderr; may be empty
  unsigned cpu = 0;    ///< DisabledWait: where
};

class Machine final : public cpu::ports::System, public cpu::ports::InterruptionSink, public TraceClock {
 public:
  /// Reads the kernel files, opens nothing else than what the configuration names.
  static Result<std::unique_ptr<Machine>>
  create(const Configuration& configuration, Surroundings& surroundings, TraceSink* trace = nullptr);
  ~Machine() override;

  /// Runs to the end of the guest or to a stop through Control. May be called again after Ending::Kind::Stopped.
  Ending run();
  Control& control() { return control_; }
  /// The only door for input (docs/architecture.md section 6). Machine's thread only.
  ExternalEvents& external() { return external_; }

  // For the debugger and tests, between runs or from Control callbacks.
  unsigned cpu_count() const { return static_cast<unsigned>(cpus_.size()); }
  cpu::Cpu& cpu(unsigned n) { return *cpus_[n]; }
  cpu::interpreter::Interpreter& interpreter() { return interpreter_; }
  /// Instructions that `hook` wants are shown to it, which must outlive that, and then to the trace if there is one; nullptr: no hook. When it
  /// says stop, `run` returns Ending::Kind::Stopped there, and the next `run` goes on with the slice that was cut short.
  void set_debug_hook(cpu::interpreter::InstructionHook* hook);
  /// `observer`, which outlives the last run, is shown what is executed. Nothing is translated from now on. Once.
  void observe_execution(ExecutionObserver& observer);
  /// Shows `sampler`, which must outlive that, every CPU each `interval` (not zero) of its cycles; nullptr: nobody.
  void set_sampler(Sampler* sampler, u64 interval);
  /// Events go to `sink` as well. It is removed before it goes.
  void add_trace(TraceSink& sink) { trace_.add(sink); }
  void remove_trace(TraceSink& sink) { trace_.remove(sink); }
  mmu::AbsoluteStorage& storage() { return *storage_; }
  const CpuIdentity& identity() const { return identity_; }
  devices::sclp::Sclp& sclp() { return sclp_; }
  const devices::channel::ChannelSubsystem& channels() const { return channels_; }
  u64 tod_base() const { return clock_.base(); }
  u64 seed() const { return seed_; }
  u64 instructions() const;
  const sie::InterpretiveExecution& interpretive() const { return *interpretive_; }
  /// The translator, or nullptr.
  cpu::jit::Engine* translator() const { return jit_.get(); }
  /// Host time since `run` was first called, without what passed between a stop and the next `run`.
  u64 host_nanoseconds() const { return host_start_ == 0 ? 0 : surroundings_.host_nanoseconds() - host_start_; }
  cpu::timing::VirtualTime now() const;
  TraceStamp trace_stamp() const override;
  /// Storage, registers and time in one number: equal for equal deterministic runs.
  u64 state_hash() const;
  /// Puts the initial program in place and starts CPU 0, as at power-on.
  Result<InitialPsw> ipl();

  /// As the operator's system-reset and load key: resets everything and starts the initial program again.
  void request_system_reset() { reset_ = Reset::System; }
  /// Between runs: does at once what has been requested, which `run` would do first.
  void settle_reset();

  // cpu::ports::System
  cpu::SigpResult signal_processor(cpu::Cpu& from, u16 cpu_address, u8 order, u64 parameter) override;
  void yield(cpu::Cpu& from, std::optional<u16> to) override;
  void invalidate_leaf(u64 leaf, const mmu::TranslationScope& scope) override;
  void invalidate_table_entry(u64 entry, u64 was, const mmu::TranslationScope& scope) override;
  void purge_asce(u64 asce, const mmu::TranslationScope& scope) override;
  void purge_all(const mmu::TranslationScope& scope) override;
  void purge_own(cpu::Cpu& cpu, const mmu::TranslationScope& scope) override;
  bool ipl_function(cpu::Cpu& from, u64 subcode) override;
  u16 set_ipl_block(std::span<const u8> block) override;
  std::vector<u8> ipl_block() const override { return ipl_block_; }
  bool watchdog(u32 function, u64 timeout_seconds, u64 action) override;
  void set_control_program(u64 name_and_version) override { control_program_ = name_and_version; }
  u64 cpu_id(const cpu::Cpu& cpu) const override;
  u8 configuration_level() const override { return machine::configuration_level(identity_inputs_); }
  bool
  system_information(const cpu::Cpu& cpu, unsigned fc, unsigned s1, unsigned s2, std::span<u8, 4096> block) override;
  std::span<const u64> facilities() const override { return identity_.facilities; }

  // cpu::ports::InterruptionSink
  void service_signal(u32 parameter) override;
  void io_interruptions_changed() override;
  void channel_report_pending() override;

 private:
  enum class Reset : u8 { None, ModifiedClear, LoadNormal, ReIpl, System };

  Machine(const Configuration& configuration,
          Surroundings& surroundings,
          TraceSink* trace,
          std::unique_ptr<mmu::AbsoluteStorage> storage,
          CpuIdentity identity,
          KernelFiles files);
  std::optional<ConfigurationError> build();

  cpu::SigpResult obey(cpu::Cpu& from, u16 cpu_address, u8 order, u64 parameter);

  // run_loop.cpp
  Ending stopped();
  cpu::Cpu* choose(u64& limit);
  std::optional<Ending> idle();
  std::optional<Ending> ended();
  void attend(cpu::Cpu& cpu);
  void choose_hook();
  cpu::interpreter::Interpreter::Exit run_sampled(cpu::Cpu& cpu, u64 limit);
  void perform_reset();
  void pace(cpu::timing::VirtualTime until);
  void follow_host();
  u64 with_the_next_ticks(u64 timer);
  u64 wake_cycles(cpu::Cpu& cpu);
  void raise_attention();

  Configuration configuration_;
  Surroundings& surroundings_;
  TraceHub trace_;
  std::unique_ptr<mmu::AbsoluteStorage> storage_;
  CpuIdentity identity_;
  IdentityInputs identity_inputs_;
  KernelFiles files_;
  cpu::timing::TodClock clock_;
  u64 seed_ = 0;
  cpu::FloatingPending floating_;
  EventQueue events_;
  ExternalEvents external_;
  Control control_;
  devices::sclp::Sclp sclp_;
  devices::channel::ChannelSubsystem channels_;
  Peripherals peripherals_;
  cpu::isa::Decoder decoder_;
  cpu::interpreter::CodeCache code_;
  cpu::interpreter::Interpreter interpreter_;
  std::vector<std::unique_ptr<cpu::Cpu>> cpus_;
  std::unique_ptr<cpu::jit::Engine> jit_;
  std::unique_ptr<sie::InterpretiveExecution> interpretive_;
  std::optional<InstructionTrace> instruction_trace_;
  HookChain hook_chain_;
  ExecutionObserver* execution_observer_ = nullptr;
  std::optional<ObservedLoop> observed_loop_;
  /// What a hook's stop has cut short, and `run` takes up again: were the CPU to run next chosen anew, a stop would change the run.
  struct Slice {
    cpu::Cpu* cpu = nullptr;
    u64 limit = 0;
  };
  std::optional<Slice> cut_slice_;
  Sampler* sampler_ = nullptr;
  u64 sample_interval_ = 0;
  std::vector<u64> next_sample_; ///< by CPU, in its cycles
  cpu::Cpu* running_ = nullptr;
  std::vector<bool> woken_; ///< by CPU: a waiting one whose wake-up time has been fixed
  u64 global_cycles_ = 0;   ///< time of the last slice's end or event; never decreases
  /// Wall mode: what tells a guest that does nothing but tick from one that has something to do.
  struct Ticking {
    u64 timer = 0;        ///< cycles at which the last timer was due that all CPUs waited for
    u64 instructions = 0; ///< executed by then
    u64 ticks = 0;        ///< in a row
  };
  Ticking ticking_;
  Reset reset_ = Reset::None;
  u16 reset_cpu_ = 0;
  std::vector<u8> ipl_block_;
  u64 control_program_ = 0;
  cpu::timing::EventId watchdog_event_ = 0;
  u64 watchdog_action_ = 0;
  u64 host_start_ = 0;
  u64 host_stop_ = 0; ///< host time of the stop that the machine is in, or 0
};

} // namespace siena::machine
