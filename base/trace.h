// SPDX-License-Identifier: BSD-3-Clause
// Where parts report what they did when somebody watches (docs/traces.md). What is reported is an event: numbers with names. Sinks make
// text or JSON of it, so that both say the same. An event costs nothing while nobody wants its category: callers ask `wants` first and
// gather an event's fields behind that.
#pragma once

#include "base/types.h"

#include <span>
#include <string_view>

namespace siena {

enum class TraceCategory : u8 {
  Instruction,  ///< each instruction before it is executed
  Cpu,          ///< the general registers before each instruction
  Interruption, ///< interruptions, as they are taken
  Sie,          ///< entries into interpretive execution, and exits
  Shadow,       ///< shadow tables made and removed
  Tlb,          ///< translations purged and invalidated
  Sigp,         ///< orders of SIGNAL PROCESSOR
  Sclp,         ///< service calls
  Ccw,          ///< channel programs
  Virtio,       ///< requests of virtqueues
};
constexpr unsigned kTraceCategories = 10;

/// One named value of an event. Names and texts are not copied: those of events live as long as the report.
struct TraceField {
  enum class Form : u8 { Decimal, Hex, Psw, Text };
  std::string_view name;
  Form form = Form::Decimal;
  u8 digits = 0;   ///< Hex: how many are shown, 1 to 16; 0: as many as there are
  u64 value = 0;   ///< Psw: the mask
  u64 address = 0; ///< Psw
  std::string_view words{};

  static constexpr TraceField decimal(std::string_view name, u64 value) { return {name, Form::Decimal, 0, value}; }
  static constexpr TraceField hex(std::string_view name, u64 value, u8 digits) {
    return {name, Form::Hex, digits, value};
  }
  static constexpr TraceField psw(std::string_view name, u64 mask, u64 address) {
    return {name, Form::Psw, 16, mask, address};
  }
  /// `words` may hold anything; sinks escape what their format needs.
  static constexpr TraceField text(std::string_view name, std::string_view words) {
    return {name, Form::Text, 0, 0, 0, words};
  }
};

/// When and where something happens.
struct TraceStamp {
  u64 time = 0;  ///< TOD units (2^-12 microseconds) since the machine was created: the CPU's own time, or the machine's
  int cpu = -1;  ///< CPU address, or -1: no CPU's
  u8 level = 0;  ///< 0: guest 1's own instructions, 1: under SIE
  u16 guest = 0; ///< level 1: the number of the guest, 0 when it is not known
};

struct TraceEvent {
  /// A duration begins and ends on the same CPU and level, or subchannel; durations there do not overlap.
  enum class Phase : u8 { Instant, Begin, End };
  static constexpr u32 kNoSubchannel = ~u32{0};

  TraceCategory category{};
  Phase phase = Phase::Instant;
  std::string_view name; ///< one word
  TraceStamp stamp{};
  u32 subchannel = kNoSubchannel; ///< set << 16 | number: the event is this subchannel's, not the CPU's
  bool has_address = false;       ///< `address` is the PSW's: what an address range selects by
  u64 address = 0;
  std::span<const TraceField> fields{};
};

/// Tells those who know neither time nor CPU.
class TraceClock {
 public:
  virtual ~TraceClock() = default;
  /// Of the CPU that is executing, or of the event that is being handled.
  virtual TraceStamp trace_stamp() const = 0;
};

class TraceSink {
 public:
  virtual ~TraceSink() = default;
  bool wants(TraceCategory category) const { return (wanted_ >> static_cast<unsigned>(category) & 1) != 0; }
  /// Whether the event shall be reported, which is asked once for each: filters may count. Fields need not be there yet.
  virtual bool admit(const TraceEvent&) { return true; }
  /// An event that was admitted.
  virtual void write(const TraceEvent& event) = 0;
  void report(const TraceEvent& event) {
    if (admit(event)) write(event);
  }

  /// The stamp of what happens now; none without a clock.
  TraceStamp stamp() const { return clock_ != nullptr ? clock_->trace_stamp() : TraceStamp{}; }
  /// `clock` may be null, and must be before it goes.
  void set_clock(const TraceClock* clock) { clock_ = clock; }

 protected:
  void want(TraceCategory category) { wanted_ |= 1u << static_cast<unsigned>(category); }

 private:
  u32 wanted_ = 0;
  const TraceClock* clock_ = nullptr;
};

/// The sink if it is there and wants the category, else null.
inline TraceSink* tracing(TraceSink* sink, TraceCategory category) {
  return sink != nullptr && sink->wants(category) ? sink : nullptr;
}

} // namespace siena
