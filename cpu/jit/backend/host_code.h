// SPDX-License-Identifier: BSD-3-Clause
// What the engine asks of a host: code for a block, jumps between blocks, a way in. Each host's generator is a folder beside this one
// that implements HostCode and the functions at the end; a host that has none builds with cpu/jit/no_host.
#pragma once

#include "base/types.h"
#include "cpu/cpu.h"
#include "cpu/jit/ir/block.h"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace siena::cpu::jit::backend {

/// No deadline is farther away than so many cycles.
constexpr u64 kLongestRun = 1 << 18;

/// Why translated code came back.
enum class Left : u32 {
  Again,   ///< at psw.address, to be looked at
  Link,    ///< the same; exit_link says which jump could go there directly
  Outcome, ///< an instruction ended so (engine.outcome, engine.exit_length)
};

/// What indirect branches find a page's translations by; one for each frame with translated code.
struct TranslatedPage {
  explicit TranslatedPage(void* not_translated) { entries.fill(not_translated); }
  std::array<void*, kPageSize / 2> entries; ///< code for each halfword, or HostCode::not_translated()
};

/// Where host code can be read, and where it is executed.
struct CodeRange {
  std::span<const u8> bytes;
  const void* at = nullptr;
};

/// One block's code. It stays where it is until HostCode::clear.
struct HostBlock {
  void* entry = nullptr; ///< for HostCode::enter and TranslatedPage::entries
  CodeRange straight;    ///< the way straight on; begins with the entry
  CodeRange cold;        ///< what is seldom executed
  // What a link that comes here has to know.
  const u8* body = nullptr;
  s32 charge = 0; ///< what it takes off the time, as the host counts it
  bool needs_cc = false;
};

class HostCode {
 public:
  virtual ~HostCode() = default;

  /// Appends the block's code. Only when there is room for it. Its links are ways out that can be made to go directly to another
  /// block of the page: where to (an offset in the page) is appended to `targets`. Links are numbered from 0 in this order
  /// (EngineState::exit_link).
  virtual HostBlock translate(const ir::Block& block, std::vector<u16>& targets) = 0;
  virtual bool room_for_block() const = 0;
  /// Forgets all blocks and links.
  virtual void clear() = 0;

  /// Makes a link go to the block, or to the engine again.
  virtual void connect(u64 link, const HostBlock& to) = 0;
  virtual void disconnect(u64 link) = 0;

  /// Enters translated code.
  Left enter(Cpu& cpu, void* entry) const { return static_cast<Left>(enter_(&cpu, entry)); }
  /// Code that goes back to the engine: the entry of a place without a block.
  void* not_translated() const { return not_translated_; }

 protected:
  using Enter = u32 (*)(Cpu*, void* entry);
  Enter enter_ = nullptr;
  void* not_translated_ = nullptr;
};

/// Why there can be no translated code on this host, in one line; nullptr when there can be.
const char* obstacle();

/// `size`: bytes for code. `layout_of`: any CPU of the machine. Only when there is no obstacle.
std::unique_ptr<HostCode> make_host_code(std::size_t size, const Cpu& layout_of);

} // namespace siena::cpu::jit::backend
