// SPDX-License-Identifier: BSD-3-Clause
#include "devices/channel/channel_reports.h"

namespace siena::devices::channel {

void ChannelReports::add(u32 report, u32 chained) {
  if (reports_.size() + 2 > kCapacity) {
    lost_ = true;
    return;
  }
  if (lost_) report |= crw::kOverflow;
  lost_ = false;
  reports_.push_back(chained != 0 ? report | crw::kChained : report);
  if (chained != 0) reports_.push_back(chained);
  if (!announce_) return;
  announce_ = false;
  sink_.channel_report_pending();
}

u32 ChannelReports::take() {
  if (reports_.empty()) {
    announce_ = true;
    return 0;
  }
  const u32 report = reports_.front();
  reports_.pop_front();
  return report;
}

void ChannelReports::clear() {
  reports_.clear();
  announce_ = true;
  lost_ = false;
}

void ChannelReports::save(SnapshotWriter& out) const {
  out.number(announce_);
  out.number(lost_);
  out.number(reports_.size());
  for (const u32 report : reports_) out.number(report);
}

void ChannelReports::restore(SnapshotReader& in) {
  announce_ = in.number() != 0;
  lost_ = in.number() != 0;
  reports_.clear();
  for (u64 left = in.number(); left != 0 && in.ok() && reports_.size() < kCapacity; --left)
    reports_.push_back(static_cast<u32>(in.number()));
}

} // namespace siena::devices::channel
