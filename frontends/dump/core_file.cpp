// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/dump/core_file.h"

#include "base/address.h"
#include "base/big_endian.h"
#include "frontends/dump/notes.h"
#include "frontends/dump/part_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace siena::frontends::dump {

namespace {
constexpr std::size_t kHeaderSize = 64, kProgramHeaderSize = 56;
constexpr std::size_t kMostSegments = 0xFFFE; // one more would need ELF's extended numbering

constexpr u64 page_up(u64 size) { return (size + kPageSize - 1) & kPageMask; }

void store_header(u8* to, std::size_t segments) {
  constexpr u8 kIdentification[] = {0x7F, 'E', 'L', 'F', /*64 bits*/ 2, /*big-endian*/ 2, /*version*/ 1};
  std::copy(std::begin(kIdentification), std::end(kIdentification), to);
  store_big<u16>(to + 16, 4);  // ET_CORE
  store_big<u16>(to + 18, 22); // EM_S390
  store_big<u32>(to + 20, 1);  // version
  store_big<u64>(to + 32, kHeaderSize);
  store_big<u16>(to + 52, kHeaderSize);
  store_big<u16>(to + 54, kProgramHeaderSize);
  store_big<u16>(to + 56, static_cast<u16>(segments));
  store_big<u16>(to + 58, 64); // size of a section header; there are none
}

struct Segment {
  u32 type = 0, flags = 0;
  u64 offset = 0, address = 0, length = 0, alignment = 0;
  void store(u8* to) const {
    store_big(to, type);
    store_big(to + 4, flags);
    store_big(to + 8, offset);
    store_big(to + 16, address); // virtual: absolute storage is what an address means here
    store_big(to + 24, address);
    store_big(to + 32, length);
    store_big(to + 40, length);
    store_big(to + 48, alignment);
  }
};

bool is_zero(std::span<const u8> page) {
  static constexpr u8 kZeros[kPageSize] = {};
  return std::memcmp(page.data(), kZeros, page.size()) == 0; // quicker than a loop that may end at any byte
}

/// Copies storage into the file, at `offset` what is at `range.start`.
std::error_code
copy_storage(const Source& source, const StorageRange& range, PartFile& file, u64 offset, Written& written) {
  std::vector<u8> chunk(1 << 20);
  for (u64 done = 0; done < range.length;) {
    const auto part = std::span(chunk).first(std::min<u64>(chunk.size(), range.length - done));
    written.missing += source.read(range.start + done, part);
    for (u64 at = 0; at < part.size();) {
      u64 end = at;
      while (end < part.size() && !is_zero(part.subspan(end, kPageSize))) end += kPageSize;
      if (end == at) {
        at += kPageSize;
        continue;
      }
      if (const auto error = file.write(offset + done + at, part.subspan(at, end - at))) return error;
      written.stored += end - at;
      at = end;
    }
    done += part.size();
  }
  return {};
}
} // namespace

Result<Written> write_core(const Source& source, const std::string& path) {
  const auto failed = [&path](std::string_view why) {
    return ConfigurationError{.message = fmt::format("'{}': {}", path, why)};
  };
  Written written;
  const auto cpus = source.cpus();
  const auto ranges = source.storage();
  if (ranges.size() >= kMostSegments) return failed("the storage is in too many pieces");
  std::vector<u8> notes;
  const auto add_note = [&notes](const std::vector<u8>& note) { notes.insert(notes.end(), note.begin(), note.end()); };
  for (const CpuState& cpu : cpus) add_note(cpu_notes(cpu, source.has_vector_registers()));
  written.cpus = cpus.size();
  const auto kernel = kernel_note(source);
  written.kernel_note = !kernel.empty();
  add_note(kernel);

  std::vector<Segment> segments;
  const u64 notes_at = kHeaderSize + kProgramHeaderSize * (1 + ranges.size());
  segments.push_back({.type = 4, .offset = notes_at, .length = notes.size(), .alignment = 4}); // PT_NOTE
  // Pages begin at multiples of their size, or the file system could not leave them out.
  written.file_size = page_up(notes_at + notes.size());
  for (const StorageRange& range : ranges) {
    segments.push_back({.type = 1, // PT_LOAD
                        .flags = 7,
                        .offset = written.file_size,
                        .address = range.start,
                        .length = range.length,
                        .alignment = kPageSize});
    written.file_size += range.length;
  }
  std::vector<u8> head(notes_at);
  store_header(head.data(), segments.size());
  for (std::size_t n = 0; n < segments.size(); ++n)
    segments[n].store(head.data() + kHeaderSize + kProgramHeaderSize * n);
  head.insert(head.end(), notes.begin(), notes.end());
  written.stored = head.size();

  auto opened = PartFile::create(path, written.file_size);
  if (!opened) return failed(opened.error().message());
  PartFile& file = opened.value();
  std::error_code error = file.write(0, head);
  for (std::size_t n = 0; !error && n < ranges.size(); ++n)
    error = copy_storage(source, ranges[n], file, segments[n + 1].offset, written);
  if (!error) error = file.finish();
  if (error) return failed(error.message());
  return written;
}

} // namespace siena::frontends::dump
