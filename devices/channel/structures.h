// SPDX-License-Identifier: BSD-3-Clause
// The control blocks of the I/O instructions, laid out as in storage, with the names of their bits (PoP, *I/O Instructions*,
// *I/O Interruptions*). A subchannel keeps its SCHIB in this very form, so that STSCH and TSCH are copies.
#pragma once

#include "base/big_endian.h"
#include "base/types.h"

#include <array>
#include <cstddef>

namespace siena::devices::channel {

/// Path-management-control word.
struct Pmcw {
  Big32 parameter;
  Big16 flags;
  Big16 device_number;
  u8 logical_path_mask = 0;
  u8 path_not_operational_mask = 0;
  u8 last_path_used_mask = 0;
  u8 path_installed_mask = 0;
  Big16 measurement_block_index;
  u8 path_operational_mask = 0;
  u8 path_available_mask = 0;
  u8 channel_path[8] = {};
  Big32 characteristics;
};
static_assert(sizeof(Pmcw) == 28 && offsetof(Pmcw, path_installed_mask) == 11 && offsetof(Pmcw, characteristics) == 24);

namespace pmcw {
constexpr u16 kInterruptionSubclass = 0x3800;
constexpr unsigned kInterruptionSubclassShift = 11;
constexpr u16 kEnabled = 0x0080;
constexpr u16 kLimitMode = 0x0060;
constexpr u16 kMeasurementMode = 0x0018;
constexpr u16 kMeasureBlock = 0x0010; ///< measurement-block update
constexpr u16 kMultipathMode = 0x0004;
constexpr u16 kDeviceNumberValid = 0x0001;
constexpr u16 kReservedFlags = 0xC300;
constexpr u16 kModifiableFlags = kInterruptionSubclass | kEnabled | kLimitMode | kMeasurementMode | kMultipathMode;

constexpr u32 kMeasurementBlockFormat1 = 0x4;
constexpr u32 kExtendedMeasurementWord = 0x2;
constexpr u32 kConcurrentSense = 0x1;
constexpr u32 kReservedCharacteristics = 0xFF1F'FFF8;
constexpr u32 kModifiableCharacteristics = kMeasurementBlockFormat1 | kConcurrentSense;
} // namespace pmcw

/// Subchannel-status word.
struct Scsw {
  Big16 flags;
  Big16 control;
  Big32 ccw_address;
  u8 device_status = 0;
  u8 subchannel_status = 0;
  Big16 count;
};
static_assert(sizeof(Scsw) == 12);

namespace scsw {
// flags
constexpr u16 kFromOrb = 0xF8F8; ///< key, S, F, P, I, A, U: copies of the ORB's bits, which stand at the same places
constexpr u16 kDeferredCondition = 0x0300;
constexpr u16 kZeroCondition = 0x0004;
constexpr u16 kExtendedControl = 0x0002;
constexpr u16 kPathNotOperational = 0x0001;
// control: function
constexpr u16 kFunction = 0x7000;
constexpr u16 kStart = 0x4000;
constexpr u16 kHalt = 0x2000;
constexpr u16 kClear = 0x1000;
// control: activity
constexpr u16 kActivity = 0x0FE0;
constexpr u16 kResumePending = 0x0800;
constexpr u16 kStartPending = 0x0400;
constexpr u16 kHaltPending = 0x0200;
constexpr u16 kClearPending = 0x0100;
constexpr u16 kSubchannelActive = 0x0080;
constexpr u16 kDeviceActive = 0x0040;
constexpr u16 kSuspended = 0x0020;
// control: status
constexpr u16 kStatus = 0x001F;
constexpr u16 kAlert = 0x0010;
constexpr u16 kIntermediate = 0x0008;
constexpr u16 kPrimary = 0x0004;
constexpr u16 kSecondary = 0x0002;
constexpr u16 kPending = 0x0001;
} // namespace scsw

namespace device_status {
constexpr u8 kAttention = 0x80;
constexpr u8 kStatusModifier = 0x40;
constexpr u8 kControlUnitEnd = 0x20;
constexpr u8 kBusy = 0x10;
constexpr u8 kChannelEnd = 0x08;
constexpr u8 kDeviceEnd = 0x04;
constexpr u8 kUnitCheck = 0x02;
constexpr u8 kUnitException = 0x01;
constexpr u8 kNormalEnd = kChannelEnd | kDeviceEnd;
} // namespace device_status

namespace subchannel_status {
constexpr u8 kProgramControlled = 0x80;
constexpr u8 kIncorrectLength = 0x40;
constexpr u8 kProgramCheck = 0x20;
constexpr u8 kProtectionCheck = 0x10;
} // namespace subchannel_status

/// Subchannel-information block.
struct Schib {
  Pmcw pmcw;
  Scsw scsw;
  Big64 measurement_block_address;
  u8 model_dependent[4] = {};
};
static_assert(sizeof(Schib) == 52);

/// Interruption-response block.
struct Irb {
  Scsw scsw;
  Big32 extended_status[5];
  u8 extended_control[32] = {};
  u8 extended_measurement[32] = {};
};
static_assert(sizeof(Irb) == 96);

/// Operation-request block, as far as command mode uses it.
struct Orb {
  Big32 parameter;
  Big16 control;
  u8 logical_path_mask = 0;
  u8 control_2 = 0;
  Big32 program_address;
  u8 rest[20] = {};
};
static_assert(sizeof(Orb) == 32);

namespace orb {
constexpr u16 kKey = 0xF000;
constexpr u16 kSuspendControl = 0x0800;
constexpr u16 kFormat1Ccws = 0x0080;
constexpr u16 kInitialStatusInterruption = 0x0020;
constexpr u16 kSuppressSuspendedInterruption = 0x0008;
constexpr u16 kTransportMode = 0x0004;
constexpr u16 kFormat2Idaws = 0x0002;
constexpr u16 k2KIdaws = 0x0001;
constexpr u8 kIncorrectLengthSuppression = 0x80; ///< control_2
constexpr u8 kModifiedIdaws = 0x40;
constexpr u8 kReserved2 = 0x3E;
} // namespace orb

/// A channel-command word of either format, decoded.
struct Ccw {
  u8 command = 0;
  u8 flags = 0;
  u16 count = 0;
  u32 address = 0;
};

namespace ccw {
constexpr u8 kChainData = 0x80;
constexpr u8 kChainCommand = 0x40;
constexpr u8 kSuppressLength = 0x20;
constexpr u8 kSkip = 0x10;
constexpr u8 kProgramControlled = 0x08;
constexpr u8 kIndirect = 0x04;
constexpr u8 kSuspend = 0x02;
constexpr u8 kModifiedIndirect = 0x01;
} // namespace ccw

namespace command {
constexpr u8 kNoOperation = 0x03;
constexpr u8 kBasicSense = 0x04;
constexpr u8 kTransferInChannel = 0x08;
constexpr u8 kSenseId = 0xE4;
} // namespace command

constexpr std::size_t kSenseSize = 32;
using SenseBytes = std::array<u8, kSenseSize>;
constexpr u8 kCommandReject = 0x80; ///< sense byte 0

inline void set_bits(Big16& field, u16 mask) { field = static_cast<u16>(field | mask); }
inline void clear_bits(Big16& field, u16 mask) { field = static_cast<u16>(field & ~mask); }
/// Takes the bits of `mask` from `value` and leaves the others.
template <typename T>
void replace_bits(Big<T>& field, T mask, T value) {
  field = static_cast<T>((field & ~mask) | (value & mask));
}

} // namespace siena::devices::channel
