// SPDX-License-Identifier: BSD-3-Clause
#include "sie/host_space.h"

#include "mmu/prefix.h"

namespace siena::sie {

using mmu::Access;

mmu::Translation HostSpace::translate(u64 guest_absolute, Access access) {
  mmu::Translation t;
  if (guest_absolute > p_.last) {
    t.fault = mmu::fault::kAddressing;
    return t;
  }
  const VirtualAddress va{p_.origin + guest_absolute};
  const mmu::DatResult walked = gmap_.translate(p_.space, va);
  const mmu::Translation& host = walked.translation;
  // Attributes of the guest's own half (leaf, executable) are not ours to fill in.
  t.host_leaf = host.leaf;
  t.writable = host.writable;
  t.fault = host.fault;
  if (t.fault == mmu::fault::kAddressing) return t;
  t.host_teid = va.page().value;
  if (p_.fetch_store_indication) t.host_teid |= access == Access::Store ? mmu::teid::kStore : mmu::teid::kFetch;
  if (!t.ok()) {
    t.owner = mmu::Owner::SieHost;
    return t;
  }
  t.page = mmu::apply_prefix(walked.real, p_.prefix).page();
  if (!storage_.contains(t.page, kPageSize)) {
    t.fault = mmu::fault::kAddressing;
    return t;
  }
  if (access == Access::Store && !host.writable) {
    t.fault = mmu::fault::kProtection;
    if (p_.protection_to_host) {
      t.owner = mmu::Owner::SieHost;
      t.host_teid |= mmu::teid::kDatProtection;
    } else {
      t.teid = mmu::teid::kDatProtection;
      protection_met_ = true;
    }
  }
  return t;
}

} // namespace siena::sie
