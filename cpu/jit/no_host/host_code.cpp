// SPDX-License-Identifier: BSD-3-Clause
// For hosts without a code generator.
#include "cpu/jit/backend/host_code.h"

#include "base/check.h"

namespace siena::cpu::jit::backend {

const char* obstacle() { return "there is no translator for this host (x86-64 has one)"; }

std::unique_ptr<HostCode> make_host_code(std::size_t, const Cpu&) {
  CHECK(false, "nobody translates on a host without a translator");
  return nullptr;
}

} // namespace siena::cpu::jit::backend
