// SPDX-License-Identifier: BSD-3-Clause
#include "machine/image.h"

#include "base/big_endian.h"
#include "machine/configuration.h"
#include "machine/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace siena::machine {

namespace {
ConfigurationError cause(std::string message) { return {.message = std::move(message)}; }

ConfigurationError beyond_storage(std::string_view what, u64 address, u64 length, u64 storage_size) {
  return cause(fmt::format("{} ({} bytes at {:#x}) lies outside the {} MiB of storage (-m)",
                           what,
                           length,
                           address,
                           storage_size / kMebibyte));
}

bool begins_with(std::span<const u8> bytes, u64 offset, std::span<const u8> pattern) {
  return bytes.size() >= offset + pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

constexpr std::array<u8, 6> kKernelMagic = {'S', '3', '9', '0', 'E', 'P'};

// ELF-64 object file format, *ELF Header* and *Program Header*.
struct ElfHeader {
  u8 ident[16];
  Big16 type, machine;
  Big32 version;
  Big64 entry, program_headers, section_headers;
  Big32 flags;
  Big16 header_size, program_header_size, program_header_count, section_header_size, section_header_count, names;
};
static_assert(sizeof(ElfHeader) == 64);

struct ProgramHeader {
  Big32 type, flags;
  Big64 offset, virtual_address, physical_address, file_size, memory_size, alignment;
};
static_assert(sizeof(ProgramHeader) == 56);

constexpr std::array<u8, 4> kElfMagic = {0x7F, 'E', 'L', 'F'};
constexpr u8 kClass64 = 2, kDataBigEndian = 2;
constexpr u16 kTypeExecutable = 2, kMachineS390 = 22;
constexpr u32 kSegmentLoad = 1;

Result<Image> parse_elf(std::span<const u8> file, u64 storage_size) {
  ElfHeader header;
  if (file.size() < sizeof header) return cause("truncated in the ELF header");
  std::memcpy(&header, file.data(), sizeof header);
  if (header.ident[4] != kClass64 || header.ident[5] != kDataBigEndian)
    return cause("an ELF file, but not a 64-bit big-endian one for s390x");
  if (header.machine != kMachineS390)
    return cause(fmt::format("an ELF file for machine {}, not for s390x ({})", u16{header.machine}, kMachineS390));
  if (header.type != kTypeExecutable)
    return cause(fmt::format("an ELF file of type {}, not an executable ({})", u16{header.type}, kTypeExecutable));
  if (header.program_header_size != sizeof(ProgramHeader))
    return cause(
        fmt::format("ELF program headers of {} bytes, not {}", u16{header.program_header_size}, sizeof(ProgramHeader)));

  Image image;
  image.entry = header.entry;
  for (u64 i = 0; i < header.program_header_count; i++) {
    const u64 at = header.program_headers + i * sizeof(ProgramHeader);
    if (header.program_headers > file.size() || file.size() - header.program_headers < (i + 1) * sizeof(ProgramHeader))
      return cause("truncated in the ELF program headers");
    ProgramHeader segment;
    std::memcpy(&segment, file.data() + at, sizeof segment);
    const u64 offset = segment.offset, in_file = segment.file_size, length = segment.memory_size;
    const u64 address = segment.physical_address;
    if (segment.type != kSegmentLoad || length == 0) continue;
    if (in_file > length) return cause(fmt::format("ELF segment {} is larger in the file than in storage", i));
    if (offset > file.size() || in_file > file.size() - offset)
      return cause(fmt::format("truncated: ELF segment {} ends behind the file's end", i));
    if (length > storage_size || address > storage_size - length)
      return beyond_storage(fmt::format("ELF segment {}", i), address, length, storage_size);
    image.pieces.push_back({.address = address, .bytes = file.subspan(offset, in_file), .zeros = length - in_file});
    // The entry is given as a virtual address; the machine starts without DAT.
    if (const u64 into = header.entry - segment.virtual_address; into < in_file) image.entry = address + into;
  }
  if (image.pieces.empty()) return cause("an ELF file without anything to load");
  if (image.entry >= storage_size || image.entry % 2 != 0)
    return cause(fmt::format("the ELF entry address {:#x} is not an instruction's address in storage", image.entry));
  image.is_kernel = std::any_of(image.pieces.begin(), image.pieces.end(), [](const Piece& piece) {
    return piece.address <= parameter_area::kMagic &&
           begins_with(piece.bytes, parameter_area::kMagic - piece.address, kKernelMagic);
  });
  return image;
}

// A kernel image's first record: the IPL PSW's entry 0x200 and the first channel-command word.
constexpr std::array<u8, 16> kKernelIplRecord = {
    0x00, 0x08, 0x00, 0x00, 0x80, 0x00, 0x02, 0x00, 0x02, 0x00, 0x00, 0x18, 0x60, 0x00, 0x00, 0x50};

/// The short PSW format: bit 12 is one, bits 0, 2-4 and 24-30 are zero (PoP, *Program-Status-Word Format*).
bool is_ipl_psw(u32 mask) { return (mask & 0xB808'00FE) == 0x0008'0000; }

/// Linux's images end in this doubleword (arch/s390/boot/vmlinux.lds.S, the trailer for secure boot); a signed one has the signature
/// and this text behind it (include/linux/module_signature.h).
constexpr u64 kTrailer = 0x0000'0020'7A49'504C;
constexpr std::string_view kSigned = "~Module signature appended~\n";

/// The trailer came before the field that states how long a command line may be: an image that has the field has one of the two ends.
bool is_cut_short(std::span<const u8> kernel) {
  if (load_big<u64>(&kernel[parameter_area::kMaximumCommandLine]) == 0) return false;
  const auto end = [&](std::size_t length) { return kernel.last(length); };
  return load_big<u64>(end(8).data()) != kTrailer &&
         !std::ranges::equal(end(kSigned.size()), kSigned, {}, {}, [](char c) { return static_cast<u8>(c); });
}

Result<Image> parse_raw(std::span<const u8> file, u64 storage_size) {
  if (file.size() > storage_size) return beyond_storage("the image", 0, file.size(), storage_size);
  Image image;
  image.pieces.push_back({.address = 0, .bytes = file, .zeros = 0});
  if (begins_with(file, parameter_area::kMagic, kKernelMagic)) {
    if (file.size() < parameter_area::kCommandLine) return cause("truncated in the kernel's parameter area");
    if (is_cut_short(file)) return cause("a truncated kernel image: it does not end as Linux's images do");
    image.is_kernel = true;
    image.entry = parameter_area::kEntry;
    return image;
  }
  if (begins_with(file, 0, kKernelIplRecord) && file.size() < parameter_area::kCommandLine)
    return cause("a truncated kernel image");
  if (file.size() < 8) return cause(fmt::format("truncated: {} bytes are no image", file.size()));
  if (!is_ipl_psw(load_big<u32>(file.data())))
    return cause("neither a kernel image, nor an s390x ELF file, nor an image that begins with an IPL PSW");
  image.entry = load_big<u32>(file.data() + 4) & 0x7FFF'FFFF;
  if (image.entry == 0 || image.entry >= storage_size || image.entry % 2 != 0)
    return cause(fmt::format("the IPL PSW's address {:#x} is not an instruction's address in storage", image.entry));
  return image;
}
} // namespace

Result<Image> parse_image(std::span<const u8> file, u64 storage_size) {
  if (file.empty()) return cause("the file is empty");
  return begins_with(file, 0, kElfMagic) ? parse_elf(file, storage_size) : parse_raw(file, storage_size);
}

} // namespace siena::machine
