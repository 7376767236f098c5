// SPDX-License-Identifier: BSD-3-Clause
// One CPU: its registers, its view of storage, the interruptions it has pending, and the ports to the machine around it.
// Instruction semantics (cpu/isa) work on this class; a run loop (cpu/interpreter) drives it. Nothing here decodes.
//
// Storage access: `fetch`/`store` take a logical address and answer a value with an Outcome. The fast path is inline (tag
// compare in the current translation context, copy, byte swap); everything else is `*_slow`. After any outcome other than
// Completed the semantics function returns that outcome unchanged; what was wrong is already recorded.
#pragma once

#include "base/address.h"
#include "base/big_endian.h"
#include "base/check.h"
#include "base/trace.h"
#include "cpu/interruption/program.h"
#include "cpu/ports/access_watch.h"
#include "cpu/ports/channel_subsystem.h"
#include "cpu/ports/interpretive_execution.h"
#include "cpu/ports/outcome.h"
#include "cpu/ports/service_call.h"
#include "cpu/ports/system.h"
#include "cpu/state/engine_state.h"
#include "cpu/state/registers.h"
#include "cpu/timing/tod_clock.h"
#include "mmu/dat_walk.h"
#include "mmu/prefix.h"
#include "mmu/tlb.h"

#include <algorithm>
#include <span>
#include <utility>

namespace siena::cpu {

namespace isa {
class Decoder;
}

using mmu::Access;

template <typename T>
struct [[nodiscard]] Fetched {
  T value{};
  Outcome outcome = Outcome::Completed;
};

/// Host bytes behind an operand, up to the end of its 4-KB page. Good until the next access.
struct [[nodiscard]] HostSpan {
  u8* bytes = nullptr;
  u64 length = 0;
  Outcome outcome = Outcome::Completed;
};

/// Whose space and key an access uses when it is not simply the PSW's (MVCOS, MVCP, MVCK, ...).
struct AccessMode {
  AddressSpace space = AddressSpace::Primary;
  u8 key = 0;      ///< in the high nibble
  bool dat = true; ///< false: the address is real
};

/// Interruption conditions that are not floating: they belong to this CPU.
struct LocalPending {
  u64 emergency_senders = 0; ///< bit n: CPU n (up to 64 CPUs)
  bool external_call = false;
  u16 external_call_sender = 0;
  u64 malfunction_senders = 0;
  bool restart = false;
  bool stop = false;
  bool stop_and_store = false; ///< SIGP stop and store status: store status once stopped
  bool interrupt_key = false;
};

/// Conditions that any one CPU takes. One object per machine.
struct FloatingPending {
  bool service_signal = false;
  u32 service_parameter = 0;
  bool channel_report = false;
  u8 io_subclasses = 0; ///< copy of ChannelSubsystem::pending_subclasses
};

/// What the installed facilities turn on in translation and elsewhere; one object per machine.
struct CpuFeatures {
  bool edat1 = true, edat2 = true, iep = true, fetch_store_indication = true, esop2 = true, miscellaneous_3 = true;
  bool multiple_epoch = true;
};

class Cpu : public Registers {
 public:
  struct Environment {
    mmu::AbsoluteStorage& storage;
    timing::TodClock& clock;
    FloatingPending& floating;
    CpuFeatures features;
    ports::System* system = nullptr;
    ports::ChannelSubsystem* channels = nullptr;
    ports::ServiceCall* service = nullptr;
    ports::InterpretiveExecution* interpretive = nullptr;
    TraceSink* trace = nullptr;
  };

  Cpu(u16 address, const Environment& environment);

  u16 cpu_address() const { return address_; }
  Environment& environment() { return env_; }
  ports::System& system() { return *env_.system; }
  mmu::AbsoluteStorage& storage() { return env_.storage; }
  mmu::Tlb& tlb() { return tlb_; }

  // --- Registers -------------------------------------------------------------------------------------------------------
  // psw, gr, cr, ar, vr, fpc ... are members of the base.
  Registers& registers() { return *this; }
  const Registers& registers() const { return *this; }

  /// Call after anything that decides what addresses mean has changed: PSW bits other than CC and program mask, CR0, CR1, CR2, CR5,
  /// CR7, CR8, CR13, access registers in AR mode, prefix. Cheap: contexts are looked up again at the next access.
  void controls_changed();
  /// Loads the PSW; validity is looked at when the next instruction would be fetched.
  void load_psw(u64 mask, u64 address) {
    psw.unpack(mask, address);
    controls_changed();
  }
  u64 address_mask() const { return address_mask_; }

  // --- Instruction being executed --------------------------------------------------------------------------------------
  /// Set while the target of EXECUTE is executed: length of the EXECUTE (4 or 6), else 0.
  u8 execute_length = 0;
  /// Address of an EXECUTE's target; what relative operands of the target are relative to.
  u64 execute_target = 0;
  /// What EXECUTE looks its target up with; set by whoever runs this CPU.
  const isa::Decoder* decoder = nullptr;
  /// Instruction-length code of the instruction in execution: that of the EXECUTE when there is one.
  u8 ilc_of(u8 text_length) const { return execute_length != 0 ? execute_length : text_length; }
  /// Address that relative fields count from: the instruction itself, or the target of an EXECUTE.
  u64 instruction_address(u8 text_length) const {
    return execute_length != 0 ? execute_target : (psw.address - text_length) & address_mask_;
  }
  /// Takes a branch: the target is wrapped to the addressing mode.
  Outcome branch_to(u64 target, u8 text_length) {
    breaking_event = psw.address - ilc_of(text_length);
    psw.address = target & address_mask_;
    return Outcome::Branched;
  }
  /// Makes an interruptible instruction resume at itself.
  Outcome partial(u8 text_length) {
    psw.address = (psw.address - ilc_of(text_length)) & address_mask_;
    return Outcome::Partial;
  }

  // --- Operand addresses -----------------------------------------------------------------------------------------------
  LogicalAddress address(unsigned base, s64 displacement, unsigned index = 0) const {
    const u64 b = base != 0 ? gr[base] : 0;
    const u64 x = index != 0 ? gr[index] : 0;
    return {(b + x + static_cast<u64>(displacement)) & address_mask_, static_cast<u8>(base)};
  }
  /// The operand that general register `r` designates (its access register is `r`).
  LogicalAddress register_address(unsigned r) const { return {gr[r] & address_mask_, static_cast<u8>(r)}; }
  LogicalAddress advance(LogicalAddress a, u64 n) const { return {(a.value + n) & address_mask_, a.access_register}; }

  // --- Storage ---------------------------------------------------------------------------------------------------------
  template <typename T>
  Fetched<T> fetch(LogicalAddress a) {
    const mmu::TlbEntry& e = data_->entry(a.value);
    if (((a.value + (sizeof(T) - 1)) & kPageMask) == e.fetch_tag) [[likely]]
      return {load_big<T>(e.host(a.value)), Outcome::Completed};
    u8 bytes[sizeof(T)];
    if (const Outcome o = fetch_slow(a, bytes); o != Outcome::Completed) return {T{}, o};
    return {load_big<T>(bytes), Outcome::Completed};
  }
  template <typename T>
  Outcome store(LogicalAddress a, T value) {
    const mmu::TlbEntry& e = data_->entry(a.value);
    if (((a.value + (sizeof(T) - 1)) & kPageMask) == e.store_tag) [[likely]] {
      store_big(e.host(a.value), value);
      return Outcome::Completed;
    }
    u8 bytes[sizeof(T)];
    store_big(bytes, value);
    return store_slow(a, bytes);
  }
  /// Any length; store_bytes stores nothing unless all of it can be stored.
  Outcome fetch_bytes(LogicalAddress a, std::span<u8> to) { return fetch_slow(a, to); }
  Outcome store_bytes(LogicalAddress a, std::span<const u8> from) { return store_slow(a, from); }
  /// Would an access to these bytes be allowed? Recognises the exception when it would not.
  Outcome check_access(LogicalAddress a, u64 length, Access access);
  /// Bytes at `a` up to min(wanted, end of page), for bulk instructions. After storing through a Store span call `stored`.
  HostSpan span(LogicalAddress a, u64 wanted, Access access) {
    const u64 offset = a.value & ~kPageMask;
    const mmu::TlbEntry& e = data_->entry(a.value);
    if ((access == Access::Store ? e.store_tag : e.fetch_tag) == (a.value & kPageMask)) [[likely]]
      return {e.host(a.value), wanted < kPageSize - offset ? wanted : kPageSize - offset, Outcome::Completed};
    return span_slow(a, wanted, access);
  }
  void stored(const u8* first, u64 length) {
    const AbsoluteAddress a = env_.storage.absolute(first);
    if (env_.storage.frames().armed(a)) [[unlikely]]
      env_.storage.frames().notify_store(a, length);
  }

  // The same with an explicit space and key.
  Outcome fetch_bytes(LogicalAddress a, std::span<u8> to, const AccessMode& mode);
  Outcome store_bytes(LogicalAddress a, std::span<const u8> from, const AccessMode& mode);
  HostSpan span(LogicalAddress a, u64 wanted, Access access, const AccessMode& mode);
  AccessMode current_mode() const { return {psw.address_space(), psw.key(), psw.has(Psw::kDat)}; }

  /// Real storage without key-controlled protection (LURA, STURA, interruption parameters, control blocks): prefixing applies,
  /// low-address protection does not. May end in an addressing exception, or a SIE-host fault under SIE.
  template <typename T>
  Fetched<T> fetch_real(RealAddress a) {
    u8 bytes[sizeof(T)];
    if (const Outcome o = fetch_real_bytes(a, bytes); o != Outcome::Completed) return {T{}, o};
    return {load_big<T>(bytes), Outcome::Completed};
  }
  template <typename T>
  Outcome store_real(RealAddress a, T value) {
    u8 bytes[sizeof(T)];
    store_big(bytes, value);
    return store_real_bytes(a, bytes);
  }
  Outcome fetch_real_bytes(RealAddress a, std::span<u8> to);
  Outcome store_real_bytes(RealAddress a, std::span<const u8> from);
  /// Guest-absolute (after prefixing) to absolute storage of the machine; identity at level 0 apart from the extent check.
  mmu::Translation resolve_absolute(u64 guest_absolute, Access access);

  /// One translation with all checks, for LRA, TPROT, debuggers and fills. Records nothing.
  struct Resolved {
    mmu::Translation translation; ///< page and fault; teid complete
    RealAddress real{};           ///< when the walk got that far
    ProgramDetail detail;         ///< what would be recognised
  };
  Resolved resolve(LogicalAddress a, Access access, const AccessMode& mode);
  /// Ends the instruction for a resolution that did not succeed: recognises the exception, or notes the SIE host's.
  Outcome fail(const Resolved& r);
  /// The ASCE of an operand in `space`; in access-register mode its ALET is resolved. code != None: ALET trouble.
  struct SpaceAsce {
    u64 asce = 0;
    ProgramInterruption code = ProgramInterruption::None;
    bool fetch_only = false;
    u8 teid_space = 0; ///< TEID bits 62-63
  };
  SpaceAsce asce_of(AddressSpace space, u8 access_register);

  /// First byte of the page that holds the instruction at `ia`, in host storage, for engines. The outcome is ProgramInterruption
  /// (recognised) or SieHostInterruption when it cannot be had, and CompletedLeaveBlock when the page's instructions are watched: they
  /// are for the instrumented loop.
  HostSpan instruction_page(u64 ia) {
    const mmu::TlbEntry& e = code_->entry(ia);
    if (e.execute_tag == (ia & kPageMask)) [[likely]]
      return {e.host(ia & kPageMask), kPageSize, Outcome::Completed};
    return instruction_page_slow(ia);
  }
  /// One halfword of instruction text, watched or not, with the exceptions of instruction fetching (EXECUTE targets, page-crossing text).
  Fetched<u16> fetch_instruction_halfword(u64 instruction_address);

  // --- Program interruptions -------------------------------------------------------------------------------------------
  ProgramDetail pending_program;
  PerEvent pending_per;
  Outcome recognize(ProgramInterruption code) {
    pending_program = {};
    pending_program.code = code;
    return Outcome::ProgramInterruption;
  }
  /// Operation exception of a text that is no instruction (left-aligned). Under SIE it may be an interception.
  Outcome operation_exception(u64 text);
  /// Data exception: the code also goes to FPC byte 2 when CR0 enables the AFP registers (PoP, *Data-exception code*).
  Outcome data_exception(u8 dxc);
  Outcome recognize(const ProgramDetail& detail) {
    pending_program = detail;
    return Outcome::ProgramInterruption;
  }

  // --- Interruptions (cpu_interruption.cpp) ----------------------------------------------------------------------------
  LocalPending local;
  /// Stores the old PSW and the recognised interruption's fields, loads the new PSW. `ilc` is 0 for an early specification
  /// exception. The old PSW's address is `psw.address`, or for nullifying codes `psw.address - ilc`.
  void present_program_interruption(u8 ilc);
  void present_supervisor_call(u8 number, u8 ilc);
  /// Takes the one interruption of highest priority that is pending and enabled; false when there is none.
  bool take_interruption();
  bool interruption_waits() const { return interruption_waits(*this, tod_at_now(), cpu_timer_pending()); }
  /// Would `r`'s masks let a pending machine-check, external or I/O interruption in? `tod` and the state of the CPU timer are
  /// those of the same level as `r`.
  bool interruption_waits(const Registers& r, u64 tod, bool timer_pending) const;
  void take_restart();

  /// The last interruptions, for whoever wants to know how this CPU came where it is.
  struct TakenInterruption {
    u16 old_psw = 0;           ///< lowcore offset, which tells the class
    u16 code = 0;              ///< external and program interruption code, SVC number, subchannel number; else 0
    u64 mask = 0, address = 0; ///< the old PSW
    u64 cycles = 0;
    bool interpretive = false; ///< of a guest under SIE
  };
  static constexpr unsigned kRemembered = 8;
  /// Number `n` from 0, the last one, up to kRemembered - 1; nullptr when there were fewer.
  const TakenInterruption* taken_interruption(unsigned n) const {
    return n < kRemembered && n < taken_count_ ? &taken_[(taken_count_ - 1 - n) % kRemembered] : nullptr;
  }

  /// Swaps the PSW at a lowcore pair. Interruption code fields are the caller's.
  void swap_psw(u16 old_offset, u16 new_offset);
  template <typename T>
  void lowcore_store(u16 offset, T value) {
    CHECK(env_.storage.store(lowcore_absolute(offset), value), "the prefix area is in main storage");
  }
  template <typename T>
  T lowcore_load(u16 offset) const {
    return *env_.storage.load<T>(lowcore_absolute(offset));
  }
  AbsoluteAddress lowcore_absolute(u16 offset) const {
    return {prefix_pages_[offset / kPageSize].value + offset % kPageSize};
  }
  /// Level 0: prefix pages follow `prefix`. sie sets them for a guest (host-resolved).
  void set_prefix_pages(AbsoluteAddress first, AbsoluteAddress second) {
    prefix_pages_[0] = first;
    prefix_pages_[1] = second;
  }
  /// SPX, SIGP set prefix: purges the TLB.
  void set_prefix(u32 value);

  // --- Time (cpu_timing.cpp) -------------------------------------------------------------------------------------------
  u64 cycles = 0;       ///< this CPU's own time, in modelled cycles since the machine was created
  u64 instructions = 0; ///< completed, for statistics
  u64 tod_epoch = 0;    ///< added to the machine's TOD: a guest's epoch under SIE
  void charge(u64 n) { cycles += n; }
  timing::VirtualTime now() const { return cycles * timing::kUnitsPerCycle; }
  u8 tod_epoch_index = 0; ///< likewise, with the multiple-epoch facility
  u64 store_clock() { return static_cast<u64>(env_.clock.show(now())) + tod_epoch; }
  /// What STORE CLOCK EXTENDED shows: the epoch index in front of the 64 bits of the TOD clock.
  u128 store_clock_with_index();
  u64 tod_at_now() const { return env_.clock.at(now()) + tod_epoch; }
  u64 cpu_timer() const { return timer_zero_ - now(); }
  void set_cpu_timer(u64 value) { timer_zero_ = value + now(); }
  bool clock_comparator_pending(const Registers& r, u64 tod) const;
  bool cpu_timer_pending() const { return static_cast<s64>(cpu_timer()) < 0; }
  /// What both TOD and clock comparator are XORed with before they are compared: the sign bit under clock-comparator sign control.
  u64 comparison_bias(const Registers& r) const {
    return env_.features.multiple_epoch && (r.cr[0] & cr0::kClockComparatorSign) != 0 ? bit(0) : 0;
  }
  /// The first virtual time at which the clock comparator, or the CPU timer, becomes pending; ~0 when it is pending already, or
  /// never will be.
  timing::VirtualTime clock_comparator_deadline() const;
  timing::VirtualTime cpu_timer_deadline() const;
  timing::VirtualTime timer_deadline() const { return std::min(clock_comparator_deadline(), cpu_timer_deadline()); }

  // --- Run state -------------------------------------------------------------------------------------------------------
  enum class State : u8 { Stopped, Operating, CheckStop };
  State state = State::Stopped;
  /// In the wait state. A guest under SIE never is: its wait state is an interception at the next checkpoint.
  bool waiting() const { return psw.has(Psw::kWait) && sie_host == nullptr; }
  /// Level: 0 for guest 1's own instructions, 1 inside SIE.
  bool interpretive() const { return sie_host != nullptr; }
  /// Under SIE: the SIE host's half of translation, and what names it in translation contexts.
  mmu::SieHostSpace* sie_host = nullptr;
  u64 sie_host_space = 0, sie_identity = 0;
  u16 sie_guest = 0; ///< number of the guest, for reports; 0: guest 1
  /// What an invalidation by this CPU's program concerns.
  mmu::TranslationScope translation_scope() const { return {interpretive(), sie_host_space}; }
  u64 sie_host_teid = 0; ///< with Outcome::SieHostInterruption: TEID, and the code below
  u16 sie_host_code = 0;
  CpuFeatures features; ///< as the program at this level sees them
  /// Run loops leave as soon as they can. Set by anything that changes what this CPU must look at.
  bool attention = false;
  /// Under SIE: the SIE host watches the guest by PER whatever the guest's PSW says (guest-PER enhancement).
  bool per_enforced = false;
  /// Under SIE: CS, CDS or TS with condition code 1 may be an interception (after_condition_1).
  bool condition_1_intercepted = false;
  bool per_mode() const { return psw.has(Psw::kPer) || per_enforced; }
  /// Somebody wants every instruction or access seen: PER, tracing, breakpoints.
  bool per_active() const { return per_mode() && (cr[9] & 0xEB00'0000) != 0; }

  // --- For debuggers ---------------------------------------------------------------------------------------------------
  /// Who sees accesses from now on; nullptr: nobody. Call it again when what is watched has changed.
  void set_watch(ports::AccessWatch* watch);
  bool watched() const { return watch_ != nullptr; }
  /// For AccessWatch::accessed: run loops return as soon as the instruction in execution has ended.
  void leave_after_instruction() {
    leaving_ = true;
    ++engine.code_changed; // translated code ends its block
  }
  bool leaving() const { return leaving_; }
  /// At an instruction boundary: whether somebody wanted to be asked, once.
  bool take_leaving() { return std::exchange(leaving_, false); }

  // --- Tracing ---------------------------------------------------------------------------------------------------------
  /// Where this CPU reports events of that category, or null: nobody wants them.
  TraceSink* tracing(TraceCategory category) const { return siena::tracing(env_.trace, category); }
  TraceStamp trace_stamp() const { return {now(), address_, static_cast<u8>(interpretive() ? 1 : 0), sie_guest}; }

  // --- For translated code ---------------------------------------------------------------------------------------------
  EngineState engine;
  /// Where the CPU keeps which context operands, and instructions, are translated in; `none` until the first access after a
  /// change of controls, or until somebody has it chosen.
  mmu::TlbContext* const* data_context() const { return &data_; }
  void choose_data_context() {
    if (!data_selected_) select_data_context();
  }
  mmu::TlbContext* const* instruction_context() const { return &code_; }

  // --- Resets (PoP, Control, *Resets*; facts 1.5) ----------------------------------------------------------------------
  void reset_normal();
  void reset_initial();
  void reset_clear();
  /// The 512-byte status save area at absolute `area` (SIGP store status; layout of real 0x1200).
  bool store_status(u64 area);
  void save(SnapshotWriter& w) const;
  void restore(SnapshotReader& r);

 private:
  Outcome fetch_slow(LogicalAddress a, std::span<u8> to);
  Outcome store_slow(LogicalAddress a, std::span<const u8> from);
  HostSpan span_slow(LogicalAddress a, u64 wanted, Access access);
  /// Host pointer to the byte at `a`, filling the TLB; nullptr after recognising what was wrong (`outcome`).
  u8* reach(LogicalAddress a, Access access, const AccessMode& mode, Outcome& outcome);
  u8* fill(mmu::TlbContext& context, u64 address, Access access, const Resolved& r);
  /// May `length` bytes from `a` on be stored at once behind `e`, an entry of a page under low-address protection?
  static bool above_low_addresses(const mmu::TlbEntry& e, LogicalAddress a, u64 length) {
    const u64 offset = a.value & ~kPageMask;
    return e.store_tag == ((a.value & kPageMask) | mmu::TlbEntry::kLowProtected) && offset >= 512 &&
           length <= kPageSize - offset;
  }
  mmu::TlbContext* context_for(const AccessMode& mode, u64 asce);
  mmu::DatControls dat_controls() const {
    const bool enabled = (cr[0] & cr0::kEnhancedDat) != 0;
    return {features.edat1 && enabled,
            features.edat2 && enabled,
            features.iep && (cr[0] & cr0::kInstructionExecutionProtection) != 0};
  }
  Resolved resolve_in(LogicalAddress a, Access access, const AccessMode& mode, const SpaceAsce& space);
  void select_data_context();
  void per_store_event(LogicalAddress a, u64 length);
  void trace_interruption(u16 old_offset);
  void remember_interruption(u16 old_offset);
  HostSpan instruction_page_slow(u64 ia);
  /// As instruction_page, watched or not.
  HostSpan instruction_text(u64 ia);
  void note_access(u64 address, u64 length, Access access) {
    if (watch_ != nullptr) [[unlikely]]
      watch_->accessed(*this, address, length, access);
  }

  u16 address_;
  Environment env_;
  mmu::Tlb tlb_;
  mmu::TlbContext* data_;
  mmu::TlbContext* code_;
  bool data_selected_ = false;
  bool leaving_ = false;
  ports::AccessWatch* watch_ = nullptr;
  u64 address_mask_ = 0x00FF'FFFF;
  AbsoluteAddress prefix_pages_[2] = {{0}, {4096}};
  u64 timer_zero_ = 0;
  TakenInterruption taken_[kRemembered];
  u64 taken_count_ = 0;
};

} // namespace siena::cpu
