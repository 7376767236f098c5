// SPDX-License-Identifier: BSD-3-Clause
#include "tests/random/builder.h"

#include <string_view>

namespace siena::random_test {

using cpu::isa::Format;
using cpu::isa::InstructionDef;

namespace {

u64 opcode_bits(const InstructionDef& def) {
  const u64 first = def.opcode >> 8, extension = def.opcode & 0xFF;
  u64 bits = first << 56;
  switch (cpu::isa::extension_of(static_cast<u8>(first))) {
  case cpu::isa::Extension::None: break;
  case cpu::isa::Extension::SecondByte:
  case cpu::isa::Extension::RightNibble: bits |= extension << 48; break;
  case cpu::isa::Extension::SixthByte: bits |= extension << 16; break;
  }
  return bits;
}

bool wants_alignment(std::string_view mnemonic) {
  return mnemonic.starts_with("CS") || mnemonic.starts_with("CDS") || mnemonic.starts_with("LAA") ||
         mnemonic.starts_with("LAN") || mnemonic.starts_with("LAO") || mnemonic.starts_with("LAX") ||
         mnemonic == "LPQ" || mnemonic == "STPQ" || mnemonic.starts_with("LPD");
}

/// Is this one of the extended BFP format, whose registers come in pairs?
bool extended(std::string_view m, bool first) {
  const bool fp = m.ends_with("BR") || m == "LXR" || m == "LZXR" || m.starts_with("MXD") || m.starts_with("LXD") ||
                  m.starts_with("LXE") || m == "TCXB";
  if (!fp || m.find('X') == std::string_view::npos) return false;
  if (m.starts_with("LXD") || m.starts_with("LXE") || m.starts_with("CXF") || m.starts_with("CXG") ||
      m.starts_with("CXL") || m.starts_with("MXD"))
    return first;
  if ((m[0] == 'C' && (m[1] == 'F' || m[1] == 'G' || m[1] == 'L')) && m != "CXBR") return !first;
  return true;
}

} // namespace

unsigned Builder::any_register() {
  if (random_.percent(90)) {
    static constexpr unsigned kFree[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15};
    return random_.of(kFree);
  }
  const auto r = static_cast<unsigned>(random_.below(16));
  return r == kLoopRegister && !alone_ ? 9 : r;
}

unsigned Builder::spare() {
  for (unsigned tries = 0; tries < 64; ++tries) {
    const unsigned r = any_register();
    if (r == 0 || (used_ & 1u << r) != 0) continue;
    used_ |= 1u << r;
    return r;
  }
  for (unsigned r = 1; r < 16; ++r)
    if ((used_ & 1u << r) == 0) return used_ |= 1u << r, r;
  return 1;
}

unsigned Builder::spare_pair() {
  for (unsigned tries = 0; tries < 64; ++tries) {
    const auto r = static_cast<unsigned>(2 * random_.below(5));
    if (r == 0 || (used_ & 3u << r) != 0) continue;
    used_ |= 3u << r;
    return r;
  }
  used_ |= 3u << kFirstPointer;
  return kFirstPointer;
}

void Builder::set(unsigned gr, u64 value) {
  used_ |= 1u << gr;
  if (value >> 32 == 0) return before(0xC00F'0000'0000'0000 | u64{gr} << 52 | value << 16); // LLILF
  before(0xC00E'0000'0000'0000 | u64{gr} << 52 | (value >> 32) << 16);                      // LLIHF
  before(0xC009'0000'0000'0000 | u64{gr} << 52 | (value & 0xFFFF'FFFF) << 16);              // IILF
}

void Builder::set_target(unsigned gr, Target target) {
  used_ |= 1u << gr;
  before(0xC000'0000'0000'0000 | u64{gr} << 52, target); // LARL
  // Which leaves bits 0-31 alone in the 31-bit mode, except under the oracle.
  if (case_.addressing_31) before(0xC008'0000'0000'0000 | u64{gr} << 52); // IIHF
}

u64 Builder::place(u64 length, u64 alignment) {
  constexpr u64 kEnd = RANDOM_DATA + RANDOM_DATA_SIZE, kMiddle = RANDOM_DATA + 4096;
  u64 at = RANDOM_DATA + random_.below(length < RANDOM_DATA_SIZE ? RANDOM_DATA_SIZE - length : 1);
  const u64 draw = random_.below(100), odd = random_.below(length + 1);
  const u64 faulting = alone_ ? 12 : 1;
  if (draw < 20) at = kMiddle - odd;
  if (draw >= 20 && draw < 30) at = kEnd - std::min<u64>(length, RANDOM_DATA_SIZE);
  if (draw >= 30 && draw < 45) at = last_place_ + random_.below(2 * length + 2) - length;
  if (draw >= 100 - faulting) at = random_.one_in(3) ? RANDOM_DATA - odd : kEnd - odd;
  if (!random_.one_in(16)) at &= ~(alignment - 1);
  if (!alone_ && (at < RANDOM_DATA || at + length > kEnd) && draw < 99)
    at = RANDOM_DATA + random_.below(64) * alignment;
  last_place_ = at;
  return at;
}

void Builder::poke(u64 address, const std::vector<u8>& bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (address + i - RANDOM_DATA < RANDOM_DATA_SIZE) case_.data[address + i - RANDOM_DATA] = bytes[i];
}
void Builder::poke(u64 address, std::initializer_list<u8> bytes) { poke(address, std::vector<u8>(bytes)); }

void Builder::designate(unsigned first, u64 address, bool wide) {
  const unsigned base = spare();
  const u64 displacement = random_.one_in(2) ? 0
                           : wide            ? random_.below(1024) - 512
                                             : random_.below(random_.one_in(2) ? 64 : 4096);
  set(base, address - displacement);
  put(first, 4, base);
  put(first + 4, 12, displacement & 0xFFF);
  if (wide) put(first + 16, 8, displacement >> 12 & 0xFF);
}

void Builder::storage(unsigned first, bool wide, u64 length, u64 alignment, bool indexed) {
  if (indexed) put(first - 4, 4, 0);
  const u64 draw = random_.below(100);
  if (draw < 55 || alignment > 1) {
    designate(first, place(length, alignment), wide);
    return;
  }
  if (draw < 96 || !alone_) {
    put(first, 4, kFirstPointer + random_.below(kLastPointer - kFirstPointer + 1));
    const u64 displacement =
        wide && random_.one_in(3) ? random_.below(256) - 128 : random_.below(random_.one_in(8) ? 2048 : 128);
    put(first + 4, 12, displacement & 0xFFF);
    if (wide) put(first + 16, 8, displacement >> 12 & 0xFF);
    if (indexed && random_.one_in(4)) put(first - 4, 4, kIndexRegister);
    return;
  }
  // Whatever the register holds, or no base at all. A long displacement without a base could reach what the oracle needs.
  put(first, 4, random_.below(16));
  put(first + 4, 12, random_.below(4096));
  if (wide) put(first + 16, 8, 0);
}

void Builder::start(const InstructionDef& def) {
  main_ = {{opcode_bits(def)}, {}};
  group_.definition = &def;
}

Group Builder::build(const InstructionDef& def) {
  start(def);
  if (!branch_setup(*this, def) && !special_setup(*this, def)) fields(def);
  const auto index = group_.pieces.size();
  group_.pieces.push_back(main_);
  if (until_complete_) group_.pieces.push_back({{0xA714'0000'0000'0000}, {Target::Kind::Piece, index}}); // BRC 1
  return std::move(group_);
}

Group Builder::build_executed(const InstructionDef& execute, const InstructionDef& def) {
  start(def);
  if (!special_setup(*this, def)) fields(def);
  const bool loop = until_complete_;
  // EXECUTE ors a byte into bits 8-15 of its target. Of those, what belongs to the operation code is left alone.
  // The register may be one that an interruptible target changes before it goes on.
  unsigned r1 = 0;
  if (!until_complete_ && random_.one_in(2)) {
    u64 modifier = random_.one_in(4) ? 0 : random_.below(256);
    switch (cpu::isa::extension_of(static_cast<u8>(def.opcode >> 8))) {
    case cpu::isa::Extension::SecondByte: modifier = 0; break;
    case cpu::isa::Extension::RightNibble: modifier &= 0xF0; break;
    default:
      if (random_.one_in(2)) modifier = get(8, 8), put(8, 8, 0); // all of it comes from the register
    }
    r1 = spare();
    set(r1, random_.word() << 8 | modifier);
  }
  group_.pool.push_back(main_);
  group_.definition = &def;
  main_ = {{opcode_bits(execute)}, {}};
  put(8, 4, r1);
  if (execute.format == Format::RIL_b) {
    main_.target = {Target::Kind::Pool, 0};
  } else {
    const unsigned base = spare();
    set_target(base, {Target::Kind::Pool, 0});
    put(16, 4, base);
  }
  const auto index = group_.pieces.size();
  group_.pieces.push_back(main_);
  if (loop) group_.pieces.push_back({{0xA714'0000'0000'0000}, {Target::Kind::Piece, index}});
  return std::move(group_);
}

void Builder::fields(const InstructionDef& def) {
  const std::string_view mnemonic = def.mnemonic;
  const u64 alignment =
      wants_alignment(mnemonic) ? (mnemonic.find('G') != std::string_view::npos || mnemonic[1] == 'D' ? 16 : 8) : 1;
  const auto reg = [&](unsigned first, bool is_first) {
    unsigned r = any_register();
    if (extended(mnemonic, is_first)) r = (r & 1) | (r & 3) << 2 | (r & 12) >> 2;
    if (extended(mnemonic, is_first) && !random_.one_in(20)) r &= ~2u;
    put(first, 4, r);
  };
  const auto random = [&](unsigned first, unsigned width) {
    const u64 draw = random_.below(8);
    put(first, width, draw == 0 ? 0 : draw == 1 ? ~u64{0} : draw < 4 ? random_.below(16) : random_.word());
  };
  const u64 length = 8;
  switch (def.format) {
  case Format::E:
  case Format::I:
  case Format::IE:
  case Format::MII: random(8, def.format == Format::I ? 8 : 0); break;
  case Format::RI_a:
  case Format::RI_b:
  case Format::RI_c: reg(8, true), random(16, 16); break;
  case Format::RIE_a:
  case Format::RIE_b:
  case Format::RIE_c:
  case Format::RIE_d:
  case Format::RIE_e:
  case Format::RIE_f:
  case Format::RIE_g:
    reg(8, true), reg(12, false), random(16, 16);
    random(32, 8);
    break;
  case Format::RIL_a: reg(8, true), random(16, 32); break;
  case Format::RIL_b:
  case Format::RIL_c: reg(8, true), main_.target = {Target::Kind::Address, place(8, 8) & ~u64{1}}; break;
  case Format::RIS:
  case Format::RRS: reg(8, true), reg(12, false), random(32, 8), storage(16, false, length, 1, false); break;
  case Format::RR: reg(8, true), reg(12, false); break;
  case Format::RRD: reg(16, true), reg(24, true), reg(28, false); break;
  case Format::RRE: reg(24, true), reg(28, false); break;
  case Format::RRF_a:
  case Format::RRF_b: reg(16, false), reg(24, true), reg(28, false), random(20, 4); break;
  case Format::RRF_c:
  case Format::RRF_d:
  case Format::RRF_e: {
    reg(24, true), reg(28, false);
    static constexpr u8 kRounding[] = {0, 1, 3, 4, 5, 6, 7};
    put(16, 4, random_.one_in(10) ? random_.below(16) : random_.of(kRounding));
    put(20, 4, random_.one_in(4) ? random_.below(16) : random_.one_in(3) ? 4 : 0);
    break;
  }
  case Format::RS_a: reg(8, true), reg(12, false), storage(16, false, length, alignment, false); break;
  case Format::RS_b: reg(8, true), random(12, 4), storage(16, false, length, alignment, false); break;
  case Format::RSI: reg(8, true), reg(12, false), random(16, 16); break;
  case Format::RSL_a: random(8, 4), storage(16, false, 16, 1, false); break;
  case Format::RSL_b: random(8, 8), reg(32, true), random(36, 4), storage(16, false, 32, 1, false); break;
  case Format::RSY_a: reg(8, true), reg(12, false), storage(16, true, length, alignment, false); break;
  case Format::RSY_b: reg(8, true), random(12, 4), storage(16, true, length, alignment, false); break;
  case Format::RX_a:
  case Format::RX_b: reg(8, true), storage(16, false, length, alignment, true); break;
  case Format::RXE: reg(8, true), storage(16, false, length, 1, true); break;
  case Format::RXF: reg(8, false), reg(32, true), storage(16, false, length, 1, true); break;
  case Format::RXY_a:
  case Format::RXY_b: reg(8, true), storage(16, true, 16, alignment, true); break;
  case Format::S: storage(16, false, length, 1, false); break;
  case Format::SI: random(8, 8), storage(16, false, 1, 1, false); break;
  case Format::SIL: random(32, 16), storage(16, false, length, 1, false); break;
  case Format::SIY: random(8, 8), storage(16, true, 8, 1, false); break;
  case Format::SMI: reg(8, false), storage(16, false, 8, 1, false), random(32, 16); break;
  case Format::SS_a:
  case Format::SS_f: {
    const u64 l = random_.one_in(3) ? random_.below(256) : random_.below(40);
    put(8, 8, l), storage(16, false, l + 1, 1, false), storage(32, false, l + 1, 1, false);
    break;
  }
  case Format::SS_b:
  case Format::SS_c:
  case Format::SS_d:
  case Format::SS_e: random(8, 8), storage(16, false, 16, 1, false), storage(32, false, 16, 1, false); break;
  case Format::SSE: storage(16, false, 32, 1, false), storage(32, false, 32, 1, false); break;
  case Format::SSF: reg(8, true), storage(16, false, 16, 16, false), storage(32, false, 16, 16, false); break;
  }
}

} // namespace siena::random_test
