// SPDX-License-Identifier: BSD-3-Clause
#include "machine/mapping_report.h"

#include "mmu/dat_walk.h"

#include <fmt/format.h>

namespace siena::machine {

namespace {

using mmu::DatEntry;
using mmu::DatTable;
using mmu::TableLevel;

/// Tables can lead back to themselves, and describe more than anybody can read.
constexpr u64 kMostEntries = 4'000'000;
constexpr std::size_t kMostText = 512 * 1024;

class Walk {
 public:
  Walk(cpu::Cpu& cpu, const mmu::DatControls& controls) : cpu_(cpu), controls_(controls) {}

  void table(const DatTable& table, u64 base) {
    const u64 size = u64{1} << mmu::index_shift(table.level);
    const unsigned quarter = mmu::table_entries(table.level) / 4;
    const bool whole = table.level == TableLevel::Page;
    const unsigned first = whole ? 0 : table.first * quarter, last = whole ? 256 : (table.last + 1) * quarter;
    for (unsigned i = first; i < last && !cut_; ++i) {
      const auto value = entry(table.origin + u64{i} * 8);
      if (!value) continue;
      const DatEntry found = mmu::decode_entry(table, *value, controls_);
      if (found.kind == DatEntry::Kind::Table)
        this->table(found.table, base + i * size);
      else if (found.kind == DatEntry::Kind::Frame)
        add(base + i * size, size, found.writable, found.executable);
    }
  }

  std::string finish() {
    flush();
    if (cut_) text_ += "(there is more)\n";
    return text_.empty() ? "nothing is mapped\n" : text_;
  }

 private:
  std::optional<u64> entry(u64 address) {
    if (++entries_ > kMostEntries || text_.size() > kMostText) {
      cut_ = true;
      return std::nullopt;
    }
    if (!cpu_.interpretive()) return cpu_.storage().load<u64>({address});
    const auto found = cpu_.resolve_absolute(address, mmu::Access::Fetch);
    if (!found.ok()) return std::nullopt;
    return cpu_.storage().load<u64>({found.page.value + (address & ~kPageMask)});
  }

  void add(u64 at, u64 size, bool writable, bool executable) {
    if (size_ != 0 && at == first_ + size_ && writable == writable_ && executable == executable_) {
      size_ += size;
      return;
    }
    flush();
    first_ = at;
    size_ = size;
    writable_ = writable;
    executable_ = executable;
  }
  void flush() {
    if (size_ != 0)
      text_ += fmt::format("{:016x}-{:016x} {:016x} r{}{}\n",
                           first_,
                           first_ + size_,
                           size_,
                           writable_ ? 'w' : '-',
                           executable_ ? 'x' : '-');
    size_ = 0;
  }

  cpu::Cpu& cpu_;
  mmu::DatControls controls_;
  std::string text_;
  u64 entries_ = 0, first_ = 0, size_ = 0;
  bool writable_ = false, executable_ = false, cut_ = false;
};

} // namespace

std::string mapping_report(cpu::Cpu& cpu) {
  if (!cpu.psw.has(cpu::Psw::kDat)) return "DAT is off: addresses are real\n";
  static constexpr std::string_view kSpaces[] = {"primary", "primary (access-register mode)", "secondary", "home"};
  static constexpr unsigned kRegisters[] = {1, 1, 7, 13};
  const auto space = static_cast<unsigned>(cpu.psw.address_space());
  const u64 asce = cpu.cr[kRegisters[space]];
  std::string head = fmt::format("CPU {}, {} space, ASCE {:016x}\n", cpu.cpu_address(), kSpaces[space], asce);
  if ((asce & mmu::asce::kRealSpace) != 0) return head + "a real space: addresses are real\n";
  const bool enhanced = (cpu.cr[0] & cpu::cr0::kEnhancedDat) != 0;
  const bool protection = (cpu.cr[0] & cpu::cr0::kInstructionExecutionProtection) != 0;
  Walk walk{cpu, {cpu.features.edat1 && enhanced, cpu.features.edat2 && enhanced, cpu.features.iep && protection}};
  walk.table(mmu::designated_table(asce), 0);
  return head + walk.finish();
}

} // namespace siena::machine
