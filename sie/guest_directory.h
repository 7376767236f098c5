// SPDX-License-Identifier: BSD-3-Clause
// Which guests have run under guest 1's SIE, for people who look from outside (debugger, dumps, traces, profiles). A state description
// is a CPU of a guest; those with one system control area (SCA), or without one in one space of the SIE host, make up a guest. Nothing
// here is state of the machine, and nothing in the machine depends on it.
#pragma once

#include "cpu/state/registers.h"
#include "sie/shadow_gmap/table.h"
#include "sie/state_description.h"

#include <memory>
#include <unordered_map>
#include <vector>

namespace siena::sie {

struct KnownGuest;

/// A CPU of a guest.
struct KnownCpu {
  static constexpr u16 kNone = 0xFFFF;

  u64 block = 0;               ///< absolute address of the state description
  KnownGuest* guest = nullptr; ///< never null in a directory
  unsigned thread = 0;         ///< 1, 2, ... in the order in which its guest's CPUs first ran
  // At the last entry:
  unsigned running = 0;   ///< CPUs that are interpreting it: at most one, if the SIE host is sane
  u16 running_on = kNone; ///< the last of them
  u64 control_area = 0;
  shadow_gmap::SpaceName space; ///< the SIE host's
  u32 host_prefix = 0;
  u64 entries = 0; ///< number of this one among all entries
  /// General registers 0-13 at the last exit. The SIE host keeps them elsewhere since, and may have changed them.
  bool has_left = false;
  u64 gr[14] = {};
};

struct KnownGuest {
  unsigned number = 0;  ///< 2, 3, ... in the order of their first entry; guest 1 is 1
  unsigned depth = 2;   ///< 3: a guest of a guest's, or deeper (a state description does not say)
  u64 control_area = 0; ///< absolute address of the SCA, or 0
  u64 asce = 0;         ///< the SIE host's primary ASCE at the last entry of a CPU of it
  unsigned threads = 0; ///< numbers given
  std::vector<KnownCpu*> cpus;
};

class GuestDirectory {
 public:
  /// Beyond, the CPUs that have not run for the longest time are forgotten.
  static constexpr std::size_t kMostCpus = 4096;
  /// Host program id of a state description that KVM has made for a guest's guest (Linux, arch/s390/kvm/vsie.c).
  static constexpr u8 kNestedProgram = 5;

  struct Entry {
    u64 block = 0;
    u64 control_area = 0;
    u8 program = 0; ///< host program id
    shadow_gmap::SpaceName space;
    u32 host_prefix = 0;
    u16 cpu = 0;
  };
  /// `entry.cpu` interprets that state description from now on. The reference is good until it has left.
  KnownCpu& entered(const Entry& entry);
  /// CPU `address` no longer does; `registers` has the guest's general registers.
  void left(KnownCpu& cpu, u16 address, const cpu::Registers& registers);

  /// In the order of their numbers. Good until the next entry.
  const std::vector<std::unique_ptr<KnownGuest>>& guests() const { return guests_; }
  const KnownGuest* find(unsigned number) const;
  const KnownCpu* find(unsigned number, unsigned thread) const;
  /// What CPU `address` interprets now, or nullptr.
  const KnownCpu* running_on(u16 address) const { return address < running_.size() ? running_[address] : nullptr; }

 private:
  KnownGuest& guest_of(const Entry& entry);
  void join(KnownCpu& cpu, KnownGuest& guest);
  void forget_oldest();
  void forget(KnownGuest& guest);

  std::unordered_map<u64, KnownCpu> by_block_;
  std::vector<std::unique_ptr<KnownGuest>> guests_;
  std::vector<KnownCpu*> running_; ///< by CPU address
  unsigned last_number_ = 1;
  u64 entries_ = 0;
};

} // namespace siena::sie
