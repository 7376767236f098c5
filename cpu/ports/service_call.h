// SPDX-License-Identifier: BSD-3-Clause
// SERVICE CALL (SERVC, B220) as the CPU sees it; implemented by devices/sclp.
#pragma once

#include "base/types.h"

namespace siena::cpu::ports {

class ServiceCall {
 public:
  virtual ~ServiceCall() = default;
  enum class Result : u8 { Accepted, Busy, NotOperational, Specification, Addressing };
  /// `command` is the command word, `sccb` the absolute address of the service-call control block. Privilege, alignment
  /// (doubleword) and the ranges that a CPU forbids (first 8 KB, its prefix area, 2 GB and above) have been checked.
  /// The reply is announced later by InterruptionSink::service_signal.
  virtual Result service_call(u32 command, u32 sccb) = 0;
};

} // namespace siena::cpu::ports
