// SPDX-License-Identifier: BSD-3-Clause
// Floating-point instructions as translated code beside the interpreter: every special value with every other, under every
// setting of the floating-point-control register that matters.
#include "cpu/jit/engine.h"
#include "tests/cpu/jit/floating_bench.h"

#include <gtest/gtest.h>

namespace siena::cpu::jit {
namespace {

constexpr u64 kLong[] = {0x0000'0000'0000'0000, 0x8000'0000'0000'0000,  // zeros
                         0x0000'0000'0000'0001, 0x800F'FFFF'FFFF'FFFF,  // subnormal
                         0x0010'0000'0000'0000, 0x8020'0000'0000'0001,  // the least normal numbers
                         0x3FF0'0000'0000'0000, 0xBFF8'0000'0000'0000,  // 1, -1.5
                         0x3FD5'5555'5555'5555, 0x400F'FFFF'FFFF'FFFF,  // inexact ones
                         0x4330'0000'0000'0001, 0xC1E0'0000'0000'0000,  // 2^52+1, -2^31
                         0x41DF'FFFF'FFC0'0000, 0x43E0'0000'0000'0000,  // 2^31-1, 2^63
                         0x7FEF'FFFF'FFFF'FFFF, 0xFFD0'0000'0000'0001,  // near the largest
                         0x7FF0'0000'0000'0000, 0xFFF0'0000'0000'0000,  // infinities
                         0x7FF8'0000'0000'1234, 0xFFF0'0000'0000'4321}; // a quiet and a signaling NaN
constexpr u32 kShort[] = {0x0000'0000, 0x8000'0000, 0x0000'0001, 0x807F'FFFF, 0x0080'0000, 0x8100'0001, 0x3F80'0000,
                          0xBFC0'0000, 0x3EAA'AAAB, 0x4FFF'FFFF, 0x4B00'0001, 0xCF00'0000, 0x4EFF'FFFF, 0x5F00'0000,
                          0x7F7F'FFFF, 0xFE80'0001, 0x7F80'0000, 0xFF80'0000, 0x7FC0'1234, 0xFF80'4321};
/// Plain without and with the inexact flag, each other rounding mode, each mask.
constexpr u32 kFpcs[] = {0x0000'0000,
                         0x0008'0000,
                         0x0008'0001,
                         0x0000'0002,
                         0x0008'0003,
                         0x0008'0007,
                         0x8008'0000,
                         0x4008'0000,
                         0x2008'0000,
                         0x1008'0000,
                         0x0808'0000,
                         0xF800'0000};

class FloatingText : public testing::Test {
 protected:
  /// All pairs of special values in f1 and f2 (f3 has a third one), for each FPC; general registers 1 and 2 have the bits too.
  void expect_same(const std::vector<u16>& program, bool is_short) {
    FloatingBench translated(true), reference(false);
    for (FloatingBench* b : {&translated, &reference}) b->put(program);
    const std::size_t count = std::size(kLong);
    static_assert(std::size(kLong) == std::size(kShort));
    const auto value = [&](std::size_t i) { return is_short ? u64{kShort[i]} << 32 | 0x9E37'79B9 : kLong[i]; };
    for (const u32 fpc : kFpcs)
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < count; ++j) {
          for (FloatingBench* b : {&translated, &reference}) {
            b->set(fpc, value(i), value(j), value((i * 7 + j * 3) % count), static_cast<u8>((i + j) % 4));
            b->go();
          }
          if (const std::string different = difference(translated, reference); !different.empty()) {
            FAIL() << std::hex << "fpc " << fpc << ", " << value(i) << ", " << value(j) << ": " << different;
          }
        }
    EXPECT_EQ(translated.interpreted_since(), 0u) << "the block has been translated";
  }
};

struct Tested {
  const char* name;
  std::vector<u16> text;
  bool is_short;
};

class EachFloating : public FloatingText, public testing::WithParamInterface<Tested> {};

TEST_P(EachFloating, DoesWhatTheInterpreterDoes) { expect_same(GetParam().text, GetParam().is_short); }

// clang-format off
// Operands: f1, f2 and f3; storage at %r3 has f2's bits, %r1 and %r2 those of f1 and f2. BRC 5 behind those that set the condition code.
INSTANTIATE_TEST_SUITE_P(Instructions, EachFloating, testing::ValuesIn(std::vector<Tested>{
    {"ADBR",   {0xB31A, 0x0012, 0xA754, 3, 0x1B11}, false}, {"AEBR",   {0xB30A, 0x0012, 0xA754, 3, 0x1B11}, true},
    {"ADB",    {0xED10, 0x3000, 0x001A},    false}, {"AEB",    {0xED10, 0x3000, 0x000A},    true},
    {"SDBR",   {0xB31B, 0x0012, 0xA744, 3, 0x1B11}, false}, {"SEBR",   {0xB30B, 0x0012, 0xA744, 3, 0x1B11}, true},
    {"SDB",    {0xED10, 0x3000, 0x001B},    false}, {"SEB",    {0xED10, 0x3000, 0x000B},    true},
    {"MDBR",   {0xB31C, 0x0012},            false}, {"MEEBR",  {0xB317, 0x0012},            true},
    {"MDBRitself", {0xB31C, 0x0011},        false}, {"MEEBRitself", {0xB317, 0x0011},       true},
    {"MDB",    {0xED10, 0x3000, 0x001C},    false}, {"MEEB",   {0xED10, 0x3000, 0x0017},    true},
    {"DDBR",   {0xB31D, 0x0012},            false}, {"DEBR",   {0xB30D, 0x0012},            true},
    {"DDB",    {0xED10, 0x3000, 0x001D},    false}, {"DEB",    {0xED10, 0x3000, 0x000D},    true},
    {"SQDBR",  {0xB315, 0x0012},            false}, {"SQEBR",  {0xB314, 0x0012},            true},
    {"SQDB",   {0xED10, 0x3000, 0x0015},    false}, {"SQEB",   {0xED10, 0x3000, 0x0014},    true},
    {"MADBR",  {0xB31E, 0x3012},            false}, {"MAEBR",  {0xB30E, 0x3012},            true},
    {"MADBRitself", {0xB31E, 0x1021},       false}, {"MAEBRitself", {0xB30E, 0x1021},       true},
    {"MADB",   {0xED20, 0x3000, 0x101E},    false}, {"MAEB",   {0xED20, 0x3000, 0x100E},    true},
    {"MSDBR",  {0xB31F, 0x1023},            false}, {"MSEBR",  {0xB30F, 0x1023},            true},
    {"MSDB",   {0xED20, 0x3000, 0x101F},    false}, {"MSEB",   {0xED20, 0x3000, 0x100F},    true},
    {"CDBR8",  {0xB319, 0x0012, 0xA784, 3, 0x1B11}, false}, {"CEBR8",  {0xB309, 0x0012, 0xA784, 3, 0x1B11}, true},
    {"CDBR7",  {0xB319, 0x0012, 0xA774, 3, 0x1B11}, false}, {"CDBR6",  {0xB319, 0x0012, 0xA764, 3, 0x1B11}, false},
    {"CDBR4",  {0xB319, 0x0012, 0xA744, 3, 0x1B11}, false}, {"CDBR2",  {0xB319, 0x0012, 0xA724, 3, 0x1B11}, false},
    {"CDBR12", {0xB319, 0x0012, 0xA7C4, 3, 0x1B11}, false}, {"CDBR10", {0xB319, 0x0012, 0xA7A4, 3, 0x1B11}, false},
    {"CDBR3",  {0xB319, 0x0012, 0xA734, 3, 0x1B11}, false}, {"CDBR5",  {0xB319, 0x0012, 0xA754, 3, 0x1B11}, false},
    {"CDBR11", {0xB319, 0x0012, 0xA7B4, 3, 0x1B11}, false}, {"CDBR13", {0xB319, 0x0012, 0xA7D4, 3, 0x1B11}, false},
    {"CDBR9",  {0xB319, 0x0012, 0xA794, 3, 0x1B11}, false}, {"CDBR14", {0xB319, 0x0012, 0xA7E4, 3, 0x1B11}, false},
    {"CDBR1",  {0xB319, 0x0012, 0xA714, 3, 0x1B11}, false}, {"CEBR4",  {0xB309, 0x0012, 0xA744, 3, 0x1B11}, true},
    {"KDBR",   {0xB318, 0x0012},            false}, {"KEBR",   {0xB308, 0x0012},            true},
    {"CDB",    {0xED10, 0x3000, 0x0019},    false}, {"CEB",    {0xED10, 0x3000, 0x0009},    true},
    {"KDB",    {0xED10, 0x3000, 0x0018},    false}, {"KEB",    {0xED10, 0x3000, 0x0008},    true},
    {"LTDBR",  {0xB312, 0x0012, 0xA744, 3, 0x1B11}, false}, {"LTEBR",  {0xB302, 0x0012, 0xA744, 3, 0x1B11}, true},
    {"LTDBRitself", {0xB312, 0x0011},       false}, {"LTEBRitself", {0xB302, 0x0011},       true},
    {"LPDBR",  {0xB310, 0x0012},            false}, {"LPEBR",  {0xB300, 0x0012},            true},
    {"LNDBR",  {0xB311, 0x0012},            false}, {"LNEBR",  {0xB301, 0x0012},            true},
    {"LCDBR",  {0xB313, 0x0012},            false}, {"LCEBR",  {0xB303, 0x0012},            true},
    {"LPDFR",  {0xB370, 0x0012},            false}, {"LNDFR",  {0xB371, 0x0012},            false},
    {"LCDFR",  {0xB373, 0x0012},            false}, {"CPSDR",  {0xB372, 0x2013},            false},
    {"LDEBR",  {0xB304, 0x0012},            true},  {"LDEB",   {0xED10, 0x3000, 0x0004},    true},
    {"LEDBR",  {0xB344, 0x0012},            false}, {"LEDBRA", {0xB344, 0x4412},            false},
    {"CDFBR",  {0xB395, 0x0012},            false}, {"CEFBR",  {0xB394, 0x0012},            true},
    {"CDGBR",  {0xB3A5, 0x0012},            false}, {"CEGBR",  {0xB3A4, 0x0012},            false},
    {"CDLFBR", {0xB391, 0x0012},            false}, {"CELFBR", {0xB390, 0x4012},            false},
    {"CDLGBR", {0xB3A1, 0x0012},            false}, {"CELGBR", {0xB3A0, 0x0012},            true},
    {"CFDBR",  {0xB399, 0x5012},            false}, {"CFEBR",  {0xB398, 0x5012},            true},
    {"CGDBR",  {0xB3A9, 0x5012},            false}, {"CGEBR",  {0xB3A8, 0x0012},            true},
    {"CFDBRA", {0xB399, 0x0412},            false}, {"CGDBRA", {0xB3A9, 0x6412},            false},
    {"CLFDBR", {0xB39D, 0x5012},            false}, {"CLFEBR", {0xB39C, 0x7012},            true},
    {"CLGDBR", {0xB3AD, 0x5012},            false}, {"CLGEBR", {0xB3AC, 0x4412},            true},
    {"FIDBR",  {0xB35F, 0x0012},            false}, {"FIEBR",  {0xB357, 0x6012},            true},
    {"FIDBRA", {0xB35F, 0x7412},            false}, {"FIDBRA0", {0xB35F, 0x0412},           false},
    {"LER",    {0x3812},                    true},  {"LDR",    {0x2812},                    false},
    {"LE",     {0x7810, 0x3000},            true},  {"STE",    {0x7010, 0x3000},            true},
    {"STD",    {0x6010, 0x3008},            false}, {"LD",     {0x6810, 0x3000},            false},
    {"Selected", {0xB319, 0x0012, 0xB9E2, 0x4042, 0xED10, 0x3000, 0x001A, 0xB9E2, 0x2052}, false}, // LOCGRL, LOCGRH
    // An old value outlives its register; a short number and what is right of it; numbers that come from and go to general registers.
    {"Kept",   {0xB31A, 0x0012, 0x2841, 0xB31C, 0x0013, 0xB319, 0x0014, 0x2831, 0xB319, 0x0012, 0xA724, 3, 0x1B11}, false},
    {"Halves", {0xB30A, 0x0012, 0xB31A, 0x0031, 0xB30A, 0x0013, 0x2841, 0xB30B, 0x0042}, true},
    {"Transfers", {0xB3C1, 0x0042, 0xB31A, 0x0041, 0xB3CD, 0x0024, 0xB908, 0x0021, 0xB3C1, 0x0052, 0xB319, 0x0015}, false},
}), [](const auto& info) { return std::string(info.param.name); });
// clang-format on

TEST_F(FloatingText, EveryInstructionAsksForTheAfpRegisterControl) {
  // LTGR %r1,%r2; then one of them
  for (const std::vector<u16>& text : std::vector<std::vector<u16>>{{0xB31A, 0x0012},
                                                                    {0xED10, 0x3000, 0x001A},
                                                                    {0xB319, 0x0012},
                                                                    {0x6810, 0x3000},
                                                                    {0x6820, 0x3000},
                                                                    {0x6010, 0x3000},
                                                                    {0xB3CD, 0x0011},
                                                                    {0xB399, 0x5012}}) {
    FloatingBench translated(true), reference(false);
    std::vector<u16> program = {0xB902, 0x0012};
    program.insert(program.end(), text.begin(), text.end());
    for (FloatingBench* b : {&translated, &reference}) {
      b->put(program);
      for (int i = 0; i < 4; ++i) {
        b->set(0x0008'0000, kLong[6], kLong[7], kLong[8], 0);
        if (i >= 2) b->cpu.cr[0] = 0;
        b->go();
      }
    }
    EXPECT_EQ(difference(translated, reference), "");
  }
}

TEST_F(FloatingText, CopiesOfRegistersSurviveSlowAccessesAndCalls) {
  // ADBR %f1,%f2; LG %r4,0(%r5) in a new page; SDBR %f1,%f3; MVC 0(8,%r3),8(%r3); MDBR %f1,%f2; STD %f1,0(%r6) in a new page; DDBR %f2,%f1
  expect_same({0xB31A,
               0x0012,
               0xE340,
               0x5000,
               0x0004,
               0xB31B,
               0x0013,
               0xD207,
               0x3000,
               0x3008,
               0xB31C,
               0x0012,
               0x6010,
               0x6000,
               0xB31D,
               0x0021},
              false);
}

} // namespace
} // namespace siena::cpu::jit
