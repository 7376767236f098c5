// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/protocol.h"

#include "frontends/gdb/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::gdb {

namespace {
constexpr std::size_t kMostStorage = kPacketSize / 2; ///< bytes in one reply
constexpr std::string_view kBadAddress = "E14";
constexpr unsigned kVectorFacility = 129;
} // namespace

Protocol::Protocol(machine::Machine& machine, Execution& execution, std::function<void(std::string_view)> send)
    : machine_(machine), execution_(execution), send_(std::move(send)),
      conditions_(machine), registers_{.vectors = machine.identity().has(kVectorFacility)} {}

void Protocol::handle(std::string_view packet) {
  if (packet.empty()) return reply("");
  const std::string_view rest = packet.substr(1);
  switch (packet[0]) {
  case '!': extended_ = true; return ok();
  case '?': return rest.empty() ? report_stop() : refuse();
  case 'g': return rest.empty() ? read_all() : refuse();
  case 'G': return write_all(rest);
  case 'p': return read_one(rest);
  case 'P': return write_one(rest);
  case 'm': return read_storage(rest);
  case 'M': return write_storage(rest);
  case 'X': return write_binary(rest);
  case 'Z': return breakpoint(rest, true);
  case 'z': return breakpoint(rest, false);
  case 'c': return resume_one(rest, false);
  case 's': return resume_one(rest, true);
  case 'C':
  case 'S': { // a signal and perhaps `;address`: there is nobody to give the signal to
    std::string_view text = rest;
    if (!take_number(text)) return refuse();
    if (!text.empty() && (!take(text, ";") || text.empty())) return refuse();
    return resume_one(text, packet[0] == 'S');
  }
  case 'H': return select_thread(rest);
  case 'T': return is_alive(rest);
  case 'D': return detach(rest);
  case 'k': return end_machine();
  case 'q':
  case 'Q': return query(packet);
  case 'v': return multi_letter(packet);
  default: return reply(""); // not supported, in the protocol's words
  }
}

std::optional<Protocol::ThreadSet> Protocol::take_threads(std::string_view& text) const {
  const auto take_part = [&](unsigned& part) {
    if (take(text, "-1")) return true;
    const auto number = take_number(text);
    if (!number || *number > 0x7FFF'FFFF) return false;
    part = static_cast<unsigned>(*number);
    return true;
  };
  ThreadSet set;
  if (!take(text, "p")) {
    if (!take_part(set.thread)) return std::nullopt;
    if (set.thread != 0) set.process = 1; // without a process, one of guest 1's CPUs is meant
    return set;
  }
  if (!take_part(set.process)) return std::nullopt;
  if (take(text, ".") && !take_part(set.thread)) return std::nullopt;
  return set;
}

std::optional<ThreadId> Protocol::take_thread(std::string_view& text) const {
  const auto set = take_threads(text);
  if (!set || set->process == 0 || set->thread == 0) return std::nullopt;
  return any_of(*set, {set->process, set->thread});
}

std::string Protocol::name(ThreadId id) const {
  return knows_processes_ ? fmt::format("p{:x}.{:x}", id.process, id.thread) : fmt::format("{:x}", id.thread);
}

bool Protocol::attached(unsigned process) const {
  return std::find(attached_.begin(), attached_.end(), process) != attached_.end();
}

std::vector<ThreadId> Protocol::threads() const {
  std::vector<ThreadId> all;
  for (const unsigned process : attached_) {
    const auto some = ThreadView::threads(machine_, process);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::optional<ThreadId> Protocol::any_of(const ThreadSet& set, ThreadId preferred) const {
  const auto all = threads();
  if (set.contains(preferred) && std::find(all.begin(), all.end(), preferred) != all.end()) return preferred;
  const auto found = std::find_if(all.begin(), all.end(), [&](ThreadId id) { return set.contains(id); });
  return found == all.end() ? std::nullopt : std::optional{*found};
}

void Protocol::read_all() {
  const auto thread = selected();
  if (!thread) return refuse();
  std::string text;
  for (unsigned n = 0; n < kCoreRegisters; ++n) {
    const auto bytes = read_register(registers_, *thread, n);
    text += bytes.empty() ? std::string(2 * register_size(registers_, n), 'x') : hex_of_bytes(bytes);
  }
  reply(text);
}

void Protocol::write_all(std::string_view rest) {
  const auto bytes = bytes_of_hex(rest);
  auto thread = selected();
  if (!thread || !bytes || bytes->size() != kCoreRegisters * 8) return refuse();
  for (unsigned n = 0; n < kCoreRegisters; ++n)
    if (!write_register(registers_, *thread, n, std::span{*bytes}.subspan(n * 8, 8))) return refuse();
  ok();
}

void Protocol::read_one(std::string_view rest) {
  const auto number = take_number(rest);
  if (!number || !rest.empty() || *number > ~0U) return refuse();
  const auto thread = selected();
  const unsigned size = register_size(registers_, static_cast<unsigned>(*number));
  if (!thread || size == 0) return refuse();
  const auto bytes = read_register(registers_, *thread, static_cast<unsigned>(*number));
  reply(bytes.empty() ? std::string(2 * size, 'x') : hex_of_bytes(bytes));
}

void Protocol::write_one(std::string_view rest) {
  const auto number = take_number(rest);
  if (!number || *number > ~0U || !take(rest, "=")) return refuse();
  const auto bytes = bytes_of_hex(rest);
  auto thread = selected();
  if (!thread || !bytes || !write_register(registers_, *thread, static_cast<unsigned>(*number), *bytes))
    return refuse();
  ok();
}

void Protocol::read_storage(std::string_view rest) {
  const auto address = take_number(rest);
  if (!address || !take(rest, ",")) return refuse();
  const auto length = take_number(rest);
  const auto thread = selected();
  if (!thread || !length || *length == 0 || !rest.empty()) return refuse();
  std::vector<u8> bytes(std::min<u64>(*length, kMostStorage));
  const std::size_t got = thread->read_storage(*address, bytes, mode_);
  if (got == 0) return reply(kBadAddress);
  reply(hex_of_bytes(std::span{bytes}.first(got)));
}

void Protocol::write_storage(std::string_view rest) {
  const auto address = take_number(rest);
  if (!address || !take(rest, ",")) return refuse();
  const auto length = take_number(rest);
  if (!length || !take(rest, ":")) return refuse();
  const auto bytes = bytes_of_hex(rest);
  if (!bytes || bytes->size() != *length) return refuse();
  write_storage(*address, *bytes);
}

void Protocol::write_binary(std::string_view rest) {
  const auto address = take_number(rest);
  if (!address || !take(rest, ",")) return refuse();
  const auto length = take_number(rest);
  if (!length || !take(rest, ":") || rest.size() != *length) return refuse();
  write_storage(*address, bytes_of(rest));
}

void Protocol::write_storage(u64 address, std::span<const u8> bytes) {
  auto thread = selected();
  if (!thread) return refuse();
  if (!thread->write_storage(address, bytes, mode_)) return reply(kBadAddress);
  ok();
}

void Protocol::breakpoint(std::string_view rest, bool insert) {
  if (rest.empty()) return refuse();
  const char type = rest[0];
  if (type < '0' || type > '4') return reply("");
  rest.remove_prefix(1);
  if (!take(rest, ",")) return refuse();
  const auto address = take_number(rest);
  if (!address || !take(rest, ",")) return refuse();
  const auto kind = take_number(rest);
  if (!kind || !rest.empty()) return refuse(); // conditions and commands were not offered
  const unsigned process = selected_.process;
  bool room = true;
  if (type <= '1') { // software and hardware breakpoints are the same here
    if (insert)
      room = conditions_.insert_breakpoint(process, *address);
    else
      conditions_.remove_breakpoint(process, *address);
  } else {
    const WatchKind watch = type == '2' ? WatchKind::Write : type == '3' ? WatchKind::Read : WatchKind::Access;
    if (*kind == 0 || *address + (*kind - 1) < *address) return refuse();
    const Watchpoint watchpoint{process, watch, *address, *kind};
    if (insert)
      room = conditions_.insert_watchpoint(watchpoint);
    else
      conditions_.remove_watchpoint(watchpoint);
  }
  if (!room) return refuse();
  ok();
}

} // namespace siena::frontends::gdb
