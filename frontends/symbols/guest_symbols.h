// SPDX-License-Identifier: BSD-3-Clause
// The symbols of the kernels that run in a machine, by depth: 1 is guest 1's, 2 that of what guest 1 runs under SIE, 3 a deeper one's.
// They come from files or from the guests themselves, and follow a kernel to where it is loaded.
#pragma once

#include "frontends/symbols/symbol_files.h"
#include "frontends/symbols/vmcoreinfo.h"
#include "machine/configuration.h"
#include "machine/machine.h"
#include "mmu/storage.h"

#include <array>

namespace siena::frontends::symbols {

/// Guest 1's storage.
class MachineStorage final : public GuestStorage {
 public:
  explicit MachineStorage(const mmu::AbsoluteStorage& storage) : storage_(storage) {}
  bool read(u64 absolute, std::span<u8> to) override { return storage_.read({absolute}, to); }

 private:
  const mmu::AbsoluteStorage& storage_;
};

/// Storage of the first guest of that depth that is known to have run under SIE, as its SIE host's tables map it now.
class StorageOfGuest final : public GuestStorage {
 public:
  StorageOfGuest(machine::Machine& machine, unsigned depth) : machine_(machine), depth_(depth) {}
  bool read(u64 absolute, std::span<u8> to) override;

 private:
  machine::Machine& machine_;
  unsigned depth_;
};

class GuestSymbols {
 public:
  /// Reads the files; errors name option and file.
  static Result<GuestSymbols> open(const std::vector<machine::SymbolSource>& sources);

  /// Where `refresh` looks for the kernel of that depth; `storage` outlives this, or is replaced. nullptr: nowhere.
  void set_storage(unsigned depth, GuestStorage* storage);
  /// Looks what the kernels say about themselves now. Cheap when that is what they said before. Lookups of a kernel that has not
  /// said anything yet use its file as it is, or find nothing.
  void refresh();

  /// The symbol of the depth's kernel that the virtual address is in. Good until the next `refresh`.
  std::optional<SymbolTable::Place> find(unsigned depth, u64 address) const;
  std::optional<u64> address_of(unsigned depth, std::string_view name) const;
  /// nullptr: none.
  const SymbolTable* table(unsigned depth) const;
  /// Why a kernel's own symbols cannot be had, in one line; empty when they can, or were not asked for.
  const std::string& trouble(unsigned depth) const;

 private:
  struct Kernel {
    GuestStorage* storage = nullptr;
    bool decode = false; ///< from its storage
    bool linked = false; ///< the table is that of a vmlinux
    SymbolTable table;
    std::string said; ///< VMCOREINFO, when the table was last made or moved
    std::string trouble;
  };
  const Kernel* kernel(unsigned depth) const;
  static void refresh(Kernel& kernel);

  std::array<Kernel, machine::kDeepestSymbols> kernels_;
};

} // namespace siena::frontends::symbols
