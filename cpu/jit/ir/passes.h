// SPDX-License-Identifier: BSD-3-Clause
// Passes over a block, each a free function that leaves a block that means the same.
#pragma once

#include "cpu/jit/ir/block.h"

namespace siena::cpu::jit::ir {

/// Branches on a condition code whose producer is in the block become comparisons of its operands; a branch that is always taken
/// ends the block, one that never is goes. What the condition code is known to be on the way out replaces it there.
void fuse_branches(Block& block);

/// Removes nodes that nobody needs: results without a use in a node or an exit.
void eliminate_dead(Block& block);
/// Removes writes of guest registers that are written again before anybody can look at them.
void eliminate_overwritten(Block& block);

/// All of them, in the order in which one makes work for the next.
void run_passes(Block& block);

/// Can anybody learn from this block, by any of its ways out, which condition code it began with?
bool needs_cc(const Block& block);

} // namespace siena::cpu::jit::ir
