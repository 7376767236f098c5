// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/x64/assembler.h"

#include "cpu/isa/bfp/compare.h"

#include <bit>
#include <cstddef>
#include <type_traits>

#include <sys/mman.h>
#include <unistd.h>

namespace siena::cpu::jit::x64 {

namespace {

// What the TLB cannot serve. The widths are the only ones that generated code asks for.
void fetch(Cpu* cpu) {
  EngineState& e = cpu->engine;
  const LogicalAddress a{e.address, static_cast<u8>(e.size_and_base >> 8)};
  const auto take = [&](auto fetched) {
    e.value = fetched.value;
    e.outcome = static_cast<u64>(fetched.outcome);
  };
  switch (e.size_and_base & 0xFF) {
  case 1: return take(cpu->fetch<u8>(a));
  case 2: return take(cpu->fetch<u16>(a));
  case 4: return take(cpu->fetch<u32>(a));
  default: return take(cpu->fetch<u64>(a));
  }
}

/// True when translated code has changed by it.
bool store(Cpu* cpu) {
  EngineState& e = cpu->engine;
  const LogicalAddress a{e.address, static_cast<u8>(e.size_and_base >> 8)};
  const u64 before = e.code_changed;
  const auto put = [&](auto value) { e.outcome = static_cast<u64>(cpu->store(a, value)); };
  switch (e.size_and_base & 0xFF) {
  case 1: put(static_cast<u8>(e.value)); break;
  case 2: put(static_cast<u16>(e.value)); break;
  case 4: put(static_cast<u32>(e.value)); break;
  default: put(e.value); break;
  }
  return e.code_changed != before;
}

template <typename T>
u8 condition_code(ir::Op op, T a, T b) {
  using enum ir::Op;
  using Signed = std::make_signed_t<T>;
  using Format = std::conditional_t<sizeof(T) == 8, isa::bfp::Long, isa::bfp::Short>;
  const bool negative = static_cast<Signed>(a) < 0;
  const u8 sign = a == 0 ? 0 : negative ? 1 : 2;
  switch (op) {
  case CcSign: return sign;
  case CcNonZero: return a != 0;
  case CcCompareSigned: return a == b ? 0 : static_cast<Signed>(a) < static_cast<Signed>(b) ? 1 : 2;
  case CcCompareLogical: return a == b ? 0 : a < b ? 1 : 2;
  case CcAddSigned: { // a: the sum
    const T other = a - b;
    return static_cast<Signed>((other ^ a) & (b ^ a)) < 0 ? 3 : sign;
  }
  case CcSubtractSigned: { // a: the difference
    const T from = a + b;
    return static_cast<Signed>((from ^ b) & (from ^ a)) < 0 ? 3 : sign;
  }
  case CcAddLogical: return static_cast<u8>((a != 0) + (a < b ? 2 : 0));
  case CcSubtractLogical: return static_cast<u8>((a != 0) + (static_cast<T>(a + b) >= b ? 2 : 0));
  case CcTestMask: return a == 0 ? 0 : a == b ? 3 : 1;
  case CcTestMaskLeftmost: return a == 0 ? 0 : a == b ? 3 : a >= std::bit_floor(b) ? 2 : 1;
  case CcFloatSign: return isa::bfp::condition_code<Format>(a);
  case CcFloatCompare: return isa::bfp::compare<Format>(a, b, {}).value;
  default: CHECK(false, "only condition codes with a rule are deferred"); return 0;
  }
}

void settle(Cpu* cpu) {
  EngineState& e = cpu->engine;
  const auto op = static_cast<ir::Op>(e.cc_rule & 0xFF);
  cpu->psw.cc = (e.cc_rule & 0x100) != 0 ? condition_code<u64>(op, e.cc_a, e.cc_b)
                                         : condition_code<u32>(op, static_cast<u32>(e.cc_a), static_cast<u32>(e.cc_b));
  e.cc_rule = 0;
}

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
    : CodeGenerator(memory.size(), memory.writable()), layout(l), memory_(memory) {
  make_settle_cc();
  make_leave();
  make_call();
  make_slow_access(false);
  make_slow_access(true);
  make_enter();
  align(64);
  common_size_ = getSize();
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
  Xbyak::Label nothing;
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
  Xbyak::Label settled;
  cmp(engine_dword(offsetof(EngineState, cc_rule)), 0);
  je(settled);
  call_to(settle_cc);
  L(settled);
  mov(engine_field(offsetof(EngineState, left)), r13);
  add(rsp, 8);
  for (const int r : {15, 14, 13, 12, 5, 3}) pop(Reg64(r));
  ret();
  leave_failed_at = getCurr();
  mov(eax, static_cast<u32>(Left::Outcome));
  jump_to(leave_at);
}

void Assembler::make_call() {
  call_handler = getCurr();
  sub(rsp, 24);
  save_homes(false);
  settle_breaking_event(rsi);
  Xbyak::Label settled;
  cmp(engine_dword(offsetof(EngineState, cc_rule)), 0);
  je(settled);
  call_to(settle_cc);
  L(settled);
  mov(esi, ecx);
  and_(esi, 0xFFFF);
  add(rsi, engine_field(offsetof(EngineState, page)));
  mov(field(layout.psw_address), rsi);
  shr(ecx, 16);
  mov(engine_field(offsetof(EngineState, rest)), rcx);
  mov(rsi, engine_field(offsetof(EngineState, deadline)));
  sub(rsi, r13);
  sub(rsi, rcx);
  mov(field(layout.cycles), rsi);
  mov(ptr[rsp + 8], rsi);
  mov(rcx, engine_field(offsetof(EngineState, code_changed)));
  mov(ptr[rsp], rcx);
  lea(rdi, ptr[rbp - layout.base]);
  mov(rsi, rdx);
  call(rax);
  movzx(eax, al);
  Xbyak::Label same;
  mov(rcx, engine_field(offsetof(EngineState, code_changed)));
  cmp(rcx, ptr[rsp]);
  je(same);
  test(eax, eax);
  jne(same);
  // It may have been this block.
  mov(eax, static_cast<u32>(Outcome::CompletedLeaveBlock));
  L(same);
  mov(rcx, field(layout.cycles));
  mov(r13, engine_field(offsetof(EngineState, deadline)));
  sub(r13, rcx);
  sub(r13, engine_field(offsetof(EngineState, rest)));
  sub(rcx, ptr[rsp + 8]); // what the row charged by itself
  add(engine_field(offsetof(EngineState, excess)), rcx);
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

void Assembler::make_slow_access(bool is_store) {
  (is_store ? store_slowly : fetch_slowly) = getCurr();
  sub(rsp, 8);
  save_homes(true);
  for (int i = 0; i < 4; ++i)
    mov(engine_field(offsetof(EngineState, temporaries) + static_cast<std::size_t>(8 * i)), Reg64(kTemporaries[i]));
  lea(rdi, ptr[rbp - layout.base]);
  mov(rax, is_store ? reinterpret_cast<u64>(&store) : reinterpret_cast<u64>(&fetch));
  call(rax);
  if (is_store) neg(al); // carry: changed
  load_homes(true);
  for (int i = 0; i < 4; ++i)
    mov(Reg64(kTemporaries[i]), engine_field(offsetof(EngineState, temporaries) + static_cast<std::size_t>(8 * i)));
  mov(r12, field(layout.data_context));
  lea(rsp, ptr[rsp + 8]);
  if (!is_store) cmp(qword[rbp + layout.engine + static_cast<int>(offsetof(EngineState, outcome))], 0);
  ret();
}

} // namespace siena::cpu::jit::x64
