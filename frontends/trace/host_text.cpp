// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/host_text.h"

#include <fmt/format.h>

#include <algorithm>

#if defined(SIENA_HAS_CAPSTONE) && defined(__x86_64__)
#include <capstone/capstone.h>
#define SIENA_DISASSEMBLES_HOST
#endif

namespace siena::frontends::trace {

namespace {

void append_bytes(std::vector<std::string>& lines, std::span<const u8> code, std::size_t offset) {
  constexpr std::size_t kPerLine = 16;
  for (; offset < code.size(); offset += kPerLine) {
    std::string line = fmt::format("{:6x} ", offset);
    for (const u8 byte : code.subspan(offset, std::min(kPerLine, code.size() - offset)))
      line += fmt::format(" {:02x}", byte);
    lines.push_back(std::move(line));
  }
}

} // namespace

std::vector<std::string> host_text(std::span<const u8> code, [[maybe_unused]] u64 address) {
  std::vector<std::string> lines;
  std::size_t offset = 0;
#ifdef SIENA_DISASSEMBLES_HOST
  csh handle{};
  if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) == CS_ERR_OK) {
    cs_insn* const insn = cs_malloc(handle);
    const uint8_t* at = code.data();
    std::size_t left = code.size();
    while (left > 0 && cs_disasm_iter(handle, &at, &left, &address, insn)) {
      lines.push_back(fmt::format("{:6x}  {} {}", offset, insn->mnemonic, insn->op_str));
      offset = code.size() - left;
    }
    cs_free(insn, 1);
    cs_close(&handle);
  }
#endif
  append_bytes(lines, code, offset);
  return lines;
}

} // namespace siena::frontends::trace
