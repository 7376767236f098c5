// SPDX-License-Identifier: BSD-3-Clause
// Life cycle, notifications in both directions, snapshot. The commands are in ccw_commands.cpp.
#include "devices/virtio/ccw_transport.h"

#include "base/check.h"

#include <string>

namespace siena::devices::virtio {
namespace {

constexpr u16 kControlUnitType = 0x3832;
constexpr u8 kDriverOk = 0x04;
constexpr u8 kNeedsReset = 0x40;
constexpr s64 kInvalidArgument = -22;
constexpr cpu::timing::VirtualTime kLater = cpu::timing::microseconds(10);

} // namespace

CcwTransport::CcwTransport(mmu::AbsoluteStorage& storage,
                           cpu::timing::EventQueue& events,
                           VirtioDevice& device,
                           TraceSink* trace)
    : storage_(storage), events_(events), device_(device), trace_(trace) {
  CHECK(device.queue_count() <= 64, "queues of a virtio device fit in a doubleword of indicators");
  for (unsigned i = 0; i < device.queue_count(); ++i) queues_.emplace_back(storage, device.queue_size(i));
  device.connect(*this);
}

CcwTransport::~CcwTransport() { cancel_later(); }

channel::Attachment CcwTransport::attachment(std::optional<channel::DeviceNumber> number) {
  return {.device = *this,
          .identity = {.control_unit_type = kControlUnitType, .control_unit_model = device_.id()},
          .notified = this,
          .number = number};
}

void CcwTransport::attached(channel::DeviceLink& link) {
  link_ = &link;
  for (std::size_t i = 0; i < queues_.size(); ++i)
    queues_[i].set_report({trace_, device_.id(), static_cast<u8>(i), link.subchannel_name()});
}

void CcwTransport::trace(std::string_view name, const TraceField& about) const {
  TraceSink* const sink = tracing(trace_, TraceCategory::Virtio);
  if (sink == nullptr) return;
  const TraceField fields[] = {TraceField::decimal("device", device_.id()), about};
  sink->report({.category = TraceCategory::Virtio,
                .name = name,
                .stamp = sink->stamp(),
                .subchannel = link_ != nullptr ? link_->subchannel_name() : TraceEvent::kNoSubchannel,
                .fields = fields});
}

bool CcwTransport::running() const { return (status_ & (kDriverOk | kNeedsReset)) == kDriverOk; }

void CcwTransport::apply_modes() {
  const Virtqueue::Modes modes{.order = byte_order(),
                               .event_index = (features_ & feature::kEventIndex) != 0,
                               .indirect = (features_ & feature::kIndirectDescriptors) != 0};
  for (auto& q : queues_) q.set_modes(modes);
}

void CcwTransport::start_device() {
  trace("ready", TraceField::hex("features", features_, 16));
  apply_modes();
  // What the driver made available during its setup was left alone until now.
  for (unsigned i = 0; i < queues_.size(); ++i)
    if (queues_[i].enabled() && running()) work(i);
}

void CcwTransport::reset_device() {
  cancel_later();
  device_.reset();
  for (auto& q : queues_) q.reset();
  status_ = 0;
  features_ = 0;
  indicators_ = {};
}

void CcwTransport::reset() {
  reset_device();
  revision_ = kUnset;
}

s64 CcwTransport::notify(u64 queue, u64 /*cookie*/) {
  if (queue >= queues_.size()) return kInvalidArgument;
  const auto index = static_cast<unsigned>(queue);
  trace("notify", TraceField::decimal("queue", queue));
  if (running() && queues_[index].enabled()) work(index);
  return 0;
}

void CcwTransport::work(unsigned queue) {
  if (device_.notified(queue)) work_later(queue);
  check(queue);
}

void CcwTransport::work_later(unsigned queue) {
  if (later_ == 0) schedule_later(events_.now() + kLater);
  later_ |= u64{1} << queue;
}

void CcwTransport::schedule_later(cpu::timing::VirtualTime due) {
  later_due_ = due;
  later_event_ = events_.schedule(due, [this] {
    const u64 queues = later_;
    later_ = 0;
    for (unsigned i = 0; i < queues_.size(); ++i)
      if ((queues >> i & 1) != 0 && running() && queues_[i].enabled()) work(i);
  });
}

void CcwTransport::cancel_later() {
  if (later_ != 0) events_.cancel(later_event_);
  later_ = 0;
}

void CcwTransport::check(unsigned queue) {
  if (queues_[queue].broken() && running()) fail("queue " + std::to_string(queue) + " is broken");
}

void CcwTransport::fail(std::string_view reason) {
  if ((status_ & kNeedsReset) != 0) return;
  trace("failed", TraceField::text("reason", reason));
  const bool tell = running();
  status_ |= kNeedsReset;
  if (tell) configuration_changed();
}

bool CcwTransport::set_indicator_bit(u64 address, u64 mask) {
  const auto bits = storage_.load<u64>({address});
  return address != 0 && bits && storage_.store<u64>({address}, *bits | mask);
}

void CcwTransport::signal(unsigned queue) {
  check(queue);
  if (!running() || link_ == nullptr || !queues_[queue].take_interruption_wish()) return;
  trace("signal", TraceField::decimal("queue", queue));
  if (!indicators_.adapter) {
    if (set_indicator_bit(indicators_.queues, u64{1} << queue)) link_->alert(0);
    return;
  }
  const u64 bit = indicators_.first_bit + queue;
  const AbsoluteAddress byte{indicators_.queues + bit / 8};
  const auto old = storage_.load<u8>(byte);
  if (!old || !storage_.store<u8>(byte, static_cast<u8>(*old | 0x80u >> bit % 8))) return;
  // While the summary byte is on, the driver has not started looking and will see the bit without another interruption.
  const AbsoluteAddress summary{indicators_.summary};
  const auto on = storage_.load<u8>(summary);
  if (!on || *on != 0 || !storage_.store<u8>(summary, 1)) return;
  link_->adapter_interruption(indicators_.isc);
}

void CcwTransport::configuration_changed() {
  if (link_ != nullptr && set_indicator_bit(indicators_.configuration, 1)) link_->alert(0);
}

void CcwTransport::save(SnapshotWriter& out) const {
  out.begin("virtio-ccw", 1);
  out.number(static_cast<u64>(static_cast<s64>(revision_)));
  out.number(status_);
  out.number(features_);
  out.number(indicators_.queues);
  out.number(indicators_.configuration);
  out.number(indicators_.adapter);
  out.number(indicators_.summary);
  out.number(indicators_.first_bit);
  out.number(indicators_.isc);
  out.number(later_);
  out.number(later_ != 0 ? later_due_ : 0);
  out.number(queues_.size());
  for (const auto& q : queues_) q.save(out);
  device_.save(out);
}

void CcwTransport::restore(SnapshotReader& in) {
  reset();
  in.begin("virtio-ccw");
  const u64 revision = in.number();
  revision_ = revision <= 2 ? static_cast<int>(revision) : kUnset;
  status_ = static_cast<u8>(in.number());
  features_ = in.number() & offered();
  indicators_.queues = in.number();
  indicators_.configuration = in.number();
  indicators_.adapter = in.number() != 0;
  indicators_.summary = in.number();
  indicators_.first_bit = in.number();
  indicators_.isc = static_cast<u8>(in.number() & 7);
  const u64 later = in.number();
  const auto due = in.number();
  if (in.number() != queues_.size()) status_ |= kNeedsReset; // another configuration's snapshot
  for (auto& q : queues_) q.restore(in);
  apply_modes();
  if (later != 0 && in.ok()) {
    schedule_later(due);
    later_ = later;
  }
  device_.restore(in);
}

} // namespace siena::devices::virtio
