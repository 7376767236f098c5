// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/storage_dump.h"

#include "cpu/isa/disassembler.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace siena::frontends::monitor {

namespace {
/// So much is shown at most by one command: a megabyte of text or so.
constexpr u64 kMostBytes = 128 * 1024;

bool read(cpu::Cpu& cpu, StorageKind kind, u64 address, std::span<u8> to) {
  if (kind == StorageKind::Absolute) return cpu.storage().read({address}, to);
  cpu::AccessMode mode = cpu.current_mode();
  mode.key = 0;
  for (std::size_t done = 0; done < to.size();) {
    const u64 at = (address + done) & cpu.address_mask();
    const auto found = cpu.resolve({at, 0}, cpu::Access::Fetch, mode);
    const u64 offset = at & ~kPageMask, length = std::min<u64>(to.size() - done, kPageSize - offset);
    if (!found.translation.ok()) return false;
    if (!cpu.storage().read({found.translation.page.value + offset}, to.subspan(done, length))) return false;
    done += length;
  }
  return true;
}

std::string as_character(u8 value) {
  switch (value) {
  case '\'': return "'\\''";
  case '\\': return "'\\\\'";
  case '\n': return "'\\n'";
  case '\r': return "'\\r'";
  default: break;
  }
  return value < 0x20 || value > 0x7E ? fmt::format("'\\x{:02x}'", value)
                                      : fmt::format("'{}'", static_cast<char>(value));
}

/// One number, as wide as the widest of its kind.
std::string as_number(std::span<const u8> bytes, char format) {
  u64 value = 0;
  for (const u8 byte : bytes) value = value << 8 | byte;
  const unsigned bits = static_cast<unsigned>(8 * bytes.size());
  switch (format) {
  case 'd': {
    const auto number = static_cast<s64>(value << (64 - bits)) >> (64 - bits);
    return fmt::format("{:{}}", number, (bits * 10 + 32) / 33);
  }
  case 'u': return fmt::format("{:{}}", value, (bits * 10 + 32) / 33);
  case 'o': return fmt::format("{:#{}o}", value, (bits + 2) / 3);
  case 'c': return as_character(bytes[0]);
  default: return fmt::format("0x{:0{}x}", value, bits / 4);
  }
}

std::string instructions(cpu::Cpu& cpu, StorageKind kind, u64 address, u64 count) {
  std::string text;
  for (u64 n = 0; n < std::min(count, kMostBytes / 8); ++n) {
    u8 bytes[6] = {};
    if (!read(cpu, kind, address, {bytes, 2})) return text + fmt::format("{:016x}: Cannot access memory\n", address);
    const unsigned length = bytes[0] < 0x40 ? 2 : bytes[0] < 0xC0 ? 4 : 6;
    if (!read(cpu, kind, address, {bytes, length}))
      return text + fmt::format("{:016x}: Cannot access memory\n", address);
    u64 left_aligned = 0;
    std::string hexadecimal;
    for (unsigned i = 0; i < 6; ++i) {
      left_aligned |= static_cast<u64>(bytes[i]) << (56 - 8 * i);
      if (i % 2 == 0 && i < length) hexadecimal += fmt::format("{:02x}{:02x} ", bytes[i], bytes[i + 1]);
    }
    text += fmt::format(
        "0x{:08x}:  {:15} {}\n", address, hexadecimal, cpu::isa::disassemble({left_aligned}, *cpu.decoder, address));
    address += length;
  }
  return text;
}
} // namespace

std::optional<std::string> read_format(std::string_view text, DumpFormat& format) {
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    format.count = 0;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1))
      format.count = std::min<u64>(format.count * 10 + static_cast<u64>(text[0] - '0'), kMostBytes);
  }
  for (const char c : text) {
    switch (c) {
    case 'x':
    case 'd':
    case 'u':
    case 'o':
    case 'c':
    case 'i': format.format = c; break;
    case 'b': format.size = 1; break;
    case 'h': format.size = 2; break;
    case 'w': format.size = 4; break;
    case 'g': format.size = 8; break;
    default: return fmt::format("invalid char in format: '{}'", c);
    }
  }
  return std::nullopt;
}

std::string dump_storage(cpu::Cpu& cpu, StorageKind kind, u64 address, const DumpFormat& format) {
  if (format.format == 'i') return instructions(cpu, kind, address, format.count);
  const unsigned size = format.format == 'c' ? 1 : format.size;
  const unsigned in_line = size == 1 ? 8 : 16 / size;
  const u64 count = std::min(format.count, kMostBytes / size);
  std::string text;
  for (u64 done = 0; done < count; done += in_line) {
    std::vector<u8> bytes(std::min<u64>(in_line, count - done) * size);
    text += fmt::format("{:016x}:", address);
    if (!read(cpu, kind, address, bytes)) return text + " Cannot access memory\n";
    for (std::size_t at = 0; at < bytes.size(); at += size)
      text += ' ' + as_number(std::span{bytes}.subspan(at, size), format.format);
    text += '\n';
    address += bytes.size();
  }
  return text;
}

} // namespace siena::frontends::monitor
