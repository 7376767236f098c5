// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/x64/assembler.h"

#include <cstddef>

#include <sys/mman.h>
#include <unistd.h>

namespace siena::cpu::jit::x64 {

namespace {

constexpr bool is_volatile(int host) { return host != Xbyak::Operand::RBX && host < Xbyak::Operand::R12; }

} // namespace

CodeMemory::CodeMemory(std::size_t size) : size_(size) {
  const int fd = memfd_create("siena-code", MFD_CLOEXEC);
  CHECK(fd >= 0 && ftruncate(fd, static_cast<off_t>(size)) == 0, "memory for translated code");
  void* const w = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  void* const x = mmap(nullptr, size, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  CHECK(w != MAP_FAILED && x != MAP_FAILED, "memory for translated code");
  close(fd);
  writable_ = static_cast<u8*>(w);
  executable_ = static_cast<u8*>(x);
}

CodeMemory::~CodeMemory() {
  munmap(writable_, size_);
  munmap(executable_, size_);
}

Assembler::Assembler(const CodeMemory& memory, const Layout& l)
    : Encoder(memory.size(), memory.writable()), layout(l), memory_(memory) {
  make_settle_cc();
  make_leave();
  make_call();
  slow_access = {make_slow_path(&SlowPaths::access, false), make_slow_path(&SlowPaths::access, true)};
  slow_row = {make_slow_path(&SlowPaths::row, false), make_slow_path(&SlowPaths::row, true)};
  slow_exit = make_slow_path(&SlowPaths::exit, false); // does not come back
  slow_paths.leaves_by(memory.executable(leave_at), memory.executable(leave));
  make_variable_characters();
  make_enter();
  align(64);
  common_size_ = getSize();
  clear();
}

void Assembler::clear() {
  setSize(common_size_);
  cold_ = memory_.size() / 2;
  slow_paths.clear();
}

bool Assembler::room_for_block() const {
  return getSize() + kLargestBlock < memory_.size() / 2 && cold_ + kLargestBlock < memory_.size();
}

void Assembler::go_cold(const u8* begun) {
  CHECK(static_cast<std::size_t>(getCurr() - begun) < kLargestBlock, "a block has its limits");
  straight_ = getSize();
  setSize(cold_);
}

void Assembler::go_straight() {
  CHECK(getSize() - cold_ < kLargestBlock, "a block's cold part has its limits");
  cold_ = getSize();
  setSize(straight_);
}

void Assembler::save_homes(bool only_volatile) {
  for (unsigned n = 0; n < 16; ++n)
    if (kHome[n] != kNoRegister && (!only_volatile || is_volatile(kHome[n]))) mov(gr_field(n), Reg64(kHome[n]));
}
void Assembler::load_homes(bool only_volatile) {
  for (unsigned n = 0; n < 16; ++n)
    if (kHome[n] != kNoRegister && (!only_volatile || is_volatile(kHome[n]))) mov(Reg64(kHome[n]), gr_field(n));
}

void Assembler::settle_breaking_event(const Reg64& scratch) {
  const Xbyak::Address pending = engine_dword(offsetof(EngineState, breaking));
  Label nothing;
  movsxd(scratch, pending);
  test(scratch, scratch);
  js(nothing);
  add(scratch, engine_field(offsetof(EngineState, page)));
  mov(field(layout.breaking_event), scratch);
  mov(pending, static_cast<u32>(EngineState::kNoBreaking));
  L(nothing);
}

void Assembler::make_enter() {
  const u8* const at = getCurr();
  for (const int r : {3, 5, 12, 13, 14, 15}) push(Reg64(r));
  sub(rsp, 8);
  lea(rbp, ptr[rdi + layout.base]);
  mov(rax, rsi);
  mov(r12, field(layout.data_context));
  mov(r13, engine_field(offsetof(EngineState, deadline)));
  sub(r13, field(layout.cycles));
  shl(r13, kTimeShift);
  load_homes(false);
  jmp(rax);
  enter_ = reinterpret_cast<Enter>(memory_.executable(at));
}

void Assembler::make_leave() {
  not_translated_ = memory_.executable(getCurr());
  // From an indirect branch: eax is the offset in the page.
  mov(ecx, eax);
  mov(eax, static_cast<u32>(Left::Again));
  leave_at = getCurr();
  movsxd(rcx, ecx);
  add(rcx, engine_field(offsetof(EngineState, page)));
  mov(field(layout.psw_address), rcx);
  leave = getCurr();
  save_homes(false);
  settle_breaking_event(rdx);
  Label settled;
  cmp(engine_dword(offsetof(EngineState, cc_rule)), 0);
  je(settled);
  call_to(settle_cc);
  L(settled);
  mov(rcx, r13);
  sar(rcx, kTimeShift);
  mov(engine_field(offsetof(EngineState, left)), rcx);
  and_(r13d, (1u << kTimeShift) - 1);
  add(engine_field(offsetof(EngineState, excess)), r13);
  add(rsp, 8);
  for (const int r : {15, 14, 13, 12, 5, 3}) pop(Reg64(r));
  ret();
}

void Assembler::make_call() {
  call_handler = getCurr();
  sub(rsp, 24);
  save_homes(false);
  settle_breaking_event(rsi);
  Label settled;
  cmp(engine_dword(offsetof(EngineState, cc_rule)), 0);
  je(settled);
  call_to(settle_cc);
  L(settled);
  mov(esi, ecx);
  and_(esi, 0xFFFF);
  add(rsi, engine_field(offsetof(EngineState, page)));
  mov(field(layout.psw_address), rsi);
  shr(ecx, 16);
  mov(rsi, r13);
  sar(rsi, kTimeShift);
  add(rcx, rsi);
  mov(rsi, engine_field(offsetof(EngineState, deadline)));
  sub(rsi, rcx);
  mov(field(layout.cycles), rsi);
  mov(ptr[rsp + 8], rsi);
  mov(rcx, engine_field(offsetof(EngineState, code_changed)));
  mov(ptr[rsp], rcx);
  lea(rdi, ptr[rbp - layout.base]);
  mov(rsi, rdx);
  call(rax);
  movzx(eax, al);
  Label same;
  mov(rcx, engine_field(offsetof(EngineState, code_changed)));
  cmp(rcx, ptr[rsp]);
  je(same);
  test(eax, eax);
  jne(same);
  // It may have been this block.
  mov(eax, static_cast<u32>(Outcome::CompletedLeaveBlock));
  L(same);
  mov(rcx, field(layout.cycles));
  sub(rcx, ptr[rsp + 8]); // what the row charged by itself
  add(engine_field(offsetof(EngineState, excess)), rcx);
  shl(rcx, kTimeShift);
  sub(r13, rcx);
  load_homes(false);
  mov(r12, field(layout.data_context));
  add(rsp, 24);
  test(eax, eax);
  ret();
}

void Assembler::make_settle_cc() {
  settle_cc = getCurr();
  for (const int r : kTemporaries) push(Reg64(r));
  sub(rsp, 8);
  save_homes(true);
  lea(rdi, ptr[rbp - layout.base]);
  mov(rax, reinterpret_cast<u64>(&settle));
  call(rax);
  load_homes(true);
  add(rsp, 8);
  for (int i = 3; i >= 0; --i) pop(Reg64(kTemporaries[i]));
  ret();
}

// The record's number is on the stack.
const u8* Assembler::make_slow_path(const void* (*function)(Cpu*, SlowPaths::Frame*, const SlowPaths*),
                                    bool with_copies) {
  const u8* const at = getCurr();
  constexpr auto kSize = static_cast<u32>(offsetof(SlowPaths::Frame, number));
  static_assert(kSize % 16 == 8, "the number's place and this keep the stack aligned");
  const auto registers = [&](bool save) {
    for (int r = 0; r < 16; ++r) {
      if (r == Xbyak::Operand::RSP || r == Xbyak::Operand::RBP) continue;
      const Xbyak::Address place = ptr[rsp + static_cast<std::size_t>(8 * r)];
      save ? mov(place, Reg64(r)) : mov(Reg64(r), place);
    }
    for (int x = 3; with_copies && x < 16; ++x) {
      const Xbyak::Address place =
          ptr[rsp + offsetof(SlowPaths::Frame, vectors) + static_cast<std::size_t>(16 * (x - 3))];
      save ? vmovups(place, Xbyak::Xmm(x)) : vmovups(Xbyak::Xmm(x), place);
    }
  };
  sub(rsp, kSize);
  registers(true);
  lea(rdi, ptr[rbp - layout.base]);
  mov(rsi, rsp);
  mov(rdx, reinterpret_cast<u64>(&slow_paths));
  mov(rax, reinterpret_cast<u64>(function));
  call(rax);
  mov(ptr[rsp + kSize], rax);
  registers(false);
  add(rsp, kSize + 8);
  jmp(ptr[rsp - 8]);
  return at;
}

} // namespace siena::cpu::jit::x64
