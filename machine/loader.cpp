// SPDX-License-Identifier: BSD-3-Clause
#include "machine/loader.h"

#include "base/check.h"
#include "host/file.h"
#include "machine/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace siena::machine {

namespace {
using namespace parameter_area;

constexpr u64 kPswMask = 0x0000'0001'8000'0000; // extended and basic addressing mode: 64-bit
constexpr u64 kInitrdLowest = 0x80'0000;
constexpr u64 kInitrdDistance = 0x10'0000; // behind the kernel's end, and the grid its start lies on

ConfigurationError error(std::string_view option, std::string_view name, std::string_view cause) {
  return {.message =
              name.empty() ? fmt::format("{}: {}", option, cause) : fmt::format("{}: '{}': {}", option, name, cause)};
}

bool overlaps(const Piece& piece, u64 first, u64 length) {
  return piece.address < first + length && first < piece.address + piece.length();
}

/// The doubleword that `image` puts at `address`, if it does.
std::optional<u64> doubleword_at(const Image& image, u64 address) {
  for (const Piece& piece : image.pieces)
    if (address >= piece.address && address - piece.address + 8 <= piece.bytes.size())
      return load_big<u64>(piece.bytes.data() + (address - piece.address));
  return std::nullopt;
}

/// Whether the parameter area is there for the loader to fill: in a kernel and in
/// what is entered like one it is; elsewhere only if the image leaves it free.
bool takes_parameters(const Image& image, u64 length) {
  if (image.is_kernel || image.entry == kEntry) return true;
  return std::none_of(image.pieces.begin(), image.pieces.end(), [length](const Piece& piece) {
    return overlaps(piece, kInitrdStart, kCommandLine + length - kInitrdStart);
  });
}

std::optional<ConfigurationError> check_command_line(const Image& image, const std::string& append, u64 storage_size) {
  const auto not_ascii = std::find_if(append.begin(), append.end(), [](char c) { return static_cast<u8>(c) >= 0x80; });
  if (not_ascii != append.end())
    return error("-append", "", "not ASCII; a kernel would take the whole command line as EBCDIC");
  u64 limit = doubleword_at(image, kMaximumCommandLine).value_or(0);
  if (limit == 0) limit = kLegacyCommandLine;
  if (append.size() + 1 > limit)
    return error("-append",
                 "",
                 fmt::format("the command line has {} characters; this kernel takes {}", append.size(), limit - 1));
  if (kCommandLine + append.size() + 1 > storage_size)
    return error("-append", "", "the command line does not fit into storage (-m)");
  return std::nullopt;
}

Result<u64> place_initrd(const Image& image, const KernelFiles& files, u64 storage_size) {
  u64 end = 0;
  for (const Piece& piece : image.pieces) end = std::max(end, piece.address + piece.length());
  const u64 behind = (end + 2 * kInitrdDistance - 1) / kInitrdDistance * kInitrdDistance;
  const u64 start = std::max(kInitrdLowest, behind);
  if (start > storage_size || files.initrd.size() > storage_size - start)
    return error("-initrd",
                 files.initrd_name,
                 fmt::format("{} bytes at {:#x} do not fit into {} MiB of storage (-m)",
                             files.initrd.size(),
                             start,
                             storage_size / kMebibyte));
  return start;
}

void put(mmu::AbsoluteStorage& storage, u64 address, std::span<const u8> bytes) {
  CHECK(storage.write({address}, bytes), "the loader checks the place before it stores");
}

void put_zeros(mmu::AbsoluteStorage& storage, u64 address, u64 length) {
  static constexpr std::array<u8, kPageSize> kZeros{};
  for (u64 done = 0; done < length; done += kZeros.size())
    put(storage, address + done, std::span{kZeros}.first(std::min<u64>(kZeros.size(), length - done)));
}

void put_doubleword(mmu::AbsoluteStorage& storage, u64 address, u64 value) {
  CHECK(storage.store({address}, value), "the loader checks the place before it stores");
}
} // namespace

Result<KernelFiles> read_kernel_files(const Configuration& configuration) {
  KernelFiles files{.kernel_name = configuration.kernel,
                    .kernel = {},
                    .initrd_name = configuration.initrd,
                    .initrd = {},
                    .append = configuration.append};
  if (configuration.kernel.empty()) {
    files.kernel_name = "built-in guest";
    files.kernel.assign(configuration.built_in_guest.begin(), configuration.built_in_guest.end());
    return files;
  }
  auto kernel = host::read_whole_file(configuration.kernel, kMaximumImage);
  if (!kernel) return error("-kernel", "", kernel.error().message);
  files.kernel = std::move(kernel.value());
  if (configuration.initrd.empty()) return files;
  auto initrd = host::read_whole_file(configuration.initrd, configuration.storage_size);
  if (!initrd) return error("-initrd", "", initrd.error().message);
  files.initrd = std::move(initrd.value());
  return files;
}

Result<InitialPsw> load_kernel(mmu::AbsoluteStorage& storage, const KernelFiles& files) {
  const auto parsed = parse_image(files.kernel, storage.size());
  if (!parsed) return error("-kernel", files.kernel_name, parsed.error().message);
  const Image& image = parsed.value();

  const bool has_parameters = !files.append.empty() || !files.initrd.empty();
  const bool fills_parameters = takes_parameters(image, files.append.size() + 1);
  if (has_parameters && !fills_parameters)
    return error(files.initrd.empty() ? "-append" : "-initrd",
                 "",
                 fmt::format("'{}' is not a kernel with a parameter area at 0x10400", files.kernel_name));
  if (has_parameters) {
    if (const auto wrong = check_command_line(image, files.append, storage.size())) return *wrong;
  }
  u64 initrd_start = 0;
  if (!files.initrd.empty()) {
    const auto start = place_initrd(image, files, storage.size());
    if (!start) return start.error();
    initrd_start = start.value();
  }

  for (const Piece& piece : image.pieces) {
    put(storage, piece.address, piece.bytes);
    put_zeros(storage, piece.address + piece.bytes.size(), piece.zeros);
  }
  if (!files.initrd.empty()) {
    put(storage, initrd_start, files.initrd);
    put_doubleword(storage, kInitrdStart, initrd_start);
    put_doubleword(storage, kInitrdSize, files.initrd.size());
  }
  // QEMU replaces the command line that was built into the image even by an empty one.
  if (has_parameters || image.is_kernel) {
    const auto* text = reinterpret_cast<const u8*>(files.append.c_str());
    put(storage, kCommandLine, {text, files.append.size() + 1});
  }
  return InitialPsw{.mask = kPswMask, .address = image.entry};
}

} // namespace siena::machine
