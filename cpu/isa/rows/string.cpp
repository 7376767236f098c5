// SPDX-License-Identifier: BSD-3-Clause
// Strings, checksum, Unicode conversion, translation with lengths in registers (PoP, General Instructions).
#include "cpu/isa/semantics/string.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/compare_storage.h"
#include "cpu/isa/semantics/translate.h"
#include "cpu/isa/semantics/unicode.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  //                                                mnemonic  opcode   facility              cost
  irregular<&move_string>                         ("MVST",    0xB255, Base,                 BlockMove),
  irregular<&compare_logical_string>              ("CLST",    0xB25D, Base,                 BlockCompare),
  irregular<&search_string>                       ("SRST",    0xB25E, Base,                 BlockCompare),
  irregular<&search_string_unicode>               ("SRSTU",   0xB9BE, ExtendedTranslation3, BlockCompare),
  irregular<&checksum>                            ("CKSM",    0xB241, Base,                 BlockCompare),
  irregular<&convert_utf8_to_utf16>               ("CU12",    0xB2A7, Base,                 BlockMove),
  irregular<&convert_utf8_to_utf32>               ("CU14",    0xB9B0, ExtendedTranslation3, BlockMove),
  irregular<&convert_utf16_to_utf8>               ("CU21",    0xB2A6, Base,                 BlockMove),
  irregular<&convert_utf16_to_utf32>              ("CU24",    0xB9B1, ExtendedTranslation3, BlockMove),
  irregular<&convert_utf32_to_utf8>               ("CU41",    0xB9B2, ExtendedTranslation3, BlockMove),
  irregular<&convert_utf32_to_utf16>              ("CU42",    0xB9B3, ExtendedTranslation3, BlockMove),
  irregular<&translate_one_to_one>                ("TROO",    0xB993, ExtendedTranslation2, BlockMove),
  irregular<&translate_one_to_two>                ("TROT",    0xB992, ExtendedTranslation2, BlockMove),
  irregular<&translate_two_to_one>                ("TRTO",    0xB991, ExtendedTranslation2, BlockMove),
  irregular<&translate_two_to_two>                ("TRTT",    0xB990, ExtendedTranslation2, BlockMove),
  irregular<&translate_and_test_extended>         ("TRTE",    0xB9BF, ParsingEnhancement,   BlockCompare),
  irregular<&translate_and_test_reverse_extended> ("TRTRE",   0xB9BD, ParsingEnhancement,   BlockCompare),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan string_rows() { return kRows; }

} // namespace siena::cpu::isa
