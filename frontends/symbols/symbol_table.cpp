// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/symbols/symbol_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace siena::frontends::symbols {

std::optional<SymbolRank> rank_of_letter(char letter) {
  switch (letter) {
  case 'T': return SymbolRank::GlobalFunction;
  case 'W': return SymbolRank::WeakFunction;
  case 't': return SymbolRank::LocalFunction;
  case 'w': return SymbolRank::WeakFunction;
  case 'V':
  case 'v': return SymbolRank::WeakOther;
  case 'A':
  case 'a':
  case 'U':
  case 'u': return std::nullopt; // numbers, not places
  default: return letter >= 'A' && letter <= 'Z' ? SymbolRank::GlobalOther : SymbolRank::LocalOther;
  }
}

std::optional<u64> parse_hexadecimal(std::string_view text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  u64 value = 0;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<u64>(digit);
  }
  return value;
}

char letter_of(SymbolRank rank) {
  switch (rank) {
  case SymbolRank::GlobalFunction: return 'T';
  case SymbolRank::WeakFunction: return 'W';
  case SymbolRank::LocalFunction: return 't';
  case SymbolRank::GlobalOther: return 'D';
  case SymbolRank::WeakOther: return 'V';
  case SymbolRank::LocalOther: break;
  }
  return 'd';
}

void SymbolTable::add(u64 address, u64 size, SymbolRank rank, std::string_view name) {
  constexpr std::size_t kMost = std::numeric_limits<u32>::max();
  if (name.empty() || names_.size() + name.size() > kMost || entries_.size() >= kMost) return;
  entries_.push_back({address, size, static_cast<u32>(names_.size()), static_cast<u32>(name.size()), rank});
  names_ += name;
}

void SymbolTable::sort() {
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.address, a.rank) < std::tie(b.address, b.rank);
  });
  u64 next = 0; // address behind the entries with the same address; there is none behind the last ones
  for (std::size_t n = entries_.size(); n-- > 0;) {
    Entry& e = entries_[n];
    if (n + 1 < entries_.size() && entries_[n + 1].address != e.address) next = entries_[n + 1].address;
    const bool last = next <= e.address;
    const u64 room = last ? ~e.address + (e.address != 0 ? 1 : 0) : next - e.address;
    if (e.size == 0) e.size = std::min(room, kLongestWithoutSize);
  }
  by_name_.resize(entries_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0u);
  std::sort(by_name_.begin(), by_name_.end(), [this](u32 a, u32 b) {
    return std::tuple{name_of(entries_[a]), entries_[a].rank, a} <
           std::tuple{name_of(entries_[b]), entries_[b].rank, b};
  });
}

void SymbolTable::move(u64 distance) {
  if (distance == 0) return;
  for (Entry& e : entries_) e.address += distance;
  // What has gone around the end of the address space comes first now.
  sort();
}

SymbolTable::Symbol SymbolTable::symbol(std::size_t n) const {
  const Entry& e = entries_[n];
  return {e.address, e.size, e.rank, name_of(e)};
}

std::optional<SymbolTable::Place> SymbolTable::find(u64 address) const {
  auto behind =
      std::upper_bound(entries_.begin(), entries_.end(), address, [](u64 a, const Entry& e) { return a < e.address; });
  if (behind == entries_.begin()) return std::nullopt;
  const u64 start = (behind - 1)->address;
  const auto first =
      std::lower_bound(entries_.begin(), behind, start, [](const Entry& e, u64 a) { return e.address < a; });
  for (auto e = first; e != behind; ++e)
    if (address - e->address < e->size) return Place{name_of(*e), address - e->address, e->address, e->size};
  return std::nullopt;
}

std::optional<u64> SymbolTable::address_of(std::string_view name) const {
  const auto found = std::lower_bound(by_name_.begin(), by_name_.end(), name, [this](u32 n, std::string_view wanted) {
    return name_of(entries_[n]) < wanted;
  });
  if (found == by_name_.end() || name_of(entries_[*found]) != name) return std::nullopt;
  return entries_[*found].address;
}

std::string text_of(const SymbolTable::Place& place) {
  return place.offset == 0 ? std::string{place.name} : fmt::format("{}+{:#x}", place.name, place.offset);
}

} // namespace siena::frontends::symbols
