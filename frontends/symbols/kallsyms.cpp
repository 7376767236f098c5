// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/symbols/kallsyms.h"

#include "base/big_endian.h"

#include <fmt/format.h>

#include <array>

namespace siena::frontends::symbols {

namespace {
// What a guest may make us keep. Debian's kernels have 60,000 to 180,000 symbols.
constexpr u32 kMostSymbols = 4'000'000;
constexpr std::size_t kLongestName = 1024, kMostText = 256u << 20;

/// Bytes one after the other.
class Stream {
 public:
  Stream(GuestStorage& storage, u64 address) : storage_(storage), address_(address) {}
  std::optional<u8> next() {
    if (at_ == have_ && !fill()) return std::nullopt;
    return buffer_[at_++];
  }

 private:
  /// To the end of a page: what is behind it may not exist.
  bool fill() {
    have_ = buffer_.size() - address_ % buffer_.size();
    at_ = 0;
    if (!storage_.read(address_, std::span{buffer_}.first(have_))) {
      have_ = 0;
      return false;
    }
    address_ += have_;
    return true;
  }

  GuestStorage& storage_;
  u64 address_;
  std::array<u8, 4096> buffer_;
  std::size_t at_ = 0, have_ = 0;
};

/// The texts that the bytes of names stand for.
class Tokens {
 public:
  static std::optional<Tokens> read(GuestStorage& storage, u64 index_address, u64 table_address) {
    Tokens tokens;
    std::array<Big16, 256> index;
    if (!storage.read(index_address, {reinterpret_cast<u8*>(index.data()), sizeof index})) return std::nullopt;
    for (std::size_t n = 0; n < index.size(); ++n) {
      Stream text{storage, table_address + index[n]};
      auto c = text.next();
      for (; c && *c != 0 && tokens.texts_[n].size() < kLongestName; c = text.next())
        tokens.texts_[n] += static_cast<char>(*c);
      if (!c || *c != 0) return std::nullopt;
    }
    return tokens;
  }
  const std::string& operator[](u8 token) const { return texts_[token]; }

 private:
  std::array<std::string, 256> texts_;
};

/// The next name, with its letter in front; empty when that is none.
std::string next_name(Stream& names, const Tokens& tokens) {
  const auto first = names.next();
  if (!first) return "";
  unsigned length = *first;
  if (length >= 0x80) {
    const auto second = names.next();
    if (!second) return "";
    length = (length & 0x7F) | static_cast<unsigned>(*second) << 7;
  }
  std::string name;
  for (; length > 0; --length) {
    const auto token = names.next();
    if (!token) return "";
    name += tokens[*token];
    if (name.size() > kLongestName) return "";
  }
  return name;
}
} // namespace

SymbolResult read_kallsyms(GuestStorage& storage, const VmcoreInfo& info) {
  const auto count_at = info.symbol("kallsyms_num_syms"), names_at = info.symbol("kallsyms_names"),
             table_at = info.symbol("kallsyms_token_table"), index_at = info.symbol("kallsyms_token_index"),
             offsets_at = info.symbol("kallsyms_offsets"), base_at = info.symbol("kallsyms_relative_base");
  if (!count_at || !names_at || !table_at || !index_at || !offsets_at)
    return SymbolTrouble{
        "the guest's VMCOREINFO does not tell where kallsyms is (Linux before 6.0, or without KALLSYMS)"};
  const auto damaged = [](std::string_view what) {
    return SymbolTrouble{fmt::format("the guest's kallsyms cannot be decoded: {}", what)};
  };
  Big32 count;
  if (!storage.read(info.absolute_of(*count_at), {reinterpret_cast<u8*>(&count), sizeof count}))
    return damaged("the number of symbols is not in its storage");
  if (count == 0 || count > kMostSymbols) return damaged(fmt::format("{} symbols", u32{count}));
  Big64 base;
  if (base_at && !storage.read(info.absolute_of(*base_at), {reinterpret_cast<u8*>(&base), sizeof base}))
    return damaged("the base of the addresses is not in its storage");
  const auto tokens = Tokens::read(storage, info.absolute_of(*index_at), info.absolute_of(*table_at));
  if (!tokens) return damaged("the texts that names consist of are not in its storage");

  Stream names{storage, info.absolute_of(*names_at)}, offsets{storage, info.absolute_of(*offsets_at)};
  SymbolTable table;
  std::size_t text = 0;
  for (u32 n = 0; n < count; ++n) {
    const std::string name = next_name(names, *tokens);
    if (name.size() < 2 || (text += name.size()) > kMostText) return damaged(fmt::format("the name of symbol {}", n));
    u32 offset = 0;
    for (int i = 0; i < 4; ++i) {
      const auto byte = offsets.next();
      if (!byte) return damaged(fmt::format("the address of symbol {} is not in its storage", n));
      offset = offset << 8 | *byte;
    }
    const u64 address =
        base_at ? base + offset : *offsets_at + 4 * u64{n} + static_cast<u64>(s64{static_cast<s32>(offset)});
    if (const auto rank = rank_of_letter(name.front())) table.add(address, 0, *rank, std::string_view{name}.substr(1));
  }
  table.sort();
  return table;
}

std::optional<u64> kernel_distance(const SymbolTable& linked, const VmcoreInfo& info) {
  const auto from = linked.address_of("_stext"), to = info.symbol("_stext");
  return from && to ? std::optional{*to - *from} : std::nullopt;
}

} // namespace siena::frontends::symbols
