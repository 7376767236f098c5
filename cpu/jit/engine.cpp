// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/engine.h"

#include "base/zeroed_array.h"
#include "cpu/jit/backend/host_code.h"
#include "cpu/jit/ir/passes.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

namespace siena::cpu::jit {

using backend::HostBlock;
using backend::Left;
using backend::TranslatedPage;
using interpreter::Interpreter;

namespace {

struct TranslatedBlock {
  u16 begin = 0, end = 0;
  HostBlock code{};
  std::vector<ir::TextRange> targets; ///< other text that it was made of
  std::vector<u64> links_here{};      ///< by number

  bool made_of(u64 first, u64 behind) const {
    const auto touches = [&](u16 b, u16 e) { return b < behind && e > first; };
    return touches(begin, end) ||
           std::any_of(targets.begin(), targets.end(), [&](const ir::TextRange& t) { return touches(t.begin, t.end); });
  }
};

/// A frame with text that has been executed.
struct Page {
  const u8* host = nullptr; ///< the frame's first byte
  AbsoluteAddress frame{};
  std::unique_ptr<TranslatedPage> translated; ///< null when nothing has been: of most pages little is executed
  std::vector<TranslatedBlock> blocks;
  std::vector<Page*> crossed_from; ///< they may have blocks that end in this page
  u8 heat[kPageSize / 2] = {};

  bool has_code(u16 offset, const void* not_translated) const {
    return translated && translated->entries[offset / 2] != not_translated;
  }
};

struct KnownLink {
  Page* page;
  u16 target;
};

} // namespace

struct Engine::Parts {
  Interpreter& interpreter;
  interpreter::CodeCache& code;
  mmu::AbsoluteStorage& storage;
  EngineOptions options;
  const bool calls_only; ///< from the beginning
  std::unique_ptr<backend::HostCode> host_code;
  std::deque<Page> pages;
  ZeroedArray<Page*> page_of;   ///< by frame number
  std::vector<KnownLink> links; // by the number that they have in the host code
  std::vector<Cpu*> cpus;
  std::vector<TranslationObserver*> observers;
  std::map<const isa::InstructionDef*, Fallback> fallbacks; // code knows where the counts are
  Statistics statistics;
  ir::Block block; // the one at work

  Parts(Interpreter& i, interpreter::CodeCache& c, mmu::AbsoluteStorage& s, const Cpu& cpu, const EngineOptions& o)
      : interpreter(i), code(c), storage(s), options(o), calls_only(o.lowering.calls_only),
        host_code(backend::make_host_code(o.code_size, cpu)), page_of(s.size() / kPageSize) {}

  Page& page(const u8* host) {
    const AbsoluteAddress frame = storage.absolute(host);
    Page*& slot = page_of[frame.value / kPageSize];
    if (slot == nullptr) {
      slot = &pages.emplace_back();
      slot->host = host;
      slot->frame = frame;
    }
    return *slot;
  }
  void set_entry(Page& page, u16 offset, void* code) {
    if (!page.translated) page.translated = std::make_unique<TranslatedPage>(host_code->not_translated());
    page.translated->entries[offset / 2] = code;
  }

  void flush() {
    for (Cpu* cpu : cpus) cpu->tlb().forget_code();
    for (const Page& p : pages) page_of[p.frame.value / kPageSize] = nullptr;
    pages.clear();
    links.clear();
    host_code->clear();
    ++statistics.flushes;
  }
  void changed() {
    for (Cpu* cpu : cpus) ++cpu->engine.code_changed;
  }

  void note_calls() {
    for (const ir::Node& n : block.nodes) {
      if (!ir::calls_row(n.op)) continue;
      ir::Instruction& i = block.instructions[n.instruction];
      Fallback& f = fallbacks[i.def];
      f.def = i.def;
      ++f.places;
      if (options.count_calls) i.calls = &f.calls;
    }
  }

  /// False when there is nothing to translate.
  bool translate(Page& page, const u8* next, u16 offset) {
    if (!ir::lower(code, {page.host, next}, offset, options.lowering, block)) return false;
    std::optional<ir::Block> lowered;
    if (!observers.empty()) lowered = block;
    ir::run_passes(block);
    note_calls();
    if (block.crosses) (void)code.page(next); // making one page may drop all others, once
    code.watch(code.page(page.host));
    if (block.crosses) {
      code.watch(code.page(next));
      std::vector<Page*>& from = this->page(next).crossed_from;
      if (std::find(from.begin(), from.end(), &page) == from.end()) from.push_back(&page);
    }
    std::vector<u16> targets;
    const HostBlock emitted = host_code->translate(block, targets);
    for (const u16 target : targets) links.push_back({&page, target});
    set_entry(page, offset, emitted.entry);
    page.blocks.push_back({offset, block.end(), emitted, block.targets});
    ++statistics.blocks;
    statistics.instructions += block.instructions.size();
    statistics.host_bytes += emitted.straight.bytes.size() + emitted.cold.bytes.size();
    statistics.straight_bytes += emitted.straight.bytes.size();
    for (TranslationObserver* observer : observers)
      observer->translated({page.frame, *lowered, block, emitted.straight, emitted.cold});
    return true;
  }

  /// The translations of the frame at `host`, of which the text at `address` is one, if need be from now on. Null: it is not begun
  /// often enough, or cannot be translated.
  const TranslatedPage* translated_page(Cpu& cpu, u64 address, const u8* host) {
    const auto offset = static_cast<u16>(address & ~kPageMask);
    Page* page = &this->page(host);
    if (page->has_code(offset, host_code->not_translated())) return page->translated.get();
    u8& heat = page->heat[offset / 2];
    if (heat < options.threshold && ++heat < options.threshold) {
      ++statistics.cold;
      return nullptr;
    }
    if (!host_code->room_for_block()) {
      flush();
      page = &this->page(host);
    }
    const u64 next = (address & kPageMask) + kPageSize;
    const mmu::TlbEntry& behind = (*cpu.instruction_context())->entry(next);
    if (translate(*page, behind.execute_tag == next ? behind.host(next) : nullptr, offset))
      return page->translated.get();
    ++statistics.crossing;
    return nullptr;
  }

  /// Those that `concerned` says; were there any?
  template <typename F>
  bool drop(Page& page, F&& concerned) {
    const auto gone = std::stable_partition(
        page.blocks.begin(), page.blocks.end(), [&](const TranslatedBlock& b) { return !concerned(b); });
    if (gone == page.blocks.end()) return false;
    for (auto b = gone; b != page.blocks.end(); ++b) {
      set_entry(page, b->begin, host_code->not_translated());
      for (const u64 number : b->links_here) host_code->disconnect(number);
      ++statistics.dropped;
    }
    page.blocks.erase(gone, page.blocks.end());
    return true;
  }
  bool drop_crossing_into(Page& page) {
    bool any = false;
    for (Page* from : std::exchange(page.crossed_from, {}))
      any |= drop(*from, [](const TranslatedBlock& b) { return b.end > kPageSize; });
    return any;
  }

  void connect(u64 number) {
    if (number >= links.size()) return;
    const KnownLink& l = links[number];
    for (TranslatedBlock& b : l.page->blocks) {
      if (b.begin != l.target) continue;
      host_code->connect(number, b.code);
      b.links_here.push_back(number);
      ++statistics.links;
      return;
    }
  }
};

Engine::Engine(Interpreter& interpreter,
               interpreter::CodeCache& code,
               mmu::AbsoluteStorage& storage,
               const Cpu& layout_of,
               const EngineOptions& options)
    : parts_(std::make_unique<Parts>(interpreter, code, storage, layout_of, options)) {
  code.set_user(this);
}

Engine::~Engine() { parts_->code.set_user(nullptr); }

const char* Engine::obstacle() { return backend::obstacle(); }

void Engine::observe(TranslationObserver& observer) { parts_->observers.push_back(&observer); }

void Engine::set_fetches_seen(bool seen) {
  Parts& p = *parts_;
  const bool calls_only = seen || p.calls_only;
  if (p.options.lowering.calls_only == calls_only) return;
  p.options.lowering.calls_only = calls_only;
  p.flush();
}

const Engine::Statistics& Engine::statistics() const { return parts_->statistics; }

std::vector<Engine::Fallback> Engine::fallbacks() const {
  std::vector<Fallback> all;
  for (const auto& [def, fallback] : parts_->fallbacks) all.push_back(fallback);
  std::sort(all.begin(), all.end(), [](const Fallback& a, const Fallback& b) {
    return a.calls != b.calls ? a.calls > b.calls : a.places > b.places;
  });
  return all;
}

bool Engine::text_changed(AbsoluteAddress frame, u64 begin, u64 length) {
  Page* const page = parts_->page_of[frame.value / kPageSize];
  if (page == nullptr) return false;
  bool any = parts_->drop(*page, [&](const TranslatedBlock& b) { return b.made_of(begin, begin + length); });
  constexpr u64 kLongestEnd = 4; // of an instruction that begins in the page before
  if (begin < kLongestEnd) any |= parts_->drop_crossing_into(*page);
  if (any) parts_->changed();
  return any;
}

void Engine::text_unwatched(AbsoluteAddress frame) {
  Page* const page = parts_->page_of[frame.value / kPageSize];
  if (page == nullptr) return;
  (void)parts_->drop(*page, [](const TranslatedBlock&) { return true; });
  (void)parts_->drop_crossing_into(*page);
  std::fill(std::begin(page->heat), std::end(page->heat), u8{0});
  parts_->changed();
}

void Engine::run(Cpu& cpu, u64 limit) {
  Parts& p = *parts_;
  EngineState& state = cpu.engine;
  if (std::find(p.cpus.begin(), p.cpus.end(), &cpu) == p.cpus.end()) p.cpus.push_back(&cpu);
  void* const not_translated = p.host_code->not_translated();
  constexpr u64 kNoLink = ~u64{0};
  u64 link = kNoLink;
  while (cpu.cycles < limit && !cpu.leaving()) {
    if (!ir::translatable(cpu)) {
      (void)p.interpreter.run_pages<Interpreter::Extent::Unlimited>(cpu, limit);
      return;
    }
    const u64 address = cpu.psw.address;
    const HostSpan host = (address & 1) == 0 ? cpu.instruction_page(address) : HostSpan{nullptr, 0, Outcome::Branched};
    if (host.outcome == Outcome::CompletedLeaveBlock) return; // watched
    if (host.outcome != Outcome::Completed) {
      // The interpreter finds the same again, and says so.
      if (!p.interpreter.run_pages<Interpreter::Extent::Block>(cpu, limit)) return;
      continue;
    }
    const void*& known = (*cpu.instruction_context())->code[mmu::TlbContext::index(address)];
    const auto* page = static_cast<const TranslatedPage*>(known);
    const u64 halfword = (address & ~kPageMask) / 2;
    if (page == nullptr || page->entries[halfword] == not_translated) {
      const u64 flushes = p.statistics.flushes;
      page = p.translated_page(cpu, address, host.bytes);
      if (page == nullptr || p.statistics.flushes != flushes) link = kNoLink;
      if (page == nullptr) {
        if (!p.interpreter.run_pages<Interpreter::Extent::Block>(cpu, limit)) return;
        continue;
      }
      known = page;
    }
    if (link != kNoLink) p.connect(std::exchange(link, kNoLink));

    state.page = address & kPageMask;
    cpu.choose_data_context();
    const u64 before = cpu.cycles;
    state.deadline = std::min(limit, before + backend::kLongestRun);
    state.excess = 0;
    const auto left = p.host_code->enter(cpu, page->entries[halfword]);
    ++p.statistics.entries;
    cpu.cycles = state.deadline - static_cast<u64>(state.left);
    const u64 executed = cpu.cycles - before - state.excess;
    cpu.instructions += executed;
    p.statistics.executed += executed;
    switch (left) {
    case Left::Again:
      // No time for the block: the interpreter knows when to stop in it.
      if (executed != 0) break;
      ++p.statistics.late;
      if (!p.interpreter.run_pages<Interpreter::Extent::Block>(cpu, limit)) return;
      break;
    case Left::Link: link = state.exit_link; break;
    case Left::Outcome: {
      const auto outcome = static_cast<Outcome>(state.outcome);
      if (outcome == Outcome::Branched) break;
      p.interpreter.finish(cpu, outcome, static_cast<u8>(state.exit_length));
      return;
    }
    }
  }
}

} // namespace siena::cpu::jit
