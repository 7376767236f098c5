// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/symbols/symbol_files.h"

#include "tests/frontends/symbols/built_elf.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace siena::frontends::symbols {
namespace {

using ::testing::AllOf;
using testing::built_elf;
using ::testing::HasSubstr;

SymbolResult read_elf(std::span<const u8> bytes) { return read_elf_symbols(MemoryBytes{bytes}); }

std::vector<u8> three_symbols() {
  return built_elf({{"startup", 0x10000, 0x20}, {"data", 0x12000, 8, 0x11}, {"label", 0x10040, 0, 0x00}});
}

TEST(ElfSymbols, AreThoseOfTheSymbolTable) {
  const auto table = read_elf(three_symbols());
  ASSERT_TRUE(table);
  ASSERT_EQ(table.value().size(), 3u);
  EXPECT_EQ(text_of(*table.value().find(0x1001E)), "startup+0x1e");
  EXPECT_EQ(table.value().find(0x10020), std::nullopt);
  EXPECT_EQ(table.value().address_of("data"), 0x12000u);
  EXPECT_EQ(text_of(*table.value().find(0x10044)), "label+0x4");
}

TEST(ElfSymbols, LeaveOutWhatIsNoPlace) {
  const auto table = read_elf(built_elf({{"here", 0x1000},
                                         {"elsewhere", 0, 0, 0x12, 0},
                                         {"number", 7, 0, 0x10, 0xFFF1},
                                         {"file.c", 0, 0, 0x04, 0xFFF1},
                                         {"section", 0x1000, 0, 0x03},
                                         {".L123", 0x1010, 0, 0x00},
                                         {"", 0x1020}}));
  ASSERT_TRUE(table);
  EXPECT_EQ(table.value().size(), 1u);
}

TEST(ElfSymbols, SaysWhatIsWrongWithAFile) {
  EXPECT_EQ(read_elf({}).error().message, "not an ELF file");
  auto file = three_symbols();
  file[5] = 1;
  EXPECT_EQ(read_elf(file).error().message, "not an s390x ELF file");
  file = three_symbols();
  store_big<u16>(&file[60], 1);
  EXPECT_THAT(read_elf(file).error().message, HasSubstr("stripped"));
  EXPECT_THAT(read_elf(built_elf({{"elsewhere", 0, 0, 0x12, 0}})).error().message, HasSubstr("no functions"));
}

TEST(ElfSymbols, AreAnErrorInAFileThatIsCutOffAnywhere) {
  const auto file = three_symbols();
  for (std::size_t length = 0; length < file.size(); ++length) {
    // A copy of just that size, so that a sanitizer sees whoever reads on.
    const std::vector<u8> part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(read_elf(part)) << length;
  }
}

TEST(ElfSymbols, DoNotTrustAnyByte) {
  std::mt19937_64 random{7};
  const auto file = three_symbols();
  std::size_t errors = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = file;
    for (u64 n = 1 + random() % 4; n-- > 0;) damaged[random() % damaged.size()] = static_cast<u8>(random());
    const auto table = read_elf(damaged);
    if (!table) {
      ++errors;
      continue;
    }
    EXPECT_LE(table.value().size(), file.size() / 24);
    (void)table.value().find(random());
  }
  EXPECT_GT(errors, 0u);
}

TEST(ElfSymbols, DoNotFollowOffsetsBehindTheFile) {
  const auto file = three_symbols();
  const u64 sections = load_big<u64>(&file[40]);
  const u64 symbol_table = sections + 64, names = sections + 128;
  for (const u64 where : {u64{0x10'0000}, ~u64{0}, ~u64{0} - 63, u64{1} << 63}) {
    for (const u64 field : {u64{40}, symbol_table + 24, symbol_table + 32, names + 24, names + 32}) {
      auto damaged = file;
      store_big<u64>(&damaged[field], where);
      EXPECT_FALSE(read_elf(damaged)) << field;
    }
  }
}

TEST(KallsymsText, HasAddressTypeNameAndModule) {
  const auto table = read_kallsyms_text("0000000000100000 T _stext\n"
                                        "0000000000100000 t startup\n"
                                        "0000000000000b00 A a_number\n"
                                        "000000000010a000 D some_data\n"
                                        "000003ff80001000 t helper\t[kvm]\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table.value().size(), 4u);
  EXPECT_EQ(text_of(*table.value().find(0x100010)), "_stext+0x10");
  EXPECT_EQ(table.value().address_of("helper"), 0x3FF'8000'1000u);
  EXPECT_EQ(table.value().address_of("a_number"), std::nullopt);
}

TEST(KallsymsText, SaysWhichLineIsNone) {
  EXPECT_EQ(read_kallsyms_text("0000000000100000 T a\nhello\n").error().message, "line 2 is not 'ADDRESS TYPE NAME'");
  EXPECT_EQ(read_kallsyms_text("10000000000000000 T a\n").error().message, "line 1 is not 'ADDRESS TYPE NAME'");
  EXPECT_EQ(read_kallsyms_text("1000 TT a\n").error().message, "line 1 is not 'ADDRESS TYPE NAME'");
  EXPECT_EQ(read_kallsyms_text("1000 T").error().message, "line 1 is not 'ADDRESS TYPE NAME'");
}

TEST(KallsymsText, IsNoUseWithoutAddresses) {
  EXPECT_THAT(read_kallsyms_text("0000000000000000 T _stext\n0000000000000000 T _etext\n").error().message,
              HasSubstr("only root"));
  EXPECT_EQ(read_kallsyms_text("").error().message, "no symbols");
}

TEST(KallsymsText, MayBeAnything) {
  std::mt19937_64 random{3};
  const std::string_view letters = "0123456789abcdefT \t\n\r[x";
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (u64 n = random() % 200; n-- > 0;) text += letters[random() % letters.size()];
    (void)read_kallsyms_text(text);
  }
}

TEST(SymbolFile, IsReadByHowItBegins) {
  const test::TemporaryDirectory directory;
  const auto elf = three_symbols();
  std::ofstream{directory.path("elf"), std::ios::binary}.write(reinterpret_cast<const char*>(elf.data()),
                                                               static_cast<std::streamsize>(elf.size()));
  std::ofstream{directory.path("text")} << "0000000000100000 T _stext\n";
  const auto first = read_symbol_file(directory.path("elf"));
  ASSERT_TRUE(first);
  EXPECT_TRUE(first.value().linked);
  EXPECT_EQ(first.value().table.size(), 3u);
  const auto second = read_symbol_file(directory.path("text"));
  ASSERT_TRUE(second);
  EXPECT_FALSE(second.value().linked);
  EXPECT_EQ(second.value().table.size(), 1u);
}

TEST(SymbolFile, IsNamedInTheError) {
  const test::TemporaryDirectory directory;
  EXPECT_THAT(read_symbol_file(directory.path("none")).error().message,
              AllOf(HasSubstr("-symbols: '"), HasSubstr("none': "), HasSubstr("No such file")));
  EXPECT_THAT(read_symbol_file(directory.path("")).error().message, HasSubstr("-symbols: '"));
  std::ofstream{directory.path("empty")}.flush();
  EXPECT_THAT(read_symbol_file(directory.path("empty")).error().message, HasSubstr("empty': no symbols"));
}

} // namespace
} // namespace siena::frontends::symbols
