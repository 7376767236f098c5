// SPDX-License-Identifier: BSD-3-Clause
// The symbol table that a Linux kernel carries in its image (kallsyms), decoded from guest storage. Its parts are where VMCOREINFO
// says (Linux 6.0 and later):
//   kallsyms_num_syms       how many symbols, in the order of addresses
//   kallsyms_names          by symbol: a length (one byte; two when the first has its high bit on, seven low bits first), and as many
//                           bytes, each of which stands for a text; the first character of all is the letter of /proc/kallsyms
//   kallsyms_token_index    by byte: offset of the text that it stands for, a halfword
//   kallsyms_token_table    these texts, each with a zero behind
//   kallsyms_offsets        by symbol: a word to be added, unsigned, to kallsyms_relative_base; without such a base the word is
//                           signed and relative to its own address
#pragma once

#include "frontends/symbols/symbol_files.h"
#include "frontends/symbols/vmcoreinfo.h"

namespace siena::frontends::symbols {

/// The symbols of the guest's kernel at the addresses that it runs at, without those of modules.
SymbolResult read_kallsyms(GuestStorage& storage, const VmcoreInfo& info);

/// What to add to addresses of a vmlinux to get those that the guest's kernel has (KASLR); both must know _stext.
/// Not from KERNELOFFSET, whose meaning has changed with Linux 6.10.
std::optional<u64> kernel_distance(const SymbolTable& linked, const VmcoreInfo& info);

} // namespace siena::frontends::symbols
