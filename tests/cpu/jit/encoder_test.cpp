// SPDX-License-Identifier: BSD-3-Clause
// The short ways to write an instruction give the bytes that Xbyak gives.
#include "cpu/jit/x64/encoder.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <functional>
#include <vector>

namespace siena::cpu::jit::x64 {
namespace {

using Xbyak::CodeGenerator;
using Xbyak::Reg32;
using Xbyak::Reg64;

constexpr u64 kConstants[] = {0,
                              1,
                              127,
                              128,
                              0x7FFF'FFFF,
                              0x8000'0000,
                              0xFFFF'FFFF,
                              ~u64{0},
                              ~u64{127},
                              ~u64{128},
                              0x1'0000'0000,
                              0x1234'5678'9ABC'DEF0};
constexpr int kDisplacements[] = {0, 1, 127, 128, -128, -129, 0x12345};

template <typename Generator>
std::vector<u8> bytes_of(const std::function<void(Generator&)>& write) {
  std::array<u8, 256> buffer{};
  Generator g(buffer.size(), buffer.data());
  write(g);
  return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(g.getSize())};
}

/// `write` is a generic function of a generator.
#define EXPECT_THE_SAME(write)                                                                                         \
  EXPECT_EQ(bytes_of<Encoder>([&](Encoder& g) { write(g); }),                                                          \
            bytes_of<CodeGenerator>([&](CodeGenerator& g) { write(g); }))

template <typename R>
void expect_register_forms() {
  for (int x = 0; x < 16; ++x)
    for (int y = 0; y < 16; ++y) {
      const R a(x), b(y);
      const auto all = [&](auto& g) {
        g.mov(a, b);
        g.add(a, b);
        g.or_(a, b);
        g.and_(a, b);
        g.sub(a, b);
        g.xor_(a, b);
        g.cmp(a, b);
        g.test(a, b);
        g.rorx(a, b, 7);
        g.shl(a, 1);
        g.shr(a, 5);
        g.sar(b, 31);
      };
      EXPECT_THE_SAME(all) << x << ", " << y;
    }
}

TEST(Encoder, RegisterFormsAreXbyaks) {
  expect_register_forms<Reg64>();
  expect_register_forms<Reg32>();
}

template <typename R>
void expect_storage_forms(const Xbyak::RegExp& at) {
  for (int x = 0; x < 16; ++x) {
    const R r(x);
    const auto all = [&](auto& g) {
      g.mov(r, g.ptr[at]);
      g.mov(g.ptr[at], r);
      g.lea(r, g.ptr[at]);
      g.movbe(r, g.ptr[at]);
      g.movbe(g.ptr[at], r);
      g.add(r, g.ptr[at]);
      g.cmp(g.ptr[at], r);
      g.xor_(r, g.ptr[at]);
      g.test(g.ptr[at], r);
    };
    EXPECT_THE_SAME(all) << x;
  }
}

TEST(Encoder, StorageFormsAreXbyaks) {
  for (int base = 0; base < 16; ++base)
    for (const int displacement : kDisplacements) {
      expect_storage_forms<Reg64>(Reg64(base) + displacement);
      expect_storage_forms<Reg32>(Reg64(base) + displacement);
    }
  for (int index = 0; index < 16; ++index) {
    if (index == Xbyak::Operand::RSP) continue; // cannot be one
    for (const int base : {3, 4, 5, 12, 13})
      for (const int scale : {1, 2, 4, 8}) expect_storage_forms<Reg64>(Reg64(base) + Reg64(index) * scale + 9);
  }
}

TEST(Encoder, ConstantsAreXbyaks) {
  for (const u64 constant : kConstants)
    for (int x = 0; x < 16; ++x) {
      const auto registers = [&](auto& g) {
        g.mov(Reg64(x), constant);
        g.mov(Reg32(x), static_cast<u32>(constant));
        g.add(Reg64(x), static_cast<u32>(constant));
        g.or_(Reg32(x), static_cast<u32>(constant));
        g.and_(Reg64(x), static_cast<u32>(constant));
        g.sub(Reg32(x), static_cast<u32>(constant));
        g.xor_(Reg64(x), static_cast<u32>(constant));
        g.cmp(Reg32(x), static_cast<u32>(constant));
        g.test(Reg64(x), static_cast<u32>(constant));
      };
      EXPECT_THE_SAME(registers) << constant << ", " << x;
      const auto storage = [&](auto& g) {
        g.mov(g.dword[Reg64(x) + 5], static_cast<u32>(constant));
        g.mov(g.qword[Reg64(x) + 5], static_cast<u64>(static_cast<s32>(constant)));
        g.sub(g.dword[Reg64(x)], static_cast<u32>(constant));
        g.cmp(g.qword[Reg64(x) + 300], static_cast<u32>(constant));
      };
      EXPECT_THE_SAME(storage) << constant << ", " << x;
    }
}

TEST(Encoder, WhatHasNoShortWayIsXbyaks) {
  const auto all = [](auto& g) {
    g.mov(g.al, g.bl);
    g.mov(g.byte[g.rax], g.cl);
    g.movbe(g.ptr[g.rax], g.cx);
    g.mov(g.eax, g.ptr[g.ecx]);
    g.and_(g.byte[g.rdi + 1], 0x7F);
    g.lea(g.rax, g.ptr[g.rcx * 8 + 100]);
  };
  EXPECT_THE_SAME(all);
}

TEST(Encoder, JumpsReachTheirLabelsForwardsAndBackwards) {
  std::array<u8, 1024> buffer{};
  Encoder g(buffer.size(), buffer.data());
  g.nop(); // no label is at the buffer's first byte
  Label back, forward;
  g.L(back);
  g.je(forward, g.T_NEAR);
  g.jne(forward);
  g.jmp(forward, g.T_NEAR);
  g.jb(forward);
  g.jmp(back);
  EXPECT_EQ(g.waiting(), 4u);
  const std::size_t target = g.getSize();
  g.L(forward);
  EXPECT_EQ(g.waiting(), 0u);
  const auto near = [&](std::size_t field) {
    s32 displacement = 0;
    std::memcpy(&displacement, &buffer[field], sizeof displacement);
    return field + 4 + static_cast<std::size_t>(s64{displacement});
  };
  const auto is_short = [&](std::size_t field) {
    return field + 1 + static_cast<std::size_t>(s64{static_cast<s8>(buffer[field])});
  };
  EXPECT_EQ(near(3), target);      // 1: je
  EXPECT_EQ(is_short(8), target);  // 7: jne
  EXPECT_EQ(near(10), target);     // 9: jmp
  EXPECT_EQ(is_short(15), target); // 14: jb
  EXPECT_EQ(is_short(17), 1u);     // 16: jmp back
  for (int i = 0; i < 200; ++i) g.nop();
  const std::size_t far = g.getSize();
  g.jmp(back); // too far for a short one
  EXPECT_EQ(near(far + 1), 1u);
}

} // namespace
} // namespace siena::cpu::jit::x64
