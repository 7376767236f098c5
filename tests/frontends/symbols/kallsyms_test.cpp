// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/symbols/guest_symbols.h"
#include "frontends/symbols/kallsyms.h"

#include "tests/frontends/symbols/built_elf.h"
#include "tests/frontends/symbols/built_kallsyms.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace siena::frontends::symbols {
namespace {

using testing::built_kernel;
using testing::BuiltKernel;
using ::testing::HasSubstr;
using testing::VectorStorage;

VectorStorage with(const BuiltKernel& kernel) {
  VectorStorage storage{0x20000};
  kernel.put(storage);
  return storage;
}

SymbolResult decode(VectorStorage& storage) {
  const auto info = VmcoreInfo::find(storage);
  if (!info) return SymbolTrouble{"no VMCOREINFO"};
  return read_kallsyms(storage, *info);
}

void expect_all(const SymbolResult& table, const BuiltKernel& kernel) {
  ASSERT_TRUE(table) << table.error().message;
  ASSERT_EQ(table.value().size(), kernel.symbols.size());
  for (std::size_t n = 0; n < kernel.symbols.size(); ++n) {
    EXPECT_EQ(table.value().symbol(n).address, kernel.symbols[n].address);
    EXPECT_EQ(table.value().symbol(n).name, kernel.symbols[n].name.substr(1));
  }
}

TEST(Kallsyms, AreDecodedFromAKernelWithAMappingOfItsOwn) {
  const BuiltKernel kernel = built_kernel();
  VectorStorage storage = with(kernel);
  expect_all(decode(storage), kernel);
}

TEST(Kallsyms, AreDecodedFromAKernelAtItsAbsoluteAddress) {
  BuiltKernel kernel = built_kernel();
  kernel.own_mapping = false;
  kernel.image = BuiltKernel::kImage;
  kernel.more = "KERNELOFFSET=4000\n";
  VectorStorage storage = with(kernel);
  expect_all(decode(storage), kernel);
}

TEST(Kallsyms, MayHaveAddressesRelativeToThemselves) {
  BuiltKernel kernel = built_kernel();
  kernel.based = false;
  kernel.symbols.insert(kernel.symbols.begin(), {kernel.image - 0x1000, "Tbefore"});
  VectorStorage storage = with(kernel);
  expect_all(decode(storage), kernel);
}

TEST(Kallsyms, AreNotThereBeforeTheGuestSaysSo) {
  VectorStorage storage = with(built_kernel());
  store_big<u64>(&storage.bytes[0xE0C], 0);
  EXPECT_EQ(decode(storage).error().message, "no VMCOREINFO");
  store_big<u64>(&storage.bytes[0xE0C], 0x3000);
  EXPECT_EQ(decode(storage).error().message, "no VMCOREINFO");
  store_big<u64>(&storage.bytes[0xE0C], ~u64{0} - 4);
  EXPECT_EQ(decode(storage).error().message, "no VMCOREINFO");
  VectorStorage none{0x100};
  EXPECT_EQ(decode(none).error().message, "no VMCOREINFO");
}

TEST(Kallsyms, SayWhatIsWrong) {
  VectorStorage storage = with(built_kernel());
  store_big<u32>(&storage.bytes[BuiltKernel::kImage], 0xFFFF'FFFF);
  EXPECT_THAT(decode(storage).error().message, HasSubstr("4294967295 symbols"));
  store_big<u32>(&storage.bytes[BuiltKernel::kImage], 6);
  EXPECT_THAT(decode(storage).error().message, HasSubstr("the name of symbol 5"));
  VmcoreInfo silent{"OSRELEASE=5.10\n"};
  EXPECT_THAT(read_kallsyms(storage, silent).error().message, HasSubstr("Linux before 6.0"));
}

TEST(Kallsyms, AreAnErrorInStorageThatIsCutOffAnywhere) {
  const VectorStorage whole = with(built_kernel());
  const std::size_t end = BuiltKernel::kImage + 0x9000;
  VectorStorage storage = whole;
  storage.bytes.resize(end);
  EXPECT_TRUE(decode(storage));
  for (std::size_t length = 0; length < end; length += 61) {
    storage = whole;
    storage.bytes.resize(length);
    EXPECT_FALSE(decode(storage)) << length;
  }
}

TEST(Kallsyms, DoNotTrustAnyByteOfTheGuest) {
  const BuiltKernel kernel = built_kernel();
  const VectorStorage whole = with(kernel);
  std::mt19937_64 random{11};
  const std::pair<u64, u64> areas[] = {{0xE0C, 8},
                                       {BuiltKernel::kNote, 500},
                                       {BuiltKernel::kImage, 0x300},
                                       {BuiltKernel::kImage + BuiltKernel::kTokens, 600},
                                       {BuiltKernel::kImage + BuiltKernel::kNames, 400}};
  std::size_t errors = 0;
  for (int round = 0; round < 3000; ++round) {
    VectorStorage storage = whole;
    const auto [begin, length] = areas[random() % std::size(areas)];
    for (u64 n = 1 + random() % 4; n-- > 0;) storage.bytes[begin + random() % length] = static_cast<u8>(random());
    const auto table = decode(storage);
    if (!table) ++errors;
    // A name takes a byte at least, a token table no more than 64 KiB.
    EXPECT_LT(storage.reads, 200'000u);
  }
  EXPECT_GT(errors, 0u);
}

TEST(VmcoreInfo, IsKeysAndValues) {
  const VmcoreInfo info{"A=1\nAB=ff\nSYMBOL(x)=3ffe0\nB=12 \nC=\nD=10000000000000000"};
  EXPECT_EQ(info.number("A"), 1u);
  EXPECT_EQ(info.number("AB"), 0xFFu);
  EXPECT_EQ(info.symbol("x"), 0x3FFE0u);
  EXPECT_EQ(info.value("B"), "12 ");
  EXPECT_EQ(info.number("B"), std::nullopt);
  EXPECT_EQ(info.number("C"), std::nullopt);
  EXPECT_EQ(info.number("D"), std::nullopt);
  EXPECT_EQ(info.value("E"), std::nullopt);
}

TEST(GuestSymbols, AreDecodedOnceTheGuestHasSaidWhereTheyAre) {
  auto symbols = std::move(GuestSymbols::open({{.depth = 2, .file = "", .save = ""}}).value());
  VectorStorage storage{0x20000};
  symbols.refresh();
  EXPECT_EQ(symbols.trouble(2), "there is no storage to decode the symbols from");
  symbols.set_storage(2, &storage);
  symbols.refresh();
  EXPECT_EQ(symbols.table(2), nullptr);
  EXPECT_EQ(symbols.trouble(2), "the guest has not said where its symbols are");
  built_kernel().put(storage);
  symbols.refresh();
  EXPECT_EQ(symbols.trouble(2), "");
  EXPECT_EQ(text_of(*symbols.find(2, 0x3FF'E010'0210)), "sys_read+0x10");
  EXPECT_EQ(symbols.address_of(2, "clock"), 0x3FF'E020'0000u);
  EXPECT_EQ(symbols.find(1, 0x3FF'E010'0210), std::nullopt);
  EXPECT_EQ(symbols.find(99, 0x3FF'E010'0210), std::nullopt);
}

TEST(GuestSymbols, AreNotDecodedAgainWhileTheKernelIsTheSame) {
  auto symbols = std::move(GuestSymbols::open({{.depth = 1, .file = "", .save = ""}}).value());
  VectorStorage storage = with(built_kernel());
  symbols.set_storage(1, &storage);
  symbols.refresh();
  storage.reads = 0;
  symbols.refresh();
  EXPECT_LE(storage.reads, 3u);
}

TEST(GuestSymbols, SayWhyAKernelsOwnCannotBeHad) {
  auto symbols = std::move(GuestSymbols::open({{.depth = 1, .file = "", .save = ""}}).value());
  VectorStorage storage = with(built_kernel());
  store_big<u32>(&storage.bytes[BuiltKernel::kImage], 0);
  symbols.set_storage(1, &storage);
  symbols.refresh();
  EXPECT_THAT(symbols.trouble(1), HasSubstr("0 symbols"));
}

TEST(GuestSymbols, OfAVmlinuxFollowTheKernelToWhereItIsLoaded) {
  const test::TemporaryDirectory directory;
  const auto elf = testing::built_elf({{"_stext", 0x100000}, {"schedule", 0x104000, 0x100}});
  const auto path = directory.write("vmlinux", {reinterpret_cast<const char*>(elf.data()), elf.size()});
  auto symbols = std::move(GuestSymbols::open({{.depth = 1, .file = path, .save = ""}}).value());
  EXPECT_EQ(symbols.address_of(1, "schedule"), 0x104000u);
  VectorStorage storage{0x20000};
  BuiltKernel kernel = built_kernel();
  symbols.set_storage(1, &storage);
  for (const u64 stext : {u64{0x3FF'E010'0000}, u64{0x7FF'1230'0000}, u64{0x100000}}) {
    kernel.more = fmt::format("SYMBOL(_stext)={:x}\n", stext);
    kernel.put_note(storage);
    symbols.refresh();
    EXPECT_EQ(symbols.address_of(1, "schedule"), stext + 0x4000);
    EXPECT_EQ(text_of(*symbols.find(1, stext + 0x40FE)), "schedule+0xfe");
  }
}

} // namespace
} // namespace siena::frontends::symbols
