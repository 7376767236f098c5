// SPDX-License-Identifier: BSD-3-Clause
// Resets, prefix, timers and the status save area.
#include "cpu/cpu.h"

#include <algorithm>

namespace siena::cpu {

Cpu::Cpu(u16 address, const Environment& environment)
    : features(environment.features), address_(address), env_(environment), tlb_(environment.storage),
      data_(tlb_.none()), code_(tlb_.none()) {
  reset_clear();
}

void Cpu::set_prefix(u32 value) {
  prefix = value & 0x7FFF'E000;
  set_prefix_pages({prefix}, {prefix + kPageSize});
  tlb_.purge();
  controls_changed();
}

void Cpu::reset_normal() {
  if (interpretive()) env_.interpretive->abandon(*this);
  state = State::Stopped;
  local = {};
  pending_program = {};
  pending_per = {};
  execute_length = 0;
  tlb_.purge();
  attention = true;
  controls_changed();
}

void Cpu::reset_initial() {
  reset_normal();
  psw = {};
  for (u64& c : cr) c = 0;
  cr[0] = 0xE0;
  cr[14] = 0xC200'0000;
  fpc = 0;
  tod_programmable = 0;
  clock_comparator = 0;
  breaking_event = 1;
  program_parameter = 0;
  set_cpu_timer(0);
  set_prefix(0);
}

void Cpu::reset_clear() {
  reset_initial();
  for (u64& g : gr) g = 0;
  for (u32& a : ar) a = 0;
  for (auto& v : vr) v = {};
}

bool Cpu::store_status(u64 area) {
  u8 block[512] = {};
  for (unsigned n = 0; n < 16; ++n) {
    store_big(block + 0x00 + 8 * n, fpr(n));
    store_big(block + 0x80 + 8 * n, gr[n]);
    store_big(block + 0x140 + 4 * n, ar[n]);
    store_big(block + 0x180 + 8 * n, cr[n]);
  }
  store_big(block + 0x100, psw.packed_mask());
  store_big(block + 0x108, psw.address);
  store_big(block + 0x118, prefix);
  store_big(block + 0x11C, fpc);
  store_big(block + 0x124, tod_programmable);
  store_big(block + 0x128, cpu_timer());
  store_big(block + 0x130, clock_comparator >> 8);
  store_big(block + 0x138, breaking_event);
  return env_.storage.write({area}, block);
}

bool Cpu::clock_comparator_pending(const Registers& r, u64 tod) const {
  const u64 bias = comparison_bias(r);
  return (tod ^ bias) > (r.clock_comparator ^ bias);
}

timing::VirtualTime Cpu::clock_comparator_deadline() const {
  const u64 bias = comparison_bias(*this), tod = tod_at_now() ^ bias, comparator = clock_comparator ^ bias;
  if (tod > comparator || comparator == ~u64{0}) return ~u64{0};
  const u64 left = comparator - tod + 1;
  return left > ~u64{0} - now() ? ~u64{0} : now() + left;
}

timing::VirtualTime Cpu::cpu_timer_deadline() const {
  if (cpu_timer_pending()) return ~u64{0};
  return cpu_timer() > ~u64{0} - 1 - now() ? ~u64{0} : now() + cpu_timer() + 1;
}

u128 Cpu::store_clock_with_index() {
  const u128 shown = env_.clock.show(now());
  // A guest without the facility sees its SIE host's index: its epoch is a difference modulo 64 bits, whose carry means nothing.
  const u128 sum = shown + (u128{tod_epoch_index} << 64 | tod_epoch);
  const u64 index = features.multiple_epoch        ? static_cast<u8>(sum >> 64)
                    : env_.features.multiple_epoch ? static_cast<u8>(shown >> 64)
                                                   : 0;
  return u128{index} << 64 | static_cast<u64>(sum);
}

void Cpu::save(SnapshotWriter& w) const {
  registers().save(w);
  w.begin("cpu", 1);
  w.number(cycles);
  w.number(instructions);
  w.number(timer_zero_);
  w.number(static_cast<u64>(state));
  w.number(local.emergency_senders);
  w.number(local.external_call);
  w.number(local.external_call_sender);
  w.number(local.malfunction_senders);
  w.number(local.restart);
  w.number(local.stop);
  w.number(local.stop_and_store);
  w.number(local.interrupt_key);
}

void Cpu::restore(SnapshotReader& r) {
  registers().restore(r);
  r.begin("cpu");
  cycles = r.number();
  instructions = r.number();
  timer_zero_ = r.number();
  state = static_cast<State>(r.number());
  local.emergency_senders = r.number();
  local.external_call = r.number() != 0;
  local.external_call_sender = static_cast<u16>(r.number());
  local.malfunction_senders = r.number();
  local.restart = r.number() != 0;
  local.stop = r.number() != 0;
  local.stop_and_store = r.number() != 0;
  local.interrupt_key = r.number() != 0;
  set_prefix(prefix);
  attention = true;
}

} // namespace siena::cpu
