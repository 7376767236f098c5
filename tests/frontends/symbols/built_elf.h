// SPDX-License-Identifier: BSD-3-Clause
// An s390x ELF file with a symbol table, made of bytes.
#pragma once

#include "base/big_endian.h"

#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::symbols::testing {

struct BuiltSymbol {
  std::string_view name;
  u64 address = 0, size = 0;
  u8 info = 0x12; ///< binding and type: a global function
  u16 section = 1;
};

/// File header, names, symbols, then the sections' headers: none, .symtab, .strtab.
inline std::vector<u8> built_elf(const std::vector<BuiltSymbol>& symbols) {
  std::vector<u8> file(64);
  const auto put = [&file](auto value) {
    u8 bytes[sizeof value];
    store_big(bytes, value);
    file.insert(file.end(), bytes, bytes + sizeof value);
  };
  const char ident[] = "\177ELF\2\2\1";
  std::copy(ident, ident + 7, file.begin());
  store_big<u16>(&file[16], 2);
  store_big<u16>(&file[18], 22);
  store_big<u16>(&file[58], 64);
  store_big<u16>(&file[60], 3);

  const u64 names = file.size();
  std::vector<u32> name_at;
  file.push_back(0);
  for (const auto& s : symbols) {
    name_at.push_back(static_cast<u32>(file.size() - names));
    file.insert(file.end(), s.name.begin(), s.name.end());
    file.push_back(0);
  }
  const u64 names_size = file.size() - names;
  const u64 table = file.size();
  for (std::size_t n = 0; n < symbols.size(); ++n) {
    put(name_at[n]);
    put(symbols[n].info);
    put(u8{0});
    put(symbols[n].section);
    put(symbols[n].address);
    put(symbols[n].size);
  }
  const u64 table_size = file.size() - table;
  store_big<u64>(&file[40], file.size());
  const auto put_section = [&](u32 type, u64 offset, u64 size, u32 link, u64 entry_size) {
    put(u32{0});
    put(type);
    put(u64{0});
    put(u64{0});
    put(offset);
    put(size);
    put(link);
    put(u32{0});
    put(u64{8});
    put(entry_size);
  };
  put_section(0, 0, 0, 0, 0);
  put_section(2, table, table_size, 2, 24);
  put_section(3, names, names_size, 0, 0);
  return file;
}

} // namespace siena::frontends::symbols::testing
