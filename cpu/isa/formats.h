// SPDX-License-Identifier: BSD-3-Clause
// Instruction formats: typed views over the instruction text (PoP, Program Execution, *Instruction formats*). Nothing is
// unpacked ahead of time; a field is a shift and a mask. Field names and bit numbers are the manual's. `d2()` of the formats
// with a long displacement is the signed 20-bit value; `ri..()` are relative immediates in bytes (already doubled).
#pragma once

#include "base/bits.h"
#include "base/types.h"

namespace siena::cpu::isa {

/// Instruction text, left-aligned: bit 0 is the leftmost bit, as in the Principles of Operation. Bits 48-63 are not text: the
/// engines keep the length (bits 61-63) and the cost in cycles (bits 48-55) there.
struct InsnText {
  u64 bits = 0;

  /// 2, 4 or 6, from the first two bits of the operation code.
  constexpr u8 length() const {
    const auto top = bits >> 62;
    return top == 0 ? 2 : top == 3 ? 6 : 4;
  }
  constexpr u64 text_only() const { return bits & 0xFFFF'FFFF'FFFF'0000; }
};

template <unsigned First, unsigned Last>
constexpr u32 field(InsnText text) {
  return static_cast<u32>(bits<First, Last>(text.bits));
}
template <unsigned First, unsigned Last>
constexpr s64 signed_field(InsnText text) {
  return sign_extend<Last - First + 1>(bits<First, Last>(text.bits));
}
/// |DL:12|DH:8| at `First`: the long displacement, DH being its leftmost (signed) part.
template <unsigned First>
constexpr s64 long_displacement(InsnText text) {
  return sign_extend<20>((bits<First + 12, First + 19>(text.bits) << 12) | bits<First, First + 11>(text.bits));
}

enum class Format : u8 {
  E,
  I,
  IE,
  MII,
  RI_a,
  RI_b,
  RI_c,
  RIE_a,
  RIE_b,
  RIE_c,
  RIE_d,
  RIE_e,
  RIE_f,
  RIE_g,
  RIL_a,
  RIL_b,
  RIL_c,
  RIS,
  RR,
  RRD,
  RRE,
  RRF_a,
  RRF_b,
  RRF_c,
  RRF_d,
  RRF_e,
  RRS,
  RS_a,
  RS_b,
  RSI,
  RSL_a,
  RSL_b,
  RSY_a,
  RSY_b,
  RX_a,
  RX_b,
  RXE,
  RXF,
  RXY_a,
  RXY_b,
  S,
  SI,
  SIL,
  SIY,
  SMI,
  SS_a,
  SS_b,
  SS_c,
  SS_d,
  SS_e,
  SS_f,
  SSE,
  SSF,
};

/// Text length in bytes that a format has: what the first two bits of the operation code say, known at compile time.
constexpr u8 length_of(Format format) {
  using enum Format;
  switch (format) {
  case E:
  case I:
  case RR: return 2;
  case IE:
  case RI_a:
  case RI_b:
  case RI_c:
  case RRD:
  case RRE:
  case RRF_a:
  case RRF_b:
  case RRF_c:
  case RRF_d:
  case RRF_e:
  case RS_a:
  case RS_b:
  case RSI:
  case RX_a:
  case RX_b:
  case S:
  case SI: return 4;
  default: return 6;
  }
}

// clang-format off
/// |op:16|
struct E {
  static constexpr Format format = Format::E;
  InsnText text;
};
/// |op:8|I:8|
struct I {
  static constexpr Format format = Format::I;
  InsnText text;
  constexpr u32 i() const { return field<8, 15>(text); }
};
/// |op:16|/:8|I1:4|I2:4|
struct IE {
  static constexpr Format format = Format::IE;
  InsnText text;
  constexpr u32 i1() const { return field<24, 27>(text); }
  constexpr u32 i2() const { return field<28, 31>(text); }
};
/// |op:8|M1:4|RI2:12|RI3:24|
struct MII {
  static constexpr Format format = Format::MII;
  InsnText text;
  constexpr u32 m1() const { return field<8, 11>(text); }
  constexpr s64 ri2() const { return signed_field<12, 23>(text) * 2; }
  constexpr s64 ri3() const { return signed_field<24, 47>(text) * 2; }
};
/// |op:8|R1:4|op:4|I2:16|
struct RI_a {
  static constexpr Format format = Format::RI_a;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr s64 i2() const { return signed_field<16, 31>(text); }
  constexpr u32 i2u() const { return field<16, 31>(text); }
};
/// |op:8|R1:4|op:4|RI2:16|
struct RI_b {
  static constexpr Format format = Format::RI_b;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr s64 ri2() const { return signed_field<16, 31>(text) * 2; }
};
/// |op:8|M1:4|op:4|RI2:16|
struct RI_c {
  static constexpr Format format = Format::RI_c;
  InsnText text;
  constexpr u32 m1() const { return field<8, 11>(text); }
  constexpr s64 ri2() const { return signed_field<16, 31>(text) * 2; }
};
/// |op:8|R1:4|/:4|I2:16|M3:4|/:4|op:8|
struct RIE_a {
  static constexpr Format format = Format::RIE_a;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr s64 i2() const { return signed_field<16, 31>(text); }
  constexpr u32 i2u() const { return field<16, 31>(text); }
  constexpr u32 m3() const { return field<32, 35>(text); }
};
/// |op:8|R1:4|R2:4|RI4:16|M3:4|/:4|op:8|
struct RIE_b {
  static constexpr Format format = Format::RIE_b;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r2() const { return field<12, 15>(text); }
  constexpr s64 ri4() const { return signed_field<16, 31>(text) * 2; }
  constexpr u32 m3() const { return field<32, 35>(text); }
};
/// |op:8|R1:4|M3:4|RI4:16|I2:8|op:8|
struct RIE_c {
  static constexpr Format format = Format::RIE_c;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 m3() const { return field<12, 15>(text); }
  constexpr s64 ri4() const { return signed_field<16, 31>(text) * 2; }
  constexpr s64 i2() const { return signed_field<32, 39>(text); }
  constexpr u32 i2u() const { return field<32, 39>(text); }
};
/// |op:8|R1:4|R3:4|I2:16|/:8|op:8|
struct RIE_d {
  static constexpr Format format = Format::RIE_d;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r3() const { return field<12, 15>(text); }
  constexpr s64 i2() const { return signed_field<16, 31>(text); }
};
/// |op:8|R1:4|R3:4|RI2:16|/:8|op:8|
struct RIE_e {
  static constexpr Format format = Format::RIE_e;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r3() const { return field<12, 15>(text); }
  constexpr s64 ri2() const { return signed_field<16, 31>(text) * 2; }
};
/// |op:8|R1:4|R2:4|I3:8|I4:8|I5:8|op:8|
struct RIE_f {
  static constexpr Format format = Format::RIE_f;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r2() const { return field<12, 15>(text); }
  constexpr u32 i3() const { return field<16, 23>(text); }
  constexpr u32 i4() const { return field<24, 31>(text); }
  constexpr u32 i5() const { return field<32, 39>(text); }
};
/// |op:8|R1:4|M3:4|I2:16|/:8|op:8|
struct RIE_g {
  static constexpr Format format = Format::RIE_g;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 m3() const { return field<12, 15>(text); }
  constexpr s64 i2() const { return signed_field<16, 31>(text); }
};
/// |op:8|R1:4|op:4|I2:32|
struct RIL_a {
  static constexpr Format format = Format::RIL_a;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr s64 i2() const { return signed_field<16, 47>(text); }
  constexpr u32 i2u() const { return field<16, 47>(text); }
};
/// |op:8|R1:4|op:4|RI2:32|
struct RIL_b {
  static constexpr Format format = Format::RIL_b;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr s64 ri2() const { return signed_field<16, 47>(text) * 2; }
};
/// |op:8|M1:4|op:4|RI2:32|
struct RIL_c {
  static constexpr Format format = Format::RIL_c;
  InsnText text;
  constexpr u32 m1() const { return field<8, 11>(text); }
  constexpr s64 ri2() const { return signed_field<16, 47>(text) * 2; }
};
/// |op:8|R1:4|M3:4|B4:4|D4:12|I2:8|op:8|
struct RIS {
  static constexpr Format format = Format::RIS;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 m3() const { return field<12, 15>(text); }
  constexpr u32 b4() const { return field<16, 19>(text); }
  constexpr s64 d4() const { return field<20, 31>(text); }
  constexpr s64 i2() const { return signed_field<32, 39>(text); }
  constexpr u32 i2u() const { return field<32, 39>(text); }
};
/// |op:8|R1:4|R2:4|
struct RR {
  static constexpr Format format = Format::RR;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r2() const { return field<12, 15>(text); }
  constexpr u32 m1() const { return field<8, 11>(text); }
};
/// |op:16|R1:4|/:4|R3:4|R2:4|
struct RRD {
  static constexpr Format format = Format::RRD;
  InsnText text;
  constexpr u32 r1() const { return field<16, 19>(text); }
  constexpr u32 r3() const { return field<24, 27>(text); }
  constexpr u32 r2() const { return field<28, 31>(text); }
};
/// |op:16|/:8|R1:4|R2:4|
struct RRE {
  static constexpr Format format = Format::RRE;
  InsnText text;
  constexpr u32 r1() const { return field<24, 27>(text); }
  constexpr u32 r2() const { return field<28, 31>(text); }
};
/// |op:16|R3:4|M4:4|R1:4|R2:4|
struct RRF_a {
  static constexpr Format format = Format::RRF_a;
  InsnText text;
  constexpr u32 r3() const { return field<16, 19>(text); }
  constexpr u32 m4() const { return field<20, 23>(text); }
  constexpr u32 r1() const { return field<24, 27>(text); }
  constexpr u32 r2() const { return field<28, 31>(text); }
};
/// |op:16|R3:4|M4:4|R1:4|R2:4|
struct RRF_b {
  static constexpr Format format = Format::RRF_b;
  InsnText text;
  constexpr u32 r3() const { return field<16, 19>(text); }
  constexpr u32 m4() const { return field<20, 23>(text); }
  constexpr u32 r1() const { return field<24, 27>(text); }
  constexpr u32 r2() const { return field<28, 31>(text); }
};
/// |op:16|M3:4|/:4|R1:4|R2:4|
struct RRF_c {
  static constexpr Format format = Format::RRF_c;
  InsnText text;
  constexpr u32 m3() const { return field<16, 19>(text); }
  constexpr u32 r1() const { return field<24, 27>(text); }
  constexpr u32 r2() const { return field<28, 31>(text); }
};
/// |op:16|/:4|M4:4|R1:4|R2:4|
struct RRF_d {
  static constexpr Format format = Format::RRF_d;
  InsnText text;
  constexpr u32 m4() const { return field<20, 23>(text); }
  constexpr u32 r1() const { return field<24, 27>(text); }
  constexpr u32 r2() const { return field<28, 31>(text); }
};
/// |op:16|M3:4|M4:4|R1:4|R2:4|
struct RRF_e {
  static constexpr Format format = Format::RRF_e;
  InsnText text;
  constexpr u32 m3() const { return field<16, 19>(text); }
  constexpr u32 m4() const { return field<20, 23>(text); }
  constexpr u32 r1() const { return field<24, 27>(text); }
  constexpr u32 r2() const { return field<28, 31>(text); }
};
/// |op:8|R1:4|R2:4|B4:4|D4:12|M3:4|/:4|op:8|
struct RRS {
  static constexpr Format format = Format::RRS;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r2() const { return field<12, 15>(text); }
  constexpr u32 b4() const { return field<16, 19>(text); }
  constexpr s64 d4() const { return field<20, 31>(text); }
  constexpr u32 m3() const { return field<32, 35>(text); }
};
/// |op:8|R1:4|R3:4|B2:4|D2:12|
struct RS_a {
  static constexpr Format format = Format::RS_a;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r3() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
};
/// |op:8|R1:4|M3:4|B2:4|D2:12|
struct RS_b {
  static constexpr Format format = Format::RS_b;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 m3() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
};
/// |op:8|R1:4|R3:4|RI2:16|
struct RSI {
  static constexpr Format format = Format::RSI;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r3() const { return field<12, 15>(text); }
  constexpr s64 ri2() const { return signed_field<16, 31>(text) * 2; }
};
/// |op:8|L1:4|/:4|B1:4|D1:12|/:8|op:8|
struct RSL_a {
  static constexpr Format format = Format::RSL_a;
  InsnText text;
  constexpr u32 l1() const { return field<8, 11>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
};
/// |op:8|L2:8|B2:4|D2:12|R1:4|M3:4|op:8|
struct RSL_b {
  static constexpr Format format = Format::RSL_b;
  InsnText text;
  constexpr u32 l2() const { return field<8, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
  constexpr u32 r1() const { return field<32, 35>(text); }
  constexpr u32 m3() const { return field<36, 39>(text); }
};
/// |op:8|R1:4|R3:4|B2:4|DL2:12|DH2:8|op:8|
struct RSY_a {
  static constexpr Format format = Format::RSY_a;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r3() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return long_displacement<20>(text); }
};
/// |op:8|R1:4|M3:4|B2:4|DL2:12|DH2:8|op:8|
struct RSY_b {
  static constexpr Format format = Format::RSY_b;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 m3() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return long_displacement<20>(text); }
};
/// |op:8|R1:4|X2:4|B2:4|D2:12|
struct RX_a {
  static constexpr Format format = Format::RX_a;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 x2() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
};
/// |op:8|M1:4|X2:4|B2:4|D2:12|
struct RX_b {
  static constexpr Format format = Format::RX_b;
  InsnText text;
  constexpr u32 m1() const { return field<8, 11>(text); }
  constexpr u32 x2() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
};
/// |op:8|R1:4|X2:4|B2:4|D2:12|M3:4|/:4|op:8|
struct RXE {
  static constexpr Format format = Format::RXE;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 x2() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
  constexpr u32 m3() const { return field<32, 35>(text); }
};
/// |op:8|R3:4|X2:4|B2:4|D2:12|R1:4|/:4|op:8|
struct RXF {
  static constexpr Format format = Format::RXF;
  InsnText text;
  constexpr u32 r3() const { return field<8, 11>(text); }
  constexpr u32 x2() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
  constexpr u32 r1() const { return field<32, 35>(text); }
};
/// |op:8|R1:4|X2:4|B2:4|DL2:12|DH2:8|op:8|
struct RXY_a {
  static constexpr Format format = Format::RXY_a;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 x2() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return long_displacement<20>(text); }
};
/// |op:8|M1:4|X2:4|B2:4|DL2:12|DH2:8|op:8|
struct RXY_b {
  static constexpr Format format = Format::RXY_b;
  InsnText text;
  constexpr u32 m1() const { return field<8, 11>(text); }
  constexpr u32 x2() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return long_displacement<20>(text); }
};
/// |op:16|B2:4|D2:12|
struct S {
  static constexpr Format format = Format::S;
  InsnText text;
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
};
/// |op:8|I2:8|B1:4|D1:12|
struct SI {
  static constexpr Format format = Format::SI;
  InsnText text;
  constexpr u32 i2() const { return field<8, 15>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
};
/// |op:16|B1:4|D1:12|I2:16|
struct SIL {
  static constexpr Format format = Format::SIL;
  InsnText text;
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
  constexpr s64 i2() const { return signed_field<32, 47>(text); }
  constexpr u32 i2u() const { return field<32, 47>(text); }
};
/// |op:8|I2:8|B1:4|DL1:12|DH1:8|op:8|
struct SIY {
  static constexpr Format format = Format::SIY;
  InsnText text;
  constexpr u32 i2() const { return field<8, 15>(text); }
  constexpr s64 i2s() const { return signed_field<8, 15>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return long_displacement<20>(text); }
};
/// |op:8|M1:4|/:4|B3:4|D3:12|RI2:16|
struct SMI {
  static constexpr Format format = Format::SMI;
  InsnText text;
  constexpr u32 m1() const { return field<8, 11>(text); }
  constexpr u32 b3() const { return field<16, 19>(text); }
  constexpr s64 d3() const { return field<20, 31>(text); }
  constexpr s64 ri2() const { return signed_field<32, 47>(text) * 2; }
};
/// |op:8|L:8|B1:4|D1:12|B2:4|D2:12|
struct SS_a {
  static constexpr Format format = Format::SS_a;
  InsnText text;
  constexpr u32 l() const { return field<8, 15>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
  constexpr u32 b2() const { return field<32, 35>(text); }
  constexpr s64 d2() const { return field<36, 47>(text); }
};
/// |op:8|L1:4|L2:4|B1:4|D1:12|B2:4|D2:12|
struct SS_b {
  static constexpr Format format = Format::SS_b;
  InsnText text;
  constexpr u32 l1() const { return field<8, 11>(text); }
  constexpr u32 l2() const { return field<12, 15>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
  constexpr u32 b2() const { return field<32, 35>(text); }
  constexpr s64 d2() const { return field<36, 47>(text); }
};
/// |op:8|L1:4|I3:4|B1:4|D1:12|B2:4|D2:12|
struct SS_c {
  static constexpr Format format = Format::SS_c;
  InsnText text;
  constexpr u32 l1() const { return field<8, 11>(text); }
  constexpr u32 i3() const { return field<12, 15>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
  constexpr u32 b2() const { return field<32, 35>(text); }
  constexpr s64 d2() const { return field<36, 47>(text); }
};
/// |op:8|R1:4|R3:4|B1:4|D1:12|B2:4|D2:12|
struct SS_d {
  static constexpr Format format = Format::SS_d;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r3() const { return field<12, 15>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
  constexpr u32 b2() const { return field<32, 35>(text); }
  constexpr s64 d2() const { return field<36, 47>(text); }
};
/// |op:8|R1:4|R3:4|B2:4|D2:12|B4:4|D4:12|
struct SS_e {
  static constexpr Format format = Format::SS_e;
  InsnText text;
  constexpr u32 r1() const { return field<8, 11>(text); }
  constexpr u32 r3() const { return field<12, 15>(text); }
  constexpr u32 b2() const { return field<16, 19>(text); }
  constexpr s64 d2() const { return field<20, 31>(text); }
  constexpr u32 b4() const { return field<32, 35>(text); }
  constexpr s64 d4() const { return field<36, 47>(text); }
};
/// |op:8|L2:8|B1:4|D1:12|B2:4|D2:12|
struct SS_f {
  static constexpr Format format = Format::SS_f;
  InsnText text;
  constexpr u32 l2() const { return field<8, 15>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
  constexpr u32 b2() const { return field<32, 35>(text); }
  constexpr s64 d2() const { return field<36, 47>(text); }
};
/// |op:16|B1:4|D1:12|B2:4|D2:12|
struct SSE {
  static constexpr Format format = Format::SSE;
  InsnText text;
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
  constexpr u32 b2() const { return field<32, 35>(text); }
  constexpr s64 d2() const { return field<36, 47>(text); }
};
/// |op:8|R3:4|op:4|B1:4|D1:12|B2:4|D2:12|
struct SSF {
  static constexpr Format format = Format::SSF;
  InsnText text;
  constexpr u32 r3() const { return field<8, 11>(text); }
  constexpr u32 b1() const { return field<16, 19>(text); }
  constexpr s64 d1() const { return field<20, 31>(text); }
  constexpr u32 b2() const { return field<32, 35>(text); }
  constexpr s64 d2() const { return field<36, 47>(text); }
};
// clang-format on

static_assert(RXY_a{InsnText{0xE3'1F'2F'FF'FF'04'00'00}}.d2() == -1);
static_assert(RI_c{InsnText{0xA7'F4'FF'FE'00'00'00'00}}.ri2() == -4);
static_assert(InsnText{0xA7F4'0000'0000'0000}.length() == 4 && InsnText{0x07FE'0000'0000'0000}.length() == 2);

} // namespace siena::cpu::isa
