// SPDX-License-Identifier: BSD-3-Clause
// One thread (thread_id.h) of a machine that stands still: its registers and its storage, wherever they are. A CPU's own are in the
// Cpu; while it interprets a guest, that guest's are there, and the SIE host's are kept by SIE; a guest's CPU that no CPU interprets
// has its state description. Reading changes nothing.
#pragma once

#include "frontends/gdb/thread_id.h"
#include "machine/machine.h"
#include "sie/guest_view.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace siena::frontends::gdb {

/// Kinds of registers; several have numbers within their kind.
enum class Register : u8 {
  PswMask,
  PswAddress,
  General,
  Access,
  Fpc,
  Float,
  VectorLow, ///< right halves of vector registers 0-15, whose left ones are the floating-point registers
  Vector,    ///< 16-31
  Control,
  ClockComparator,
  CpuTimer,
  BreakingEvent,
  Prefix,
  ProgramParameter,
  Sie, ///< numbers are SieField
};

/// What SIE says of the guest that the thread is of, or that its CPU interprets. All can only be read.
enum class SieField : u8 {
  Level, ///< 0: guest 1's own instructions; 1: under SIE
  Guest, ///< number of the guest; 1: guest 1
  Depth, ///< 1, 2, 3: as sie::KnownGuest::depth
  // Unavailable at level 0:
  Block,      ///< absolute address of the state description
  PswMask,    ///< in the state description, as are the following
  PswAddress, ///< at the last exit, while the guest runs
  InterceptionCode,
  InterceptionStatus,
  Ipa, ///< instruction parameters A and B: the text that was intercepted, or what a validity interception says
  Ipb,
  ControlArea, ///< absolute address of the SCA
  Parameters0, ///< six doublewords of interruption parameters, from 0xC0 on
  Last = Parameters0 + 5,
};

/// Where addresses of storage packets lead.
struct AddressMode {
  enum class Kind : u8 { Current, Primary, Secondary, Home, Asce, Real, Absolute };
  Kind kind = Kind::Current;
  u64 asce = 0; ///< Kind::Asce
};

class ThreadView {
 public:
  /// Nothing when there is no such thread.
  static std::optional<ThreadView> of(machine::Machine& machine, ThreadId id);
  /// All threads of that process; none when there is no such process.
  static std::vector<ThreadId> threads(const machine::Machine& machine, unsigned process);
  /// Whom CPU `address` runs now.
  static ThreadId current(const machine::Machine& machine, const cpu::Cpu& cpu);

  /// Nothing: not to be had while nobody runs this thread.
  std::optional<u128> get(Register kind, unsigned n) const;
  /// False, and nothing changed: not a value that it can hold, or it cannot be had.
  bool set(Register kind, unsigned n, u128 value);

  /// Copies bytes out until one cannot be had; answers how many. Addresses wrap as the program's do.
  std::size_t read_storage(u64 address, std::span<u8> to, const AddressMode& mode) const;
  /// Can an instruction at that logical address be fetched?
  bool fetches(u64 address) const { return page(address, {}).has_value(); }
  /// Copies bytes in, all of them or none: false when one cannot be had. Whoever watches the frames is told. A page that the SIE host
  /// has mapped read-only may be shared with others, and is not stored to.
  bool write_storage(u64 address, std::span<const u8> from, const AddressMode& mode);

  /// "CPU 0 [operating]"
  std::string description() const;

 private:
  enum class Kind : u8 {
    Cpu,     ///< registers are those of `cpu_`
    SieHost, ///< `cpu_` interprets a guest
    Resting, ///< a guest's that no CPU interprets
  };

  ThreadView(machine::Machine& machine, ThreadId id) : machine_(machine), id_(id) {}
  std::optional<u128> sie_field(SieField field) const;
  bool set_in_cpu(Register kind, unsigned n, u128 value);
  bool set_in_description(Register kind, unsigned n, u128 value);
  std::optional<sie::ProgramView::Page> page(u64 address, const AddressMode& mode) const;
  u64 address_mask(const AddressMode& mode) const;

  machine::Machine& machine_;
  ThreadId id_;
  Kind kind_ = Kind::Cpu;
  cpu::Cpu* cpu_ = nullptr;
  const sie::KnownCpu* known_ = nullptr;     ///< a guest's, or whom `cpu_` interprets
  std::shared_ptr<sie::GuestCpuView> guest_; ///< of `known_`
  cpu::Registers registers_;                 ///< a copy
  u64 cpu_timer_ = 0;
};

} // namespace siena::frontends::gdb
