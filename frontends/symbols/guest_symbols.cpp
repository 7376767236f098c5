// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/symbols/guest_symbols.h"

#include "frontends/symbols/kallsyms.h"
#include "sie/guest_view.h"

#include <algorithm>

namespace siena::frontends::symbols {

bool StorageOfGuest::read(u64 absolute, std::span<u8> to) {
  const auto& guests = machine_.interpretive().directory().guests();
  const auto found = std::find_if(guests.begin(), guests.end(), [this](const auto& g) { return g->depth == depth_; });
  if (found == guests.end()) return false;
  sie::GuestCpuView cpu{machine_.storage(), *(*found)->cpus.front()};
  const sie::ProgramView program = cpu.program(machine_.storage());
  while (!to.empty()) {
    const auto page = program.absolute_page(absolute);
    const u64 offset = absolute & ~kPageMask, length = std::min<u64>(to.size(), kPageSize - offset);
    if (!page || !machine_.storage().read(page->frame + offset, to.first(length))) return false;
    to = to.subspan(length);
    absolute += length;
  }
  return true;
}

Result<GuestSymbols> GuestSymbols::open(const std::vector<machine::SymbolSource>& sources) {
  GuestSymbols symbols;
  for (const auto& source : sources) {
    Kernel& kernel = symbols.kernels_.at(source.depth - 1);
    if (source.file.empty()) {
      kernel.decode = true;
      kernel.trouble = "there is no storage to decode the symbols from";
      continue;
    }
    auto file = read_symbol_file(source.file);
    if (!file) return file.error();
    kernel.table = std::move(file.value().table);
    kernel.linked = file.value().linked;
  }
  return symbols;
}

const GuestSymbols::Kernel* GuestSymbols::kernel(unsigned depth) const {
  return depth >= 1 && depth <= kernels_.size() ? &kernels_[depth - 1] : nullptr;
}

void GuestSymbols::set_storage(unsigned depth, GuestStorage* storage) { kernels_.at(depth - 1).storage = storage; }

void GuestSymbols::refresh() {
  for (Kernel& kernel : kernels_) refresh(kernel);
}

void GuestSymbols::refresh(Kernel& kernel) {
  if (kernel.storage == nullptr || !(kernel.decode || kernel.linked)) return;
  const auto info = VmcoreInfo::find(*kernel.storage);
  if (!info && kernel.decode && kernel.said.empty()) kernel.trouble = "the guest has not said where its symbols are";
  if (!info || info->text() == kernel.said) return;
  kernel.said = info->text();
  if (kernel.linked) {
    // The table may have been moved before: `_stext` in it is where that has put it.
    if (const auto distance = kernel_distance(kernel.table, *info)) kernel.table.move(*distance);
    return;
  }
  auto table = read_kallsyms(*kernel.storage, *info);
  kernel.trouble = table ? "" : table.error().message;
  kernel.table = table ? std::move(table.value()) : SymbolTable{};
  if (!table) kernel.said.clear(); // what is not there yet, of a guest's, may come
}

std::optional<SymbolTable::Place> GuestSymbols::find(unsigned depth, u64 address) const {
  const Kernel* const k = kernel(depth);
  return k != nullptr ? k->table.find(address) : std::nullopt;
}

std::optional<u64> GuestSymbols::address_of(unsigned depth, std::string_view name) const {
  const Kernel* const k = kernel(depth);
  return k != nullptr ? k->table.address_of(name) : std::nullopt;
}

const SymbolTable* GuestSymbols::table(unsigned depth) const {
  const Kernel* const k = kernel(depth);
  return k != nullptr && !k->table.empty() ? &k->table : nullptr;
}

const std::string& GuestSymbols::trouble(unsigned depth) const {
  static const std::string kNone;
  const Kernel* const k = kernel(depth);
  return k != nullptr ? k->trouble : kNone;
}

} // namespace siena::frontends::symbols
