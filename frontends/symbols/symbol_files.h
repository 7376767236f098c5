// SPDX-License-Identifier: BSD-3-Clause
// Readers of symbol tables: the symbol table of an s390x ELF file (a kernel's vmlinux of a -dbg package, a program), and the text of
// /proc/kallsyms. Files are taken as they come: whatever is wrong with them is an error value.
#pragma once

#include "base/result.h"
#include "frontends/symbols/symbol_table.h"

#include <span>

namespace siena::frontends::symbols {

/// Bytes by offset: a file of any size, of which only what is asked for is read.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual u64 size() const = 0;
  /// False when not all of it can be had.
  virtual bool read(u64 offset, std::span<u8> to) const = 0;
};

class MemoryBytes final : public ByteSource {
 public:
  /// `bytes` outlives it.
  explicit MemoryBytes(std::span<const u8> bytes) : bytes_(bytes) {}
  u64 size() const override { return bytes_.size(); }
  bool read(u64 offset, std::span<u8> to) const override;

 private:
  std::span<const u8> bytes_;
};

/// Why there are no symbols, without the name of the file.
struct SymbolTrouble {
  std::string message;
};
using SymbolResult = Result<SymbolTable, SymbolTrouble>;

/// The functions and objects of the file's .symtab, at the addresses that it is linked to. Nothing else of the file is looked at.
SymbolResult read_elf_symbols(const ByteSource& file);
/// Lines "ADDRESS TYPE NAME", modules' symbols included. A line that is none is an error.
SymbolResult read_kallsyms_text(std::string_view text);

/// The table in that form. What went wrong, naming the file; empty when nothing did. nullptr: no table, an empty file.
std::string write_kallsyms_text(const SymbolTable* table, const std::string& path);

struct SymbolFile {
  SymbolTable table;
  bool linked = false; ///< at the addresses that the program was linked to, which need not be those that it runs at
};
/// Either of the two, by how the file begins. The error names `path`.
Result<SymbolFile> read_symbol_file(const std::string& path);

} // namespace siena::frontends::symbols
