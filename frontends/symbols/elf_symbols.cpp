// SPDX-License-Identifier: BSD-3-Clause
// The symbol table of a 64-bit big-endian ELF file (System V ABI, *Object Files*; machine number 22 of the zSeries supplement).
#include "base/big_endian.h"
#include "frontends/symbols/symbol_files.h"

#include <array>
#include <vector>

namespace siena::frontends::symbols {

namespace {
struct FileHeader {
  u8 ident[16];
  Big16 type, machine;
  Big32 version;
  Big64 entry, program_headers, section_headers;
  Big32 flags;
  Big16 size, program_header_size, program_header_count, section_header_size, section_header_count, names_section;
};
static_assert(sizeof(FileHeader) == 64);

struct SectionHeader {
  Big32 name, type;
  Big64 flags, address, offset, size;
  Big32 link, info;
  Big64 alignment, entry_size;
};
static_assert(sizeof(SectionHeader) == 64);

struct ElfSymbol {
  Big32 name;
  u8 info, other;
  Big16 section;
  Big64 value, size;
};
static_assert(sizeof(ElfSymbol) == 24);

constexpr u32 kSymbolTable = 2;
constexpr u16 kUndefined = 0, kFirstReserved = 0xFF00;
constexpr u8 kNoType = 0, kObject = 1, kFunction = 2, kIndirectFunction = 10;
constexpr u8 kGlobal = 1, kWeak = 2;

template <typename T>
bool read_one(const ByteSource& file, u64 offset, T& to) {
  return file.read(offset, {reinterpret_cast<u8*>(&to), sizeof to});
}

bool within(const ByteSource& file, const SectionHeader& section) {
  return section.offset <= file.size() && section.size <= file.size() - section.offset;
}

std::optional<SymbolRank> rank_of(const ElfSymbol& symbol) {
  const u8 type = symbol.info & 15, binding = symbol.info >> 4;
  const bool function = type == kFunction || type == kIndirectFunction;
  if (!function && type != kObject && type != kNoType) return std::nullopt;
  if (binding == kGlobal) return function ? SymbolRank::GlobalFunction : SymbolRank::GlobalOther;
  if (binding == kWeak) return function ? SymbolRank::WeakFunction : SymbolRank::WeakOther;
  return function ? SymbolRank::LocalFunction : SymbolRank::LocalOther;
}

/// The symbol-table section, and in `names` that of its names.
std::optional<SectionHeader> find_sections(const ByteSource& file, const FileHeader& header, SectionHeader& names) {
  if (header.section_header_size != sizeof(SectionHeader)) return std::nullopt;
  SectionHeader section;
  u64 count = header.section_header_count;
  // A count that the field is too narrow for is in the first section's size.
  if (count == 0 && read_one(file, header.section_headers, section)) count = section.size;
  count = std::min<u64>(count, file.size() / sizeof section);
  for (u64 n = 0; n < count; ++n) {
    if (!read_one(file, header.section_headers + n * sizeof section, section)) return std::nullopt;
    if (section.type != kSymbolTable) continue;
    if (section.link >= count || !read_one(file, header.section_headers + section.link * sizeof names, names))
      return std::nullopt;
    return section;
  }
  return std::nullopt;
}
} // namespace

bool MemoryBytes::read(u64 offset, std::span<u8> to) const {
  if (offset > bytes_.size() || to.size() > bytes_.size() - offset) return false;
  if (!to.empty()) std::memcpy(to.data(), bytes_.data() + offset, to.size());
  return true;
}

SymbolResult read_elf_symbols(const ByteSource& file) {
  FileHeader header;
  if (!read_one(file, 0, header) || std::memcmp(header.ident, "\177ELF", 4) != 0)
    return SymbolTrouble{"not an ELF file"};
  constexpr u8 kClass64 = 2, kBigEndian = 2;
  constexpr u16 kS390 = 22;
  if (header.ident[4] != kClass64 || header.ident[5] != kBigEndian || header.machine != kS390)
    return SymbolTrouble{"not an s390x ELF file"};
  SectionHeader names;
  const auto symbols = find_sections(file, header, names);
  if (!symbols) return SymbolTrouble{"no symbol table (.symtab): the program has been stripped"};
  if (symbols->entry_size != sizeof(ElfSymbol) || !within(file, *symbols) || !within(file, names))
    return SymbolTrouble{"the symbol table is damaged"};

  // Neither is longer than the file.
  std::string text(names.size, '\0');
  if (!file.read(names.offset, {reinterpret_cast<u8*>(text.data()), text.size()}))
    return SymbolTrouble{"the names of the symbols cannot be read"};
  SymbolTable table;
  std::array<ElfSymbol, 4096> some;
  const u64 count = symbols->size / sizeof(ElfSymbol);
  for (u64 n = 0; n < count; n += some.size()) {
    const u64 now = std::min<u64>(some.size(), count - n);
    if (!file.read(symbols->offset + n * sizeof(ElfSymbol),
                   {reinterpret_cast<u8*>(some.data()), now * sizeof(ElfSymbol)}))
      return SymbolTrouble{"the symbol table cannot be read"};
    for (u64 i = 0; i < now; ++i) {
      const ElfSymbol& symbol = some[i];
      const auto rank = rank_of(symbol);
      if (!rank || symbol.section == kUndefined || symbol.section >= kFirstReserved || symbol.name >= text.size())
        continue;
      const std::size_t end = text.find('\0', symbol.name);
      if (end == std::string::npos) continue;
      const auto name = std::string_view{text}.substr(symbol.name, end - symbol.name);
      if (name.starts_with(".L")) continue; // the compiler's
      table.add(symbol.value, symbol.size, *rank, name);
    }
  }
  if (table.empty()) return SymbolTrouble{"the symbol table has no functions and objects"};
  table.sort();
  return table;
}

} // namespace siena::frontends::symbols
