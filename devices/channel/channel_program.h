// SPDX-License-Identifier: BSD-3-Clause
// The walk of a channel program: fetch a CCW, let the device execute it, look at how it ended, chain (PoP, *Execution of I/O
// Operations*). The walk is iterative and has a budget, so that a program that chains to itself costs virtual time instead
// of hanging the machine: it goes on in a later event and can be halted or cleared meanwhile.
#pragma once

#include "base/trace.h"
#include "devices/channel/channel_data.h"
#include "devices/channel/device.h"

namespace siena::devices::channel {

/// What is needed to go on with a program; part of a snapshot.
struct ProgramState {
  ProgramControls controls;
  u32 next = 0;      ///< where the next CCW is
  bool first = true; ///< no CCW has been executed yet
};

struct ProgramResult {
  enum class Kind : u8 { Ended, Suspended, Unfinished };
  Kind kind = Kind::Ended;
  u8 device_status = 0;
  u8 subchannel_status = 0;
  u32 ccw_address = 0; ///< of the last CCW, plus 8
  u16 count = 0;       ///< residual
  bool program_controlled_interruption = false;
};

/// Whom the commands are for. `sense` are the sense bytes that wait for Basic Sense.
struct ProgramTarget {
  Device& device;
  const DeviceIdentity& identity;
  SenseBytes& sense;
  TraceSink* trace = nullptr;
  u32 subchannel = TraceEvent::kNoSubchannel; ///< for the trace
};

/// Runs at most `budget` commands.
ProgramResult run_program(ProgramState& state, const ProgramTarget& target, mmu::AbsoluteStorage& storage, u32 budget);

} // namespace siena::devices::channel
