// SPDX-License-Identifier: BSD-3-Clause
#include "machine/external_events.h"

#include <algorithm>

namespace siena::machine {

ExternalEvents::Source* ExternalEvents::find(const std::string& name) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(), [&](const auto& s) { return s->name == name; });
  return found == sources_.end() ? nullptr : found->get();
}

void ExternalEvents::submit_at(cpu::timing::VirtualTime time, const std::string& source, std::span<const u8> bytes) {
  log_.push_back({time, source, {bytes.begin(), bytes.end()}});
  Source* to = find(source);
  if (to == nullptr) return; // logged all the same: what nobody reads is input too
  to->submitted += bytes.size();
  queue_.schedule(time, [this, to, data = log_.back().bytes] {
    to->waiting.insert(to->waiting.end(), data.begin(), data.end());
    if (!to->retrying) offer(*to); // else it takes its turn behind what waits
  });
}

void ExternalEvents::offer(Source& source) {
  const std::size_t taken = std::min(source.receiver(source.waiting), source.waiting.size());
  source.waiting.erase(source.waiting.begin(), source.waiting.begin() + static_cast<std::ptrdiff_t>(taken));
  source.taken += taken;
  source.retry = taken > 0 ? kFirstRetry : std::min(2 * source.retry, kLastRetry);
  source.retrying = !source.waiting.empty();
  if (source.retrying) queue_.schedule(queue_.now() + source.retry, [this, &source] { offer(source); });
}

} // namespace siena::machine
