// SPDX-License-Identifier: BSD-3-Clause
// Guest storage with a kernel's kallsyms and VMCOREINFO in it, as Linux lays them out.
#pragma once

#include "base/big_endian.h"
#include "frontends/symbols/vmcoreinfo.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace siena::frontends::symbols::testing {

class VectorStorage final : public GuestStorage {
 public:
  explicit VectorStorage(std::size_t size) : bytes(size) {}
  bool read(u64 absolute, std::span<u8> to) override {
    ++reads;
    if (absolute > bytes.size() || to.size() > bytes.size() - absolute) return false;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(absolute), to.size(), to.begin());
    return true;
  }
  std::vector<u8> bytes;
  u64 reads = 0;
};

struct BuiltKernel {
  struct Symbol {
    u64 address;
    std::string name; ///< with its letter in front
  };
  std::vector<Symbol> symbols;
  u64 image = 0x3FF'E000'0000; ///< virtual address of what is at absolute kImage
  bool own_mapping = true;     ///< as since Linux 6.10; else `image` must be kImage
  bool based = true;           ///< offsets count from a base, not from themselves
  std::string more;            ///< of VMCOREINFO

  static constexpr u64 kNote = 0x2000, kImage = 0x10000, kCount = 0x0, kBase = 0x8, kIndex = 0x100, kTokens = 0x300,
                       kOffsets = 0x1000, kNames = 0x8000;

  /// The texts of the bytes: themselves, but for these.
  static std::string token(unsigned byte) {
    if (byte == 1) return "sys_";
    if (byte == 2) return "lock";
    return byte > ' ' && byte < 0x7F ? std::string(1, static_cast<char>(byte)) : "";
  }

  void put(VectorStorage& storage) const {
    u8* const at = &storage.bytes[kImage];
    store_big<u32>(at + kCount, static_cast<u32>(symbols.size()));
    const u64 base = symbols.empty() ? 0 : symbols.front().address;
    store_big<u64>(at + kBase, base);
    u16 text = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
      store_big<u16>(at + kIndex + 2 * byte, text);
      const std::string t = token(byte);
      std::memcpy(at + kTokens + text, t.c_str(), t.size() + 1);
      text = static_cast<u16>(text + t.size() + 1);
    }
    u8* name = at + kNames;
    for (std::size_t n = 0; n < symbols.size(); ++n) {
      const u64 from = based ? base : image + kOffsets + 4 * n;
      store_big<u32>(at + kOffsets + 4 * n, static_cast<u32>(symbols[n].address - from));
      std::string packed = symbols[n].name;
      for (u8 byte = 1; byte <= 2; ++byte)
        for (auto p = packed.find(token(byte)); p != std::string::npos; p = packed.find(token(byte)))
          packed.replace(p, token(byte).size(), 1, static_cast<char>(byte));
      if (packed.size() >= 0x80) *name++ = static_cast<u8>(0x80 | packed.size());
      *name++ = static_cast<u8>(packed.size() >= 0x80 ? packed.size() >> 7 : packed.size());
      std::memcpy(name, packed.data(), packed.size());
      name += packed.size();
    }
    put_note(storage);
  }

  void put_note(VectorStorage& storage) const {
    std::string text = "OSRELEASE=6.12\n";
    const auto symbol = [&](const char* what, u64 where) {
      text += fmt::format("SYMBOL({})={:x}\n", what, image + where);
    };
    symbol("kallsyms_names", kNames);
    symbol("kallsyms_num_syms", kCount);
    symbol("kallsyms_token_table", kTokens);
    symbol("kallsyms_token_index", kIndex);
    symbol("kallsyms_offsets", kOffsets);
    if (based) symbol("kallsyms_relative_base", kBase);
    // Both offsets are those of an image at zero: their difference counts.
    if (own_mapping) text += fmt::format("KERNELOFFSET={:x}\nKERNELOFFPHYS={:x}\n", image - 0x4000, kImage - 0x4000);
    text += more;
    u8* const note = &storage.bytes[kNote];
    store_big<u32>(note, 11);
    store_big<u32>(note + 4, static_cast<u32>(text.size()));
    std::memcpy(note + 12, "VMCOREINFO\0", 12);
    std::memcpy(note + 24, text.data(), text.size());
    store_big<u64>(&storage.bytes[0xE0C], kNote);
  }
};

inline BuiltKernel built_kernel() {
  return {.symbols = {{0x3FF'E010'0000, "T_stext"},
                      {0x3FF'E010'0200, "Tsys_read"},
                      {0x3FF'E010'0300, "tlock_it_sys_"},
                      {0x3FF'E010'0400, "t" + std::string(300, 'x')},
                      {0x3FF'E020'0000, "Dclock"}},
          .more = {}};
}

} // namespace siena::frontends::symbols::testing
