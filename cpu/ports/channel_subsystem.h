// SPDX-License-Identifier: BSD-3-Clause
// The I/O instructions as the CPU sees them (PoP, *I/O Instructions*). The semantics functions have checked privilege, operand
// alignment and access; the port answers a condition code or an operand exception. Implemented by devices/channel.
#pragma once

#include "base/types.h"

#include <optional>
#include <span>

namespace siena::cpu::ports {

/// Condition code of an I/O instruction, or an operand exception (program interruption 0x15).
struct IoCondition {
  u8 cc = 0;
  bool operand_exception = false;
};

/// What an I/O interruption stores at real 0xB8, 0xBC and 0xC0 (TPI: the same three words).
struct IoInterruption {
  u32 subsystem_id = 0;   ///< subsystem-identification word; 0 for an adapter interruption
  u32 parameter = 0;      ///< interruption parameter of the ORB or PMCW; 0 for an adapter interruption
  u32 identification = 0; ///< interruption-identification word: 0x80000000 adapter, ISC << 27
};

constexpr std::size_t kSchibSize = 52, kOrbSize = 32, kIrbSize = 96;

class ChannelSubsystem {
 public:
  virtual ~ChannelSubsystem() = default;

  // `subsystem_id` is general register 1 (low word), unchecked: the port validates its format (operand exception).
  virtual IoCondition clear(u32 subsystem_id) = 0;                                         // CSCH
  virtual IoCondition halt(u32 subsystem_id) = 0;                                          // HSCH
  virtual IoCondition resume(u32 subsystem_id) = 0;                                        // RSCH
  virtual IoCondition cancel(u32 subsystem_id) = 0;                                        // XSCH
  virtual IoCondition modify(u32 subsystem_id, std::span<const u8, kSchibSize> schib) = 0; // MSCH
  virtual IoCondition start(u32 subsystem_id, std::span<const u8, kOrbSize> orb) = 0;      // SSCH
  /// STSCH: fills `schib` when cc is 0.
  virtual IoCondition store(u32 subsystem_id, std::span<u8, kSchibSize> schib) = 0;
  /// TSCH, first half: fills `irb` (cc 0 or 1) without changing anything; `tested` follows once the IRB is in storage, and
  /// only then are status and interruption cleared (the operand access may be nullified).
  virtual IoCondition test(u32 subsystem_id, std::span<u8, kIrbSize> irb) = 0;
  virtual void tested(u32 subsystem_id) = 0;

  virtual u32 channel_report() = 0; ///< STCRW: takes the next channel report word, 0 when there is none
  virtual bool channel_report_waiting() const = 0;
  virtual IoCondition reset_channel_path(u32 path) = 0;        // RCHP
  virtual IoCondition set_channel_monitor(u64 r1, u64 r2) = 0; // SCHM
  virtual IoCondition set_address_limit(u64 r1) = 0;           // SAL
  /// CHSC: `page` is the 4-KB command block, request in, response out.
  virtual IoCondition channel_subsystem_call(std::span<u8, 4096> page) = 0;

  /// Interruption subclasses that have something pending: bit 0x80 >> n for ISC n.
  virtual u8 pending_subclasses() const = 0;
  /// Takes (and clears) the pending interruption of the lowest ISC in `subclasses`, as an interruption or TPI does.
  virtual std::optional<IoInterruption> take_interruption(u8 subclasses) = 0;

  /// DIAGNOSE 0x500 function 3: the guest kicks a virtqueue. The answer goes to general register 2: a cookie >= 0 for the
  /// next call, or a negative errno value (-22 for a bad subchannel or queue).
  virtual s64 notify_virtqueue(u32 subsystem_id, u64 queue, u64 cookie) = 0;

  virtual void reset() = 0; ///< I/O-system reset (subsystem reset)
};

} // namespace siena::cpu::ports
