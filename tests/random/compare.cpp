// SPDX-License-Identifier: BSD-3-Clause
#include "tests/random/compare.h"

#include <cstdio>

namespace siena::random_test {

namespace {

/// The oracle's process ends at these, without a word about the state.
bool unspeakable(cpu::ProgramInterruption code) {
  return code == cpu::ProgramInterruption::DecimalDivide || code == cpu::ProgramInterruption::DecimalOverflow;
}

/// After an IEEE trap the emulator is known to differ whatever the instruction: it puts all conditions of the operation into the
/// data-exception code instead of the one that traps, never says whether a result was incremented (DXC bit 5), and writes no
/// result where the operation is completed (overflow, underflow and inexact results). What it has nothing to say about is made ours.
void excuse_trap(const State& ours, State& theirs) {
  const u32 dxc = ours.fpc >> 8 & 0xFF, their_dxc = theirs.fpc >> 8 & 0xFF;
  if (dxc == 0xFF || (their_dxc & dxc & 0xF8) != (dxc & 0xF8)) return;
  theirs.fpc = (theirs.fpc & ~u32{0xFF00}) | dxc << 8;
  theirs.signal_code = ours.signal_code;
  if ((dxc & 0x38) == 0) return;
  theirs.gr = ours.gr;
  theirs.fpr = ours.fpr;
  theirs.cc = ours.cc;
}

std::string ending(const State& s) {
  char text[80];
  if (s.signal == 0)
    std::snprintf(text, sizeof text, "reached the end");
  else
    std::snprintf(
        text, sizeof text, "signal %u/%u at %llx", s.signal, s.signal_code, static_cast<unsigned long long>(s.address));
  return text;
}

} // namespace

Difference compare(const SienaResult& ours, const OracleResult& theirs) {
  Difference d;
  const auto differ = [&](const char* kind, const char* name, std::size_t n, u64 a, u64 b) {
    if (a == b || !d.kinds.insert(kind).second) return;
    char line[120];
    std::snprintf(line,
                  sizeof line,
                  "  %s %zx: siena %016llx, oracle %016llx\n",
                  name,
                  n,
                  static_cast<unsigned long long>(a),
                  static_cast<unsigned long long>(b));
    d.text += line;
  };
  if (theirs.failure != OracleFailure::None) {
    if (theirs.failure == OracleFailure::Died && unspeakable(ours.interruption)) return d;
    d.kinds.insert("interruption");
    d.text = "  siena: " + ending(ours.result.after) + "; the oracle's process " +
             (theirs.failure == OracleFailure::Hung ? "hung\n" : "ended\n");
    return d;
  }
  const State& a = ours.result.after;
  State b = theirs.result.after;
  // The emulator does not recognise underflow of an exact result, which only a program that asks for the trap sees.
  if (ours.interruption == cpu::ProgramInterruption::Data && (a.fpc >> 8 & 0xFF) == 0x10 &&
      (b.signal != a.signal || b.address != a.address))
    return d;
  if (ours.interruption == cpu::ProgramInterruption::Data && a.signal == 8 && b.signal == 8 && a.address == b.address)
    excuse_trap(a, b);
  const bool same_code = a.signal_code == b.signal_code || a.signal == 11;
  if (a.signal != b.signal || a.address != b.address || !same_code) {
    d.kinds.insert("interruption");
    char code[40];
    std::snprintf(code, sizeof code, " (interruption %x)", static_cast<unsigned>(ours.interruption));
    d.text += "  siena: " + ending(a) + code + "; oracle: " + ending(b) + "\n";
  }
  differ("cc", "condition code and mask", 0, a.cc, b.cc);
  for (std::size_t i = 0; i < 16; ++i) differ("gr", "general register", i, a.gr[i], b.gr[i]);
  for (std::size_t i = 0; i < 16; ++i) differ("ar", "access register", i, a.ar[i], b.ar[i]);
  for (std::size_t i = 0; i < 16; ++i) differ("fpr", "floating-point register", i, a.fpr[i], b.fpr[i]);
  differ("fpc", "floating-point control", 0, a.fpc, b.fpc);
  for (std::size_t i = 0; i < ours.result.data.size(); ++i)
    differ("storage", "byte at", RANDOM_DATA + i, ours.result.data[i], theirs.result.data[i]);
  return d;
}

} // namespace siena::random_test
