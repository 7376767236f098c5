// SPDX-License-Identifier: BSD-3-Clause
#include "machine/tlb_report.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace siena::machine {

namespace {

using mmu::ContextKey;
using mmu::TlbContext;
using mmu::TlbEntry;

std::string describe(const ContextKey& key) {
  std::string text = (key.flags & ContextKey::kDat) != 0 ? fmt::format("ASCE {:016x}", key.asce) : "DAT off";
  text += fmt::format(", key {}, prefix {:08x}", key.key >> 4, key.prefix);
  static constexpr std::pair<u32, std::string_view> kFlags[] = {
      {ContextKey::kEdat, "enhanced DAT"},
      {ContextKey::kLowAddressProtection, "low-address protection"},
      {ContextKey::kFetchOverride, "fetch-protection override"},
      {ContextKey::kStorageOverride, "storage-protection override"},
      {ContextKey::kIep, "execution protection"},
      {ContextKey::kInterpretive, "under SIE"}};
  for (const auto& [flag, name] : kFlags)
    if ((key.flags & flag) != 0) text += fmt::format(", {}", name);
  return text;
}

char store_right(const TlbEntry& entry) {
  if (entry.store_tag == TlbEntry::kNoTag) return '-';
  return (entry.store_tag & TlbEntry::kWatched) != 0        ? 'w'
         : (entry.store_tag & TlbEntry::kLowProtected) != 0 ? 'l'
                                                            : 's';
}

std::string list(const TlbContext& context, const mmu::AbsoluteStorage& storage) {
  std::map<u64, const TlbEntry*> by_address;
  for (const TlbEntry& entry : context.entries) {
    const u64 tag = entry.fetch_tag != TlbEntry::kNoTag     ? entry.fetch_tag
                    : entry.execute_tag != TlbEntry::kNoTag ? entry.execute_tag
                                                            : entry.store_tag;
    if (tag != TlbEntry::kNoTag) by_address.emplace(tag & kPageMask, &entry);
  }
  std::string text;
  for (const auto& [address, entry] : by_address)
    text += fmt::format("{:016x}: {:016x} {}{}{}\n",
                        address,
                        storage.absolute(entry->frame()).value,
                        entry->fetch_tag != TlbEntry::kNoTag ? 'f' : '-',
                        store_right(*entry),
                        entry->execute_tag != TlbEntry::kNoTag ? 'x' : '-');
  return text.empty() ? "(empty)\n" : text;
}

} // namespace

std::string tlb_report(cpu::Cpu& cpu, const mmu::AbsoluteStorage& storage) {
  // A CPU looks for the contexts of its controls when it next needs them. Looking now is nothing that the program could notice.
  const TlbContext* const none = cpu.tlb().none();
  if (*cpu.data_context() == none) cpu.choose_data_context();
  const TlbContext &data = **cpu.data_context(), &code = **cpu.instruction_context();
  std::string text = fmt::format("CPU {}: ", cpu.cpu_address());
  text += &data == none ? "nothing is kept in access-register mode, or while PER watches stores\n"
                        : describe(data.key) + '\n' + list(data, storage);
  if (&code == none) return text + "instructions: none since the controls changed\n";
  if (&code != &data) text += fmt::format("instructions: {}\n{}", describe(code.key), list(code, storage));
  return text;
}

} // namespace siena::machine
