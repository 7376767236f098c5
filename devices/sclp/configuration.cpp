// SPDX-License-Identifier: BSD-3-Clause
#include "devices/sclp/configuration.h"

namespace siena::devices::sclp {
namespace {

using enum SwitchRow::Block;

// clang-format off
constexpr SwitchRow kSwitchRows[] = {
  // name        switch                       block     byte  mask
  {"sief2",     &Switches::sief2,            CpuEntry,   2, 0x08},
  {"skey",      &Switches::skey,             CpuEntry,   2, 0x04},
  {"gpere",     &Switches::gpere,            CpuEntry,   3, 0x20},
  {"siif",      &Switches::siif,             CpuEntry,   3, 0x10},
  {"sigpif",    &Switches::sigpif,           CpuEntry,   3, 0x08},
  {"ib",        &Switches::ib,               CpuEntry,   7, 0x20},
  {"cei",       &Switches::cei,              CpuEntry,   7, 0x10},
  {"gsls",      &Switches::gsls,             ScpInfo,   85, 0x80},
  {"esop",      &Switches::esop,             ScpInfo,   85, 0x02},
  {"tlb_guest", &Switches::tlb_guest,        ScpInfo,   91, 0x40},
  {"kss",       &Switches::kss,              ScpInfo,   98, 0x01},
  {"64bscao",   &Switches::sca_64bit_origin, ScpInfo,  116, 0x80},
  {"cmma",      &Switches::cmma,             ScpInfo,  116, 0x40},
  {"esca",      &Switches::esca,             ScpInfo,  116, 0x08},
  {"pfmfi",     &Switches::pfmfi,            ScpInfo,  117, 0x40},
  {"ibs",       &Switches::ibs,              ScpInfo,  117, 0x20},
  {"aisii",     &Switches::aisii,            ScpInfo,  118, 0x40},
  {"aeni",      &Switches::aeni,             ScpInfo,  118, 0x20},
  {"aisi",      &Switches::aisi,             ScpInfo,  118, 0x10},
  {"gisaf",     &Switches::gisaf,            ScpInfo,  118, 0x08},
  {"zpci_lsi",  &Switches::zpci_lsi,         ScpInfo,  118, 0x01},
  {"diag318",   &Switches::diag318,          ScpInfo,  134, 0x80},
  {"astfleie2", &Switches::astfleie2,        ScpInfo,  139, 0x40},
};
// clang-format on

} // namespace

std::span<const SwitchRow> switch_rows() { return kSwitchRows; }

bool has_place(const SwitchRow& row, const Configuration& configuration) {
  return row.block == CpuEntry || row.byte < 128 || configuration.extended_length_sccb;
}

} // namespace siena::devices::sclp
