// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/symbols/vmcoreinfo.h"

#include "base/big_endian.h"
#include "frontends/symbols/symbol_table.h"

#include <fmt/format.h>

namespace siena::frontends::symbols {

namespace {
/// Where Linux keeps the note's address: in the part of the prefix area that dump tools rely on.
constexpr u64 kNoteAddress = 0xE0C;
constexpr u32 kLongestText = 4096 - 12 - 12;

struct NoteHeader {
  Big32 name_length, text_length, type;
  char name[12];
};
static_assert(sizeof(NoteHeader) == 24);
} // namespace

std::optional<VmcoreInfo> VmcoreInfo::find(GuestStorage& storage) {
  Big64 address;
  if (!storage.read(kNoteAddress, {reinterpret_cast<u8*>(&address), sizeof address}) || address == 0)
    return std::nullopt;
  NoteHeader note;
  if (!storage.read(address, {reinterpret_cast<u8*>(&note), sizeof note})) return std::nullopt;
  constexpr std::string_view kName{"VMCOREINFO\0", 11};
  if (note.name_length != kName.size() || std::string_view{note.name, kName.size()} != kName ||
      note.text_length > kLongestText)
    return std::nullopt;
  std::string text(note.text_length, '\0');
  if (!storage.read(address + sizeof note, {reinterpret_cast<u8*>(text.data()), text.size()})) return std::nullopt;
  return VmcoreInfo{std::move(text)};
}

std::optional<std::string_view> VmcoreInfo::value(std::string_view key) const {
  std::string_view rest = text_;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=')
      return line.substr(key.size() + 1);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return std::nullopt;
}

std::optional<u64> VmcoreInfo::number(std::string_view key) const {
  auto text = value(key);
  if (!text) return std::nullopt;
  return parse_hexadecimal(*text);
}

std::optional<u64> VmcoreInfo::symbol(std::string_view name) const { return number(fmt::format("SYMBOL({})", name)); }

u64 VmcoreInfo::absolute_of(u64 image_address) const {
  const auto to = number("KERNELOFFPHYS");
  return to ? image_address - number("KERNELOFFSET").value_or(0) + *to : image_address;
}

} // namespace siena::frontends::symbols
