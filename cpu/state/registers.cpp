// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/state/registers.h"

namespace siena::cpu {

void Registers::save(SnapshotWriter& w) const {
  w.begin("cpu.registers", 1);
  w.number(psw.packed_mask());
  w.number(psw.address);
  for (u64 v : gr) w.number(v);
  for (u64 v : cr) w.number(v);
  for (u32 v : ar) w.number(v);
  for (const auto& v : vr) {
    w.number(v.high);
    w.number(v.low);
  }
  for (u64 v : {u64{fpc}, u64{prefix}, u64{tod_programmable}, clock_comparator, breaking_event, program_parameter})
    w.number(v);
}

void Registers::restore(SnapshotReader& r) {
  r.begin("cpu.registers");
  const u64 mask = r.number();
  psw.unpack(mask, r.number());
  for (u64& v : gr) v = r.number();
  for (u64& v : cr) v = r.number();
  for (u32& v : ar) v = static_cast<u32>(r.number());
  for (auto& v : vr) {
    v.high = r.number();
    v.low = r.number();
  }
  fpc = static_cast<u32>(r.number());
  prefix = static_cast<u32>(r.number());
  tod_programmable = static_cast<u32>(r.number());
  clock_comparator = r.number();
  breaking_event = r.number();
  program_parameter = r.number();
}

} // namespace siena::cpu
