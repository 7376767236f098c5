// SPDX-License-Identifier: BSD-3-Clause
// IPL from files (-kernel, -initrd, -append): puts a kernel into main storage the way QEMU does it and says where the IPL CPU
// starts. Three kinds of image:
//   raw kernel  ("bzImage"): byte 0 belongs at absolute 0, "S390EP" at 0x10008, entry at 0x10000
//   ELF         64-bit big-endian s390x executable: segments at their physical addresses, entry from the header
//   flat        anything else that begins with a valid IPL PSW: at absolute 0, entry from that PSW
// All start in 64-bit addressing mode with interruptions and DAT off. A kernel finds its parameters at 0x10400
// (linux: arch/s390/include/asm/setup.h).
#pragma once

#include "base/address.h"
#include "base/result.h"
#include "base/types.h"
#include "machine/configuration.h"
#include "mmu/storage.h"

#include <optional>
#include <string>
#include <vector>

namespace siena::machine {

/// Offsets in the parameter area that a kernel image reserves for its loader.
namespace parameter_area {
constexpr u64 kEntry = 0x10000;
constexpr u64 kMagic = 0x10008;
constexpr u64 kInitrdStart = 0x10408;
constexpr u64 kInitrdSize = 0x10410;
constexpr u64 kMaximumCommandLine = 0x10430; ///< bytes with the terminating NUL; zero means kLegacyCommandLine
constexpr u64 kCommandLine = 0x10480;
constexpr u64 kLegacyCommandLine = 896;
} // namespace parameter_area

/// The files' content and names, kept so that a re-IPL loads the same bytes again.
struct KernelFiles {
  std::string kernel_name;
  std::vector<u8> kernel;
  std::string initrd_name;
  std::vector<u8> initrd; ///< empty: none
  std::string append;
};

/// What the IPL CPU starts with.
struct InitialPsw {
  u64 mask = 0;
  u64 address = 0;
};

/// Reads the files that -kernel and -initrd name, or takes the built-in guest. Errors name option, file and cause.
Result<KernelFiles> read_kernel_files(const Configuration& configuration);

/// Puts kernel, initrd and command line into storage. Nothing has been stored when the answer is an error.
Result<InitialPsw> load_kernel(mmu::AbsoluteStorage& storage, const KernelFiles& files);

} // namespace siena::machine
