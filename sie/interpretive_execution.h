// SPDX-License-Identifier: BSD-3-Clause
// START INTERPRETIVE EXECUTION: guest 1's program (the SIE host) lets the machine run a guest until something needs the SIE host
// (docs/sie.md). Entering loads the guest's PSW, control registers and the rest of the state description into the Cpu; from
// then on the ordinary run loop executes the guest at level 1 and calls in here where the levels differ:
//
//   entry.cpp               SIE itself: checks, validity, loading the guest
//   exit.cpp                storing the guest, restoring the SIE host
//   checkpoint.cpp          instruction boundaries: SIE-host interruptions, requests, the guest's timers, the wait state
//   interception.cpp        the rule of an instruction's row, before the instruction
//   special_instructions.cpp   instructions whose interpretation differs at level 1: STFLE, MVPG, PTF
//   guest_keys.cpp          storage keys of the guest, PFMF
//   storage_attributes.cpp  ESSA: page states and the release list
//   guest_interruption.cpp  program interruptions: to the guest, or program interception
//   signal_processor.cpp    SIGNAL PROCESSOR between CPUs of one guest
//   interlock.cpp           IPTE and its kin against the SIE host's walks of guest tables
//   host_space.cpp          the SIE host's half of storage access
//   shadow_gmap/            what guest 1's tables say, kept
#pragma once

#include "cpu/cpu.h"
#include "sie/assists.h"
#include "sie/guest.h"

#include <memory>
#include <optional>
#include <vector>

namespace siena::sie {

class InterpretiveExecution final : public cpu::ports::InterpretiveExecution {
 public:
  /// `storage` is the machine's main storage; CPU addresses go up to `cpus` - 1. `track_stores`: see shadow_gmap::Gmap.
  InterpretiveExecution(mmu::AbsoluteStorage& storage,
                        std::size_t cpus,
                        bool track_stores = true,
                        const Assists& assists = {});
  ~InterpretiveExecution() override;

  cpu::Outcome start(cpu::Cpu& cpu, u64 operand) override;
  std::optional<cpu::Outcome> before(cpu::Cpu& cpu, u64 text, cpu::SieRule rule) override;
  cpu::Outcome intercept(cpu::Cpu& cpu, u64 text) override;
  cpu::Outcome storage_key(cpu::Cpu& cpu, u64 text, u64 guest_absolute, cpu::KeyOperation operation, u8& old) override;
  void after_interlocked(cpu::Cpu& cpu) override;
  cpu::Outcome after_condition_1(cpu::Cpu& cpu, u64 text) override;
  void program_interruption(cpu::Cpu& cpu, u8 ilc) override;
  void leave(cpu::Cpu& cpu, cpu::Outcome why, u8 ilc) override;
  bool checkpoint(cpu::Cpu& cpu) override;
  u64 deadline(const cpu::Cpu& cpu) const override;
  void suspend(cpu::Cpu& cpu) override;
  void abandon(cpu::Cpu& cpu) override;

  struct Statistics {
    u64 entries = 0;
    u64 instructions = 0;                       ///< executed at level 1
    u64 external_calls = 0, running_senses = 0; ///< SIGNAL PROCESSOR done without an exit
    u64 exits[256] = {};                        ///< by interception code; 0: SIE-host interruptions of all kinds
  };
  const Statistics& statistics() const { return statistics_; }
  /// The registers of the SIE host of the guest that this CPU, at level 1, interprets, with the guest's where both have the same ones. The
  /// PSW designates SIE.
  cpu::Registers host_registers(const cpu::Cpu& cpu) const;
  u64 host_cpu_timer(const cpu::Cpu& cpu) const { return guest(cpu).host_timer_zero - cpu.now(); }
  /// Guest 1's shadows of the spaces its guests are in.
  shadow_gmap::Gmap& gmap() { return gmap_; }
  const shadow_gmap::Gmap& gmap() const { return gmap_; }

 private:
  /// What STFLE stores for the guest. Format 0: as many doublewords as the machine's own list has. Format 2: the designation is of a
  /// doubleword whose last byte is their number less one, and they follow.
  struct FacilityList {
    u64 designation = 0; ///< absolute address; 0: none
    u64 first = 0;
    std::size_t length = 0; ///< in doublewords; 0: the number cannot be read
    u64 end() const { return first + 8 * length; }
  };

  Guest& guest(const cpu::Cpu& cpu) const { return *guests_[cpu.cpu_address()]; }

  // entry.cpp
  Validity check(cpu::Cpu& cpu, Guest& g);
  Validity check_satellites(cpu::Cpu& cpu, Guest& g);
  Validity map_storage(cpu::Cpu& cpu, Guest& g);
  void enter(cpu::Cpu& cpu, Guest& g);

  // exit.cpp
  /// Stores the guest into its state description and makes the CPU the SIE host's again, its PSW behind SIE.
  void end(cpu::Cpu& cpu, Guest& g, Interception code);
  void restore_host(cpu::Cpu& cpu, Guest& g);
  void store_parameters(Guest& g, const u8 (&parameters)[52]);
  void trace_exit(cpu::Cpu& cpu, const Guest& g, Interception code);
  void write(u64 at, std::span<const u8> bytes);

  // What is optional answers as `before` does: nothing when the instruction is to be executed.
  // interception.cpp, special_instructions.cpp, guest_keys.cpp, storage_attributes.cpp, interlock.cpp
  cpu::Outcome intercept(cpu::Cpu& cpu, Guest& g, u64 text, Interception code = Interception::Instruction);
  std::optional<cpu::Outcome> intercept_when(bool wanted, cpu::Cpu& cpu, Guest& g, u64 text);
  cpu::Outcome keyless_subset(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> custom(cpu::Cpu& cpu, Guest& g, u64 text, cpu::CustomSieRule rule);
  std::optional<cpu::Outcome> supervisor_call(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> load_control(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> load_psw(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> key_instruction(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> storage_attributes(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> frame_management(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> set_address_space_key(cpu::Cpu& cpu, Guest& g, u64 text);
  /// Format of the facility-list designation; 0 where the machine has no other.
  u32 facility_list_format(const Guest& g) const { return assists_.facility_list_format_2 ? g.sd.fac & 3 : 0; }
  FacilityList facility_list(cpu::Cpu& cpu, const Guest& g) const;
  std::optional<cpu::Outcome> store_facility_list(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> move_page(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> perform_topology(cpu::Cpu& cpu, Guest& g, u64 text);
  std::optional<cpu::Outcome> lock(cpu::Cpu& cpu, Guest& g, u64 text);
  void unlock(Guest& g);

  // signal_processor.cpp
  std::optional<cpu::Outcome> signal_processor(cpu::Cpu& cpu, Guest& g, u64 text);
  /// Presents the call that waits in the guest CPU's entry; false when there is none.
  bool take_external_call(cpu::Cpu& cpu, Guest& g);
  /// Address of a configured guest CPU's entry in the system control area; 0 when it has none.
  u64 control_area_entry(const Guest& g, u16 cpu_address) const;

  // checkpoint.cpp
  bool external_interruption(cpu::Cpu& cpu, Guest& g, u16 code);
  u8 requests(const Guest& g) const { return storage_.host({g.block})[0]; }

  mmu::AbsoluteStorage& storage_;
  Assists assists_;
  shadow_gmap::Gmap gmap_;
  std::vector<std::unique_ptr<Guest>> guests_;
  Statistics statistics_;
};

} // namespace siena::sie
