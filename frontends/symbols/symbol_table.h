// SPDX-License-Identifier: BSD-3-Clause
// What is where in a program: names by address and addresses by name. Addresses are virtual, of one address space (a kernel's).
#pragma once

#include "base/types.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::symbols {

/// Which of several names of one address is shown: the lower, and the earlier added of equals.
enum class SymbolRank : u8 { GlobalFunction, WeakFunction, LocalFunction, GlobalOther, WeakOther, LocalOther };
/// Of the letter that nm and /proc/kallsyms show; nothing for what is no place (absolute and undefined symbols).
std::optional<SymbolRank> rank_of_letter(char letter);

char letter_of(SymbolRank rank);
/// One to sixteen digits, letters small, and nothing else.
std::optional<u64> parse_hexadecimal(std::string_view text);

class SymbolTable {
 public:
  /// A symbol without a size reaches to the next one, but not further than this.
  static constexpr u64 kLongestWithoutSize = 0x1'0000;

  struct Symbol {
    u64 address = 0;
    u64 size = 0; ///< bytes; not zero
    SymbolRank rank{};
    std::string_view name;
  };
  /// An address in terms of a symbol. The name lives as long as the table does not change.
  struct Place {
    std::string_view name;
    u64 offset = 0;
    u64 address = 0; ///< of the symbol
    u64 size = 0;
  };

  /// `size` zero: not known. What is added counts after `sort`.
  void add(u64 address, u64 size, SymbolRank rank, std::string_view name);
  /// Makes lookups possible. Once, after the last `add`.
  void sort();
  /// The table of the same program at another place: every address plus `distance`, modulo 2^64.
  void move(u64 distance);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  /// In the order of addresses; of one address, the one that is shown is the first.
  Symbol symbol(std::size_t n) const;
  /// The symbol that `address` is in.
  std::optional<Place> find(u64 address) const;
  /// The address of the symbol `name`; of several, of the one with the lowest rank, then the lowest address.
  std::optional<u64> address_of(std::string_view name) const;

 private:
  struct Entry {
    u64 address = 0, size = 0;
    u32 name = 0, length = 0; ///< in names_
    SymbolRank rank{};
  };
  std::string_view name_of(const Entry& e) const { return std::string_view{names_}.substr(e.name, e.length); }

  std::string names_;
  std::vector<Entry> entries_;
  std::vector<u32> by_name_; ///< numbers of entries
};

/// NAME, or NAME+0xOFFSET.
std::string text_of(const SymbolTable::Place& place);

} // namespace siena::frontends::symbols
