// SPDX-License-Identifier: BSD-3-Clause
// Layouts, with n the queue size:
//   descriptor table  16 n bytes: address 8, length 4, flags 2, next 2
//   available ring    flags 2, index 2, ring 2 n, used event 2
//   used ring         flags 2, index 2, ring 8 n (id 4, length 4), available event 2
#include "devices/virtio/virtqueue.h"

#include <algorithm>
#include <atomic>

namespace siena::devices::virtio {
namespace {

constexpr u16 kNext = 1, kWritable = 2, kIndirect = 4; ///< descriptor flags
constexpr u16 kNoInterruption = 1;                     ///< available ring flags
constexpr u32 kDescriptorSize = 16;

constexpr u64 available_size(u16 n) { return 6 + 2 * u64{n}; }
constexpr u64 used_size(u16 n) { return 6 + 8 * u64{n}; }

/// Whether an index moved over `event` on its way from `before` to `now` (all modulo 2^16).
constexpr bool passed(u16 event, u16 now, u16 before) {
  return static_cast<u16>(now - event - 1) < static_cast<u16>(now - before);
}
static_assert(passed(4, 5, 4) && !passed(5, 5, 4) && passed(0xFFFF, 1, 0xFFFF));

} // namespace

bool Virtqueue::fits(const Areas& areas, u16 size) const {
  if (size == 0 || size > maximum_size_ || (size & (size - 1)) != 0) return false;
  if (areas.descriptors.value % 16 != 0 || areas.available.value % 2 != 0 || areas.used.value % 4 != 0) return false;
  return storage_.contains(areas.descriptors, u64{kDescriptorSize} * size) &&
         storage_.contains(areas.available, available_size(size)) && storage_.contains(areas.used, used_size(size));
}

bool Virtqueue::enable(const Areas& areas, u16 size) {
  if (!fits(areas, size)) return false;
  reset();
  areas_ = areas;
  size_ = size;
  return true;
}

bool Virtqueue::enable_legacy(u64 block) {
  if (block % kPageSize != 0 || !storage_.contains({block})) return false;
  const u64 available = block + u64{kDescriptorSize} * maximum_size_;
  // The used event belongs to the available ring even where nobody uses it.
  const u64 used = (available + available_size(maximum_size_) + kPageSize - 1) & kPageMask;
  return enable({{block}, {available}, {used}}, maximum_size_);
}

void Virtqueue::reset() {
  areas_ = {};
  size_ = 0;
  next_available_ = next_used_ = signalled_ = 0;
  broken_ = false;
}

u16 Virtqueue::load16(AbsoluteAddress a) const {
  const u16 big = storage_.load<u16>(a).value_or(0); // the areas have been checked
  return modes_.order == ByteOrder::Big ? big : byte_swap(big);
}

void Virtqueue::store16(AbsoluteAddress a, u16 value) {
  if (!storage_.store<u16>(a, modes_.order == ByteOrder::Big ? value : byte_swap(value))) broken_ = true;
}

void Virtqueue::store32(AbsoluteAddress a, u32 value) {
  if (!storage_.store<u32>(a, modes_.order == ByteOrder::Big ? value : byte_swap(value))) broken_ = true;
}

std::optional<Virtqueue::Descriptor> Virtqueue::descriptor(AbsoluteAddress table, u32 index) const {
  u8 bytes[kDescriptorSize];
  if (!storage_.read(table + u64{index} * kDescriptorSize, bytes)) return std::nullopt;
  const ByteOrder order = modes_.order;
  return Descriptor{
      load<u64>(order, bytes), load<u32>(order, bytes + 8), load<u16>(order, bytes + 12), load<u16>(order, bytes + 14)};
}

bool Virtqueue::add(const Descriptor& descriptor, DescriptorChain& chain) const {
  const DescriptorChain::Buffer buffer{{descriptor.address}, descriptor.length};
  if (!storage_.contains(buffer.address, buffer.length)) return false;
  if ((descriptor.flags & kWritable) != 0) {
    chain.add_writable(buffer);
    return true;
  }
  if (chain.writable_length() != 0) return false; // what the device may read comes first
  chain.add_readable(buffer);
  return true;
}

bool Virtqueue::walk_table(AbsoluteAddress table, u32 entries, u32 first, bool nested, DescriptorChain& chain) const {
  u32 index = first;
  // A chain that is longer than its table runs in a circle.
  for (u32 budget = std::min(entries, kLongestChain); budget != 0; --budget) {
    if (index >= entries) return false;
    const auto d = descriptor(table, index);
    if (!d) return false;
    if ((d->flags & kIndirect) != 0) {
      const bool allowed = modes_.indirect && !nested && (d->flags & kNext) == 0;
      if (!allowed || d->length == 0 || d->length % kDescriptorSize != 0) return false;
      const AbsoluteAddress inner{d->address};
      return storage_.contains(inner, d->length) && walk_table(inner, d->length / kDescriptorSize, 0, true, chain);
    }
    if (!add(*d, chain)) return false;
    if ((d->flags & kNext) == 0) return true;
    index = d->next;
  }
  return false;
}

bool Virtqueue::walk(u16 head, DescriptorChain& chain) {
  if (broken_ || !enabled()) return false;
  chain.start(head);
  if (!walk_table(areas_.descriptors, size_, head, false, chain)) return fail();
  return true;
}

bool Virtqueue::something_available() {
  if (available_index() != next_available_) return true;
  if (!modes_.event_index) return false;
  // Ask to be notified about this entry, then look again: the driver may have added it before it could see the request.
  store16(areas_.used + 4 + 8 * u64{size_}, next_available_);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return available_index() != next_available_;
}

bool Virtqueue::pop(DescriptorChain& chain) {
  if (broken_ || !enabled() || !something_available()) return false;
  std::atomic_thread_fence(std::memory_order_acquire);
  if (static_cast<u16>(available_index() - next_available_) > size_) return fail();
  const u16 head = load16(areas_.available + 4 + 2 * u64{static_cast<u16>(next_available_ % size_)});
  ++next_available_;
  if (!walk(head, chain)) return false;
  if (tracing(report_.sink, TraceCategory::Virtio) != nullptr)
    report("request",
           {TraceField::decimal("head", head),
            TraceField::decimal("readable", chain.readable_length()),
            TraceField::decimal("writable", chain.writable_length())});
  return true;
}

void Virtqueue::push(u16 head, u32 written) {
  if (broken_ || !enabled()) return;
  const AbsoluteAddress entry = areas_.used + 4 + 8 * u64{static_cast<u16>(next_used_ % size_)};
  store32(entry, head);
  store32(entry + 4, written);
  std::atomic_thread_fence(std::memory_order_release);
  store16(areas_.used + 2, ++next_used_);
  if (tracing(report_.sink, TraceCategory::Virtio) != nullptr)
    report("complete",
           {TraceField::decimal("head", head),
            TraceField::decimal("written", written),
            TraceField::decimal("used", next_used_)});
}

void Virtqueue::report(std::string_view name, const TraceField (&about)[3]) const {
  const TraceField fields[] = {TraceField::decimal("device", report_.device),
                               TraceField::decimal("queue", report_.queue),
                               about[0],
                               about[1],
                               about[2]};
  report_.sink->report({.category = TraceCategory::Virtio,
                        .name = name,
                        .stamp = report_.sink->stamp(),
                        .subchannel = report_.subchannel,
                        .fields = fields});
}

bool Virtqueue::take_interruption_wish() {
  if (broken_ || !enabled() || next_used_ == signalled_) return false;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const u16 before = signalled_;
  signalled_ = next_used_;
  if (!modes_.event_index) return (load16(areas_.available) & kNoInterruption) == 0;
  return passed(load16(areas_.available + 4 + 2 * u64{size_}), next_used_, before);
}

void Virtqueue::save(SnapshotWriter& out) const {
  out.number(areas_.descriptors.value);
  out.number(areas_.available.value);
  out.number(areas_.used.value);
  out.number(size_);
  out.number(next_available_);
  out.number(next_used_);
  out.number(signalled_);
  out.number(broken_);
}

void Virtqueue::restore(SnapshotReader& in) {
  reset();
  const Areas areas{{in.number()}, {in.number()}, {in.number()}};
  const u64 size = in.number();
  if (size != 0 && !(size <= maximum_size_ && enable(areas, static_cast<u16>(size)))) broken_ = true;
  next_available_ = static_cast<u16>(in.number());
  next_used_ = static_cast<u16>(in.number());
  signalled_ = static_cast<u16>(in.number());
  broken_ |= in.number() != 0;
}

} // namespace siena::devices::virtio
