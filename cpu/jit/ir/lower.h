// SPDX-License-Identifier: BSD-3-Clause
// From instructions to the intermediate representation. A block begins at any instruction and follows the path that does not
// branch, up to an unconditional branch, an instruction that may change what the following ones mean, or the end of the page.
//
// Blocks are made for, and entered in, one mode only: 64-bit addressing, operands in the space that instructions come from, no
// fixed-point-overflow interruptions, no PER. Everything else is the interpreter's.
#pragma once

#include "cpu/cpu.h"
#include "cpu/interpreter/code_cache.h"
#include "cpu/jit/ir/block.h"

namespace siena::cpu::jit::ir {

struct LowerOptions {
  bool calls_only = false;    ///< every instruction by its row's own function
  unsigned instructions = 64; ///< at most so many in a block
};

/// May translated code run with these controls?
bool translatable(const Cpu& cpu);

/// Where text is on the host.
struct Text {
  const u8* page = nullptr; ///< 4,096 bytes
  const u8* next = nullptr; ///< the page that follows in the address space, when that is known
};

/// Makes `block` the one that begins `offset` bytes into the page. False when its first instruction crosses the page's end, and
/// nobody knows what is there.
bool lower(const interpreter::CodeCache& code, const Text& text, u16 offset, const LowerOptions& options, Block& block);

} // namespace siena::cpu::jit::ir
