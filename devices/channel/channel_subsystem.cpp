// SPDX-License-Identifier: BSD-3-Clause
#include "devices/channel/channel_subsystem.h"

#include <cstdio>
#include <cstring>

namespace siena::devices::channel {
namespace {

using cpu::ports::IoCondition;
using cpu::ports::IoInterruption;

constexpr u32 kOne = 0x0001'0000;             ///< must be one in every subsystem-identification word
constexpr u32 kImageDesignated = 0x0008'0000; ///< m: the image identifier counts
constexpr u32 kReservedInId = 0x00F0'0000 & ~kImageDesignated;
constexpr s64 kInvalidArgument = -22;

constexpr IoCondition kOperandException{0, true};
constexpr IoCondition kNotOperational{3, false};

bool valid(const Schib& schib) {
  const u32 characteristics = schib.pmcw.characteristics;
  if ((schib.pmcw.flags & pmcw::kReservedFlags) != 0 || (characteristics & pmcw::kReservedCharacteristics) != 0)
    return false;
  if ((characteristics & pmcw::kExtendedMeasurementWord) != 0) return false; // not offered
  const bool format1 = (characteristics & pmcw::kMeasurementBlockFormat1) != 0;
  return !format1 || schib.measurement_block_address % 64 == 0;
}

bool valid(const Orb& orb) {
  if ((orb.control & orb::kTransportMode) != 0 || (orb.control_2 & (orb::kReserved2 | orb::kModifiedIdaws)) != 0)
    return false;
  return orb.program_address < 0x8000'0000;
}

} // namespace

ChannelSubsystem::ChannelSubsystem(mmu::AbsoluteStorage& storage,
                                   cpu::timing::EventQueue& events,
                                   cpu::ports::InterruptionSink& sink,
                                   TraceSink* trace)
    : interruptions_(sink), reports_(sink), context_{storage, events, interruptions_, monitor_, trace} {}

ChannelSubsystem::~ChannelSubsystem() = default;

bool ChannelSubsystem::number_taken(DeviceNumber number) const {
  for (const auto& s : sets_[number.set])
    if (s && s->schib().pmcw.device_number == number.number) return true;
  return false;
}

std::vector<const Subchannel*> ChannelSubsystem::subchannels() const {
  std::vector<const Subchannel*> all;
  for (const Set& set : sets_)
    for (const auto& subchannel : set)
      if (subchannel) all.push_back(subchannel.get());
  return all;
}

Result<SubchannelName> ChannelSubsystem::attach(const Attachment& attachment) {
  DeviceNumber number;
  if (attachment.number) {
    number = *attachment.number;
    if (number.set >= kSubchannelSets || number_taken(number)) {
      char message[64];
      std::snprintf(message, sizeof message, "devno=fe.%u.%04x is in use", number.set, number.number);
      return ConfigurationError{message, 2};
    }
  } else {
    u32 candidate = 0;
    while (candidate <= 0xFFFF && number_taken({0, static_cast<u16>(candidate)})) ++candidate;
    if (candidate > 0xFFFF) return ConfigurationError{"too many channel devices"};
    number.number = static_cast<u16>(candidate);
  }
  Set& set = sets_[number.set];
  std::size_t slot = 0;
  while (slot < set.size() && set[slot]) ++slot;
  if (slot > 0xFFFF) return ConfigurationError{"too many channel devices"};
  const SubchannelName name{number.set, static_cast<u16>(slot)};
  auto subchannel = std::make_unique<Subchannel>(
      context_, name, number.number, attachment.identity, attachment.device, attachment.notified);
  attachment.device.attached(*subchannel);
  if (slot == set.size())
    set.push_back(std::move(subchannel));
  else
    set[slot] = std::move(subchannel);
  if (attachment.announce) report_subchannel(name);
  return name;
}

void ChannelSubsystem::detach(SubchannelName name, bool announce) {
  if (subchannel(name) == nullptr) return;
  interruptions_.remove(name);
  sets_[name.set][name.number].reset();
  if (announce) report_subchannel(name);
}

void ChannelSubsystem::report_subchannel(SubchannelName name) {
  const u32 report = crw::kSubchannel | crw::kParametersInitialized;
  const bool qualified = multiple_sets_ || multiple_images_;
  const u32 image = multiple_images_ ? kDefaultImage : 0;
  reports_.add(report | name.number, qualified ? report | image << 8 | u32{name.set} << 4 : 0);
}

Subchannel* ChannelSubsystem::subchannel(SubchannelName name) const {
  if (name.set >= kSubchannelSets || name.number >= sets_[name.set].size()) return nullptr;
  return sets_[name.set][name.number].get();
}

std::optional<DeviceNumber> ChannelSubsystem::device_number(SubchannelName name) const {
  const Subchannel* found = subchannel(name);
  if (found == nullptr) return std::nullopt;
  return DeviceNumber{name.set, found->schib().pmcw.device_number};
}

u32 ChannelSubsystem::subsystem_id(SubchannelName name) const {
  const u32 image = multiple_images_ ? u32{kDefaultImage} << 24 | kImageDesignated : 0;
  return image | kOne | u32{name.set} << 17 | name.number;
}

ChannelSubsystem::Found ChannelSubsystem::find(u32 id) const {
  const u8 image = static_cast<u8>(id >> 24);
  const bool designated = (id & kImageDesignated) != 0;
  if ((id & kOne) == 0 || (id & kReservedInId) != 0 || (!designated && image != 0)) return {kOperandException};
  if (designated && image != kDefaultImage) return {kNotOperational};
  const SubchannelName name{static_cast<u8>(id >> 17 & 3), static_cast<u16>(id)};
  if (name.set != 0 && !multiple_sets_) return {kNotOperational};
  Subchannel* found = subchannel(name);
  if (found == nullptr) return {kNotOperational};
  return {{}, found};
}

template <typename Function>
IoCondition ChannelSubsystem::on_subchannel(u32 id, Function function) const {
  const Found found = find(id);
  if (found.subchannel == nullptr) return found.condition;
  return {function(*found.subchannel), false};
}

IoCondition ChannelSubsystem::clear(u32 id) {
  return on_subchannel(id, [](Subchannel& s) { return s.clear(); });
}

IoCondition ChannelSubsystem::halt(u32 id) {
  return on_subchannel(id, [](Subchannel& s) { return s.halt(); });
}

IoCondition ChannelSubsystem::resume(u32 id) {
  return on_subchannel(id, [](Subchannel& s) { return s.resume(); });
}

IoCondition ChannelSubsystem::cancel(u32 id) {
  return on_subchannel(id, [](Subchannel& s) { return s.cancel(); });
}

IoCondition ChannelSubsystem::modify(u32 id, std::span<const u8, cpu::ports::kSchibSize> bytes) {
  Schib schib;
  std::memcpy(&schib, bytes.data(), sizeof schib);
  if (!valid(schib)) return kOperandException;
  return on_subchannel(id, [&](Subchannel& s) { return s.modify(schib); });
}

IoCondition ChannelSubsystem::start(u32 id, std::span<const u8, cpu::ports::kOrbSize> bytes) {
  Orb orb;
  std::memcpy(&orb, bytes.data(), sizeof orb);
  if (!valid(orb)) return kOperandException;
  return on_subchannel(id, [&](Subchannel& s) { return s.start(orb); });
}

IoCondition ChannelSubsystem::store(u32 id, std::span<u8, cpu::ports::kSchibSize> bytes) {
  const Found found = find(id);
  if (found.subchannel != nullptr) {
    std::memcpy(bytes.data(), &found.subchannel->schib(), sizeof(Schib));
    return {};
  }
  // The number of a device that was taken away is still provided: no valid device number, not the end of the set.
  const SubchannelName name{static_cast<u8>(id >> 17 & 3), static_cast<u16>(id)};
  const bool visible = found.condition.cc == 3 && (name.set == 0 || multiple_sets_) &&
                       ((id & kImageDesignated) == 0 || id >> 24 == kDefaultImage);
  if (!visible || name.number >= sets_[name.set].size()) return found.condition;
  std::memset(bytes.data(), 0, bytes.size());
  return {};
}

IoCondition ChannelSubsystem::test(u32 id, std::span<u8, cpu::ports::kIrbSize> bytes) {
  return on_subchannel(id, [&](Subchannel& s) {
    Irb irb;
    const u8 cc = s.test(irb);
    std::memcpy(bytes.data(), &irb, sizeof irb);
    return cc;
  });
}

void ChannelSubsystem::tested(u32 id) {
  if (Subchannel* found = find(id).subchannel) found->tested();
}

IoCondition ChannelSubsystem::reset_channel_path(u32 path) {
  if ((path & 0xFF00'FF00) != 0) return kOperandException;
  const u8 image = static_cast<u8>(path >> 16);
  if (image != (multiple_images_ ? kDefaultImage : 0)) return kOperandException;
  if (!channel_path_in_use(static_cast<u8>(path))) return kNotOperational;
  // Nothing to reset on a virtual path: report that it is initialized.
  const u32 report = crw::kChannelPath | crw::kInitialized | crw::kSolicited;
  reports_.add(report | (path & 0xFF), multiple_images_ ? report | u32{kDefaultImage} << 8 : 0);
  return {};
}

IoCondition ChannelSubsystem::set_channel_monitor(u64 r1, u64 r2) {
  const u32 control = static_cast<u32>(r1);
  const bool update = (control & 2) != 0;
  if ((control & 0x0FFF'FFFC) != 0 || (update && r2 % 32 != 0)) return kOperandException;
  if (update && !monitor_.active) monitor_ = {true, r2};
  if (!update) monitor_ = {};
  return {};
}

IoCondition ChannelSubsystem::set_address_limit(u64 r1) {
  // Address-limit checking applies to no device here; the operand is validated, as the instruction demands.
  if ((r1 & 0x8000'FFFF) != 0) return kOperandException;
  return {};
}

IoCondition ChannelSubsystem::channel_subsystem_call(std::span<u8, 4096> page) {
  if (!channel::channel_subsystem_call(*this, page)) return kOperandException;
  return {};
}

bool ChannelSubsystem::channel_path_in_use(u8 path) const {
  if (path != 0) return false;
  for (const auto& set : sets_)
    for (const auto& s : set)
      if (s) return true;
  return false;
}

std::optional<IoInterruption> ChannelSubsystem::take_interruption(u8 subclasses) {
  while (const auto entry = interruptions_.take(subclasses)) {
    const u32 isc = u32{entry->isc} << 27;
    if (entry->adapter) return IoInterruption{0, 0, 0x8000'0000 | isc};
    const Subchannel* found = subchannel(entry->subchannel);
    if (found == nullptr) continue;
    return IoInterruption{subsystem_id(entry->subchannel), found->schib().pmcw.parameter, isc};
  }
  return std::nullopt;
}

s64 ChannelSubsystem::notify_virtqueue(u32 id, u64 queue, u64 cookie) {
  const Found found = find(id);
  if (found.subchannel == nullptr || found.subchannel->notified_device() == nullptr) return kInvalidArgument;
  return found.subchannel->notified_device()->notify(queue, cookie);
}

void ChannelSubsystem::reset() {
  interruptions_.clear();
  reports_.clear();
  monitor_ = {};
  multiple_sets_ = false;
  multiple_images_ = false;
  for (auto& set : sets_)
    for (auto& s : set)
      if (s) s->reset();
  // A device may have had something to say while it was being reset.
  interruptions_.clear();
}

void ChannelSubsystem::save(SnapshotWriter& out) const {
  out.begin("channel-subsystem", 1);
  out.number(multiple_sets_);
  out.number(multiple_images_);
  out.number(monitor_.active);
  out.number(monitor_.area);
  interruptions_.save(out);
  reports_.save(out);
  for (const auto& set : sets_) {
    out.number(set.size());
    for (const auto& s : set) out.number(s ? 1 + u64{s->schib().pmcw.device_number} : 0);
  }
  for (const auto& set : sets_)
    for (const auto& s : set)
      if (s) s->save(out);
}

bool ChannelSubsystem::restore(SnapshotReader& in) {
  if (in.begin("channel-subsystem") != 1) return false;
  multiple_sets_ = in.number() != 0;
  multiple_images_ = in.number() != 0;
  monitor_.active = in.number() != 0;
  monitor_.area = in.number();
  interruptions_.restore(in);
  reports_.restore(in);
  for (const auto& set : sets_) {
    if (in.number() != set.size()) return false;
    for (const auto& s : set)
      if (in.number() != (s ? 1 + u64{s->schib().pmcw.device_number} : 0)) return false;
  }
  for (const auto& set : sets_)
    for (const auto& s : set)
      if (s && in.ok()) s->restore(in);
  return in.ok();
}

} // namespace siena::devices::channel
