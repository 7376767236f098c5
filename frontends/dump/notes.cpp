// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/dump/notes.h"

#include "base/big_endian.h"

#include <algorithm>
#include <string_view>

namespace siena::frontends::dump {

namespace {
// Note types: Linux, include/uapi/linux/elf.h.
enum class Note : u32 {
  Prstatus = 1,
  Fpregset = 2,
  Timer = 0x301,
  TodComparator = 0x302,
  TodProgrammable = 0x303,
  ControlRegisters = 0x304,
  Prefix = 0x305,
  VectorsLow = 0x309,
  VectorsHigh = 0x30A,
};

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

/// Grows a note's content big-endian field by field.
class Bytes {
 public:
  template <typename T>
  Bytes& add(T value) {
    bytes_.resize(bytes_.size() + sizeof(T));
    store_big(bytes_.data() + bytes_.size() - sizeof(T), value);
    return *this;
  }
  Bytes& zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
  }
  const std::vector<u8>& get() const { return bytes_; }

 private:
  std::vector<u8> bytes_;
};

class Notes {
 public:
  void add(std::string_view name, Note type, const Bytes& content) {
    Bytes header;
    header.add(static_cast<u32>(name.size() + 1))
        .add(static_cast<u32>(content.get().size()))
        .add(static_cast<u32>(type));
    append(header.get());
    append({reinterpret_cast<const u8*>(name.data()), name.size()});
    all_.resize(all_.size() + 1); // the name's end
    all_.resize(padded(all_.size()));
    append(content.get());
    all_.resize(padded(all_.size()));
  }
  std::vector<u8> take() { return std::move(all_); }

 private:
  void append(std::span<const u8> bytes) { all_.insert(all_.end(), bytes.begin(), bytes.end()); }
  std::vector<u8> all_;
};

/// struct elf_prstatus of s390x, 336 bytes; what belongs to a process stays zero.
Bytes prstatus(const CpuState& cpu) {
  const cpu::Registers& r = cpu.registers;
  Bytes bytes;
  bytes.zeros(32).add(u32{cpu.address} + 1).zeros(12 + 4 * 16); // pr_pid, and the other ids and times
  bytes.add(r.psw.packed_mask()).add(r.psw.address);
  for (const u64 gr : r.gr) bytes.add(gr);
  for (const u32 ar : r.ar) bytes.add(ar);
  return bytes.zeros(8 + 4 + 4); // orig_gpr2, pr_fpvalid, padding
}

Bytes fpregset(const cpu::Registers& r) {
  Bytes bytes;
  bytes.add(r.fpc).zeros(4);
  for (unsigned n = 0; n < 16; ++n) bytes.add(r.fpr(n));
  return bytes;
}

Bytes control_registers(const cpu::Registers& r) {
  Bytes bytes;
  for (const u64 cr : r.cr) bytes.add(cr);
  return bytes;
}

Bytes vectors_low(const cpu::Registers& r) {
  Bytes bytes;
  for (unsigned n = 0; n < 16; ++n) bytes.add(r.vr[n].low);
  return bytes;
}

Bytes vectors_high(const cpu::Registers& r) {
  Bytes bytes;
  for (unsigned n = 16; n < 32; ++n) bytes.add(r.vr[n].high).add(r.vr[n].low);
  return bytes;
}
} // namespace

std::vector<u8> cpu_notes(const CpuState& cpu, bool vector_registers) {
  const cpu::Registers& r = cpu.registers;
  Notes notes;
  notes.add("CORE", Note::Prstatus, prstatus(cpu));
  notes.add("CORE", Note::Fpregset, fpregset(r));
  notes.add("LINUX", Note::Prefix, Bytes{}.add(r.prefix));
  notes.add("LINUX", Note::ControlRegisters, control_registers(r));
  notes.add("LINUX", Note::Timer, Bytes{}.add(cpu.cpu_timer));
  // As the machine stores it at a dump, bits 0-55 only: so Linux's own dumps have it, and crash shifts it back. QEMU writes all bits.
  notes.add("LINUX", Note::TodComparator, Bytes{}.add(r.clock_comparator >> 8));
  notes.add("LINUX", Note::TodProgrammable, Bytes{}.add(r.tod_programmable));
  if (vector_registers) {
    notes.add("LINUX", Note::VectorsLow, vectors_low(r));
    notes.add("LINUX", Note::VectorsHigh, vectors_high(r));
  }
  return notes.take();
}

std::vector<u8> kernel_note(const Source& source) {
  constexpr u64 kPublishedAt = 0xE0C;
  // The kernel's own limit is a page; the text has about 3,000 bytes.
  constexpr u32 kLongestText = 64 << 10;
  constexpr std::string_view kName{"VMCOREINFO\0\0", 12}; // padded

  const auto ranges = source.storage();
  const auto read = [&](u64 address, std::span<u8> to) {
    const bool inside = std::any_of(ranges.begin(), ranges.end(), [&](const StorageRange& range) {
      return address >= range.start && to.size() <= range.length && address - range.start <= range.length - to.size();
    });
    return inside && source.read(address, to) == 0;
  };
  u8 published[8], header[kHeaderSize + kName.size()];
  if (!read(kPublishedAt, published)) return {};
  const u64 address = load_big<u64>(published);
  if (address == 0 || !read(address, header)) return {};
  const u32 text_size = load_big<u32>(header + 4);
  if (load_big<u32>(header) != kName.size() - 1 || load_big<u32>(header + 8) != 0 || text_size > kLongestText)
    return {};
  if (!std::equal(kName.begin(), kName.end(), reinterpret_cast<const char*>(header) + kHeaderSize)) return {};
  std::vector<u8> note(sizeof header + padded(text_size));
  if (!read(address, std::span(note).first(sizeof header + text_size))) return {};
  return note;
}

} // namespace siena::frontends::dump
