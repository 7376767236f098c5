// SPDX-License-Identifier: BSD-3-Clause
// What the machine tells a guest about itself through the SCLP. A switch is on exactly when the machine does what the bit
// promises; the defaults are what the machine does today.
#pragma once

#include "base/types.h"

#include <span>
#include <string>
#include <string_view>

namespace siena::devices::sclp {

enum class CpuType : u8 { GeneralPurpose = 0, Ifl = 3 };

struct Switches {
  // Shown in every CPU entry.
  bool sief2 = true;  ///< interpretive execution, format 2
  bool skey = true;   ///< storage-key instructions are interpreted under SIE
  bool gpere = true;  ///< guest PER enhancement
  bool siif = true;   ///< shared IPTE interlock (in the system-control area)
  bool sigpif = true; ///< SIGP interpretation
  bool ib = false;    ///< intervention bypass
  bool cei = true;    ///< conditional external interception
  // Shown once.
  bool gsls = true;             ///< guest-storage-limit suppression
  bool esop = true;             ///< enhanced suppression on protection
  bool tlb_guest = false;       ///< IPTE and IDTE with guest address spaces
  bool kss = true;              ///< keyless subset
  bool sca_64bit_origin = true; ///< the system-control area may lie above 2 GB (64bscao)
  bool cmma = true;             ///< collaborative memory management
  bool esca = true;             ///< extended system-control area
  bool pfmfi = true;            ///< PFMF interpretation
  bool ibs = true;              ///< interlock-and-broadcast suppression
  bool aisii = false;           ///< adapter-interruption source-id interpretation
  bool aeni = false;            ///< adapter-event-notification interpretation
  bool gisaf = false;           ///< guest-interruption state area format 1
  bool aisi = false;            ///< adapter-interruption suppression interpretation
  bool zpci_lsi = false;        ///< PCI load/store interpretation
  // Shown only with extended-length SCCBs (facility 140): their bytes lie behind offset 128.
  bool diag318 = true;
  bool astfleie2 = true; ///< alternate STFLE interpretive-execution facility, format 2
};

struct Configuration {
  static constexpr unsigned kMaximumCpus = 248; ///< as many entries as fit behind offset 128 of one page

  unsigned cpus = 1; ///< configured, addresses 0 up; 1 to kMaximumCpus
  CpuType cpu_type = CpuType::Ifl;
  std::string loadparm;               ///< up to 8 characters; blank padded
  u8 maximum_host_address_power = 47; ///< hamaxpow: guests of the machine may have addresses up to 2^n - 1
  u8 stsi_parameter = 0;              ///< maximum nesting of the STSI topology blocks; 0: not provided
  u32 ibc = 0;                        ///< instruction-blocking control values; 0: not provided
  u32 hypervisor_facility_mask = 0;   ///< hmfai
  bool extended_length_sccb =
      false; ///< facility 140: CPU entries at 144, Read SCP Info and Read CPU Info may cross pages
  bool storage_element_info = false; ///< Read Storage Element Info, where the list fits in one page
  Switches switches;
};

/// Where a switch is shown. The one table that the reply and the printed list are made from.
struct SwitchRow {
  enum class Block : u8 { ScpInfo, CpuEntry };
  std::string_view name;
  bool Switches::*on;
  Block block;
  u8 byte;
  u8 mask;
};
std::span<const SwitchRow> switch_rows();
/// False when the byte lies where, without extended-length SCCBs, the CPU entries are.
bool has_place(const SwitchRow& row, const Configuration& configuration);

} // namespace siena::devices::sclp
