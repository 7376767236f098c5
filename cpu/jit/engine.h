// SPDX-License-Identifier: BSD-3-Clause
// The translating engine: runs hot blocks as host code, leaves everything else to the interpreter. Blocks are known by absolute
// page and offset, so that one translation serves all CPUs, address spaces and levels (docs/jit.md).
//
// Coherence is the decoded pages': every store to a frame with translations is reported (interpreter::TextUser) and drops exactly
// the blocks whose text it changed; the block in execution then ends with the instruction that stored.
#pragma once

#include "cpu/interpreter/interpreter.h"
#include "cpu/jit/backend/host_code.h"
#include "cpu/jit/ir/lower.h"

#include <memory>
#include <vector>

namespace siena::cpu::jit {

struct EngineOptions {
  ir::LowerOptions lowering;
  unsigned threshold = 16;            ///< a block is translated when it has been begun so many times
  std::size_t code_size = 256u << 20; ///< bytes; when they are used up all translations go
  bool count_calls = false; ///< translated code counts its calls (Engine::fallbacks), which costs a little time
};

/// Somebody who looks at each block when it has been translated.
class TranslationObserver {
 public:
  struct Translation {
    AbsoluteAddress frame{};  ///< that the text is in
    const ir::Block& lowered; ///< before the passes
    const ir::Block& block;   ///< as host code was made of it
    backend::CodeRange straight, cold;
  };
  virtual ~TranslationObserver() = default;
  virtual void translated(const Translation& translation) = 0;
};

class Engine final : public interpreter::FastLoop, public interpreter::TextUser {
 public:
  /// `layout_of`: any of the machine's CPUs.
  Engine(interpreter::Interpreter& interpreter,
         interpreter::CodeCache& code,
         mmu::AbsoluteStorage& storage,
         const Cpu& layout_of,
         const EngineOptions& options);
  ~Engine() override;

  /// Why this host cannot run translated code, in one line; nullptr when it can. An Engine is made only then.
  static const char* obstacle();

  /// `observer` outlives the engine's last run.
  void observe(TranslationObserver& observer);

  /// True: translated code ends with an instruction whose fetch was seen (ports::AccessWatch), as it always does with a store. It calls
  /// every instruction's own function for that, which is slow. What has been translated is given up when this changes.
  void set_fetches_seen(bool seen);

  void run(Cpu& cpu, u64 limit) override;
  bool text_changed(AbsoluteAddress frame, u64 begin, u64 length) override;
  void text_unwatched(AbsoluteAddress frame) override;

  struct Statistics {
    u64 blocks = 0, instructions = 0;       ///< translated
    u64 host_bytes = 0, straight_bytes = 0; ///< all, and those before the parts that are seldom executed
    u64 links = 0;                          ///< direct jumps between blocks
    u64 entries = 0;                        ///< from the engine into translated code
    u64 executed = 0;                       ///< instructions, by translated code
    u64 dropped = 0;                        ///< blocks, because their text changed
    u64 flushes = 0;                        ///< of everything
    // Blocks left to the interpreter
    u64 cold = 0;     ///< not begun often enough
    u64 crossing = 0; ///< their first instruction crosses its page
    u64 late = 0;     ///< less time than they take, or another page behind theirs
  };
  const Statistics& statistics() const;

  /// A row whose own function translated code calls, always or when an operand is not to be had at once.
  struct Fallback {
    const isa::InstructionDef* def = nullptr; ///< nullptr: text that is no instruction
    u64 places = 0;                           ///< in translated blocks, also in those that are gone
    u64 calls = 0;                            ///< zero unless they are counted
  };
  /// Those called most come first.
  std::vector<Fallback> fallbacks() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace siena::cpu::jit
