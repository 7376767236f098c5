// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/protocol.h"

#include "frontends/gdb/registers.h"
#include "frontends/gdb/storage.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace siena::frontends::gdb {

namespace {
constexpr std::size_t kMostStorage = kPacketSize / 2; ///< bytes in one reply
constexpr std::string_view kBadAddress = "E14";

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

std::span<const u8> bytes_of(std::string_view text) { return {reinterpret_cast<const u8*>(text.data()), text.size()}; }
} // namespace

void Protocol::handle(std::string_view packet) {
  if (packet.empty()) return reply("");
  const std::string_view rest = packet.substr(1);
  switch (packet[0]) {
  case '?': return rest.empty() ? report_stop() : refuse();
  case 'g': return rest.empty() ? read_all() : refuse();
  case 'G': return write_all(rest);
  case 'p': return read_one(rest);
  case 'P': return write_one(rest);
  case 'm': return read_storage(rest);
  case 'M': return write_storage(rest);
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
  case 'k': closing_ = true; return execution_.quit();
  case 'q':
  case 'Q': return query(packet);
  case 'v': return multi_letter(packet);
  default: return reply(""); // not supported, in the protocol's words
  }
}

void Protocol::query(std::string_view packet) {
  if (packet == "qSupported") return supported("");
  if (take(packet, "qSupported:")) return supported(packet);
  if (take(packet, "qXfer:features:read:")) return transfer_features(packet);
  if (take(packet, "qThreadExtraInfo,")) return describe_thread(packet);
  if (packet == "qfThreadInfo") return list_threads();
  if (packet == "qsThreadInfo") return reply("l");
  if (packet == "qC") return reply(fmt::format("QC{:x}", selected_ + 1));
  if (packet == "qAttached" || packet.starts_with("qAttached:")) return reply("1");
  if (packet == "QStartNoAckMode") {
    ok();
    without_acknowledgements_ = true;
    return;
  }
  reply("");
}

void Protocol::multi_letter(std::string_view packet) {
  if (packet == "vCont?") return reply("vCont;c;C;s;S");
  if (take(packet, "vCont;")) return resume_many(packet);
  if (take(packet, "vKill")) {
    ok();
    closing_ = true;
    return execution_.quit();
  }
  reply("");
}

std::optional<Protocol::Thread> Protocol::take_thread(std::string_view& text) const {
  if (take(text, "-1")) return Thread{};
  const auto number = take_number(text);
  if (!number || *number > machine_.cpu_count()) return std::nullopt;
  return *number == 0 ? Thread{} : Thread{static_cast<unsigned>(*number - 1)};
}

void Protocol::supported(std::string_view rest) {
  knows_swbreak_ = (";" + std::string{rest} + ";").find(";swbreak+;") != std::string::npos;
  reply(fmt::format("PacketSize={:x};qXfer:features:read+;QStartNoAckMode+;vContSupported+{}",
                    kPacketSize,
                    knows_swbreak_ ? ";swbreak+" : ""));
}

void Protocol::transfer_features(std::string_view rest) {
  if (!take(rest, "target.xml:")) return reply("E00");
  const auto offset = take_number(rest);
  if (!offset || !take(rest, ",")) return refuse();
  const auto length = take_number(rest);
  if (!length || !rest.empty()) return refuse();
  const std::string text = target_description();
  if (*offset >= text.size()) return reply("l");
  // Half of what a packet holds, should every byte have to be escaped.
  const std::string part = text.substr(*offset, std::min<u64>(*length, kPacketSize / 2 - 1));
  reply((*offset + part.size() < text.size() ? "m" : "l") + part);
}

void Protocol::list_threads() {
  std::string text = "m";
  for (unsigned n = 1; n <= machine_.cpu_count(); ++n) text += fmt::format("{}{:x}", n > 1 ? "," : "", n);
  reply(text);
}

void Protocol::describe_thread(std::string_view rest) {
  const auto id = take_thread(rest);
  if (!id || !id->cpu || !rest.empty()) return refuse();
  const cpu::Cpu& cpu = machine_.cpu(*id->cpu);
  using State = cpu::Cpu::State;
  const std::string_view state = cpu.state == State::Stopped     ? "stopped"
                                 : cpu.state == State::CheckStop ? "check stop"
                                 : cpu.waiting()                 ? "waiting"
                                 : cpu.interpretive()            ? "operating, under SIE"
                                                                 : "operating";
  reply(hex_of_bytes(bytes_of(fmt::format("CPU {} [{}]", *id->cpu, state))));
}

void Protocol::select_thread(std::string_view rest) {
  if (rest.empty() || (rest[0] != 'g' && rest[0] != 'c')) return refuse();
  std::string_view text = rest.substr(1);
  const auto id = take_thread(text);
  if (!id || !text.empty()) return refuse();
  (rest[0] == 'g' ? selected_ : stepping_) = id->cpu.value_or(stopped_);
  ok();
}

void Protocol::is_alive(std::string_view rest) {
  const auto id = take_thread(rest);
  if (!id || !rest.empty()) return refuse();
  ok();
}

void Protocol::read_all() {
  std::string text;
  for (unsigned n = 0; n < kCoreRegisters; ++n) text += hex_of_bytes(*read_register(selected(), n));
  reply(text);
}

void Protocol::write_all(std::string_view rest) {
  const auto bytes = bytes_of_hex(rest);
  if (!bytes || bytes->size() != kCoreRegisters * 8) return refuse();
  for (unsigned n = 0; n < kCoreRegisters; ++n)
    if (!write_register(selected(), n, std::span{*bytes}.subspan(n * 8, 8))) return refuse();
  ok();
}

void Protocol::read_one(std::string_view rest) {
  const auto number = take_number(rest);
  if (!number || !rest.empty() || *number > ~0U) return refuse();
  const auto bytes = read_register(selected(), static_cast<unsigned>(*number));
  if (!bytes) return refuse();
  reply(hex_of_bytes(*bytes));
}

void Protocol::write_one(std::string_view rest) {
  const auto number = take_number(rest);
  if (!number || *number > ~0U || !take(rest, "=")) return refuse();
  const auto bytes = bytes_of_hex(rest);
  if (!bytes || !write_register(selected(), static_cast<unsigned>(*number), *bytes)) return refuse();
  ok();
}

void Protocol::read_storage(std::string_view rest) {
  const auto address = take_number(rest);
  if (!address || !take(rest, ",")) return refuse();
  const auto length = take_number(rest);
  if (!length || *length == 0 || !rest.empty()) return refuse();
  std::vector<u8> bytes(std::min<u64>(*length, kMostStorage));
  const std::size_t got = gdb::read_storage(selected(), *address, bytes);
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
  if (!gdb::write_storage(selected(), *address, *bytes)) return reply(kBadAddress);
  ok();
}

void Protocol::breakpoint(std::string_view rest, bool insert) {
  // Kinds 0 and 1, software and hardware, are the same here; watchpoints do not exist.
  if (rest.empty()) return refuse();
  if (rest[0] != '0' && rest[0] != '1') return reply("");
  rest.remove_prefix(1);
  if (!take(rest, ",")) return refuse();
  const auto address = take_number(rest);
  if (!address || !take(rest, ",")) return refuse();
  if (!take_number(rest) || !rest.empty()) return refuse(); // conditions and commands were not offered
  if (!insert)
    breakpoints_.remove(*address);
  else if (!breakpoints_.insert(*address))
    return refuse();
  ok();
}

void Protocol::resume_one(std::string_view rest, bool step) {
  cpu::Cpu& cpu = machine_.cpu(stepping_);
  if (!rest.empty()) {
    const auto address = take_number(rest);
    if (!address || !rest.empty()) return refuse();
    cpu.psw.address = *address;
  }
  resume(step ? std::vector<unsigned>{stepping_} : std::vector<unsigned>{});
}

void Protocol::resume_many(std::string_view rest) {
  // The first action that names a CPU is its own. One that none names would have to stand still: all share one schedule, so it
  // goes on with them.
  std::vector<bool> decided(machine_.cpu_count());
  std::vector<unsigned> stepping;
  while (true) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view action = rest.substr(0, end);
    if (action.empty()) return refuse();
    const char what = action[0];
    action.remove_prefix(1);
    if (what != 'c' && what != 's' && what != 'C' && what != 'S') return refuse();
    if ((what == 'C' || what == 'S') && !take_number(action)) return refuse();
    Thread id;
    if (take(action, ":")) {
      const auto taken = take_thread(action);
      if (!taken) return refuse();
      id = *taken;
    }
    if (!action.empty()) return refuse();
    for (unsigned n = 0; n < decided.size(); ++n) {
      if (decided[n] || (id.cpu && *id.cpu != n)) continue;
      decided[n] = true;
      if (what == 's' || what == 'S') stepping.push_back(n);
    }
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
  }
  resume(stepping);
}

void Protocol::resume(const std::vector<unsigned>& stepping) {
  breakpoints_.resume(stepping, stopped_);
  owes_stop_ = true;
  execution_.resume();
  if (!execution_.running()) stopped(signal_); // the guest has ended, there is nothing to resume
}

void Protocol::detach(std::string_view rest) {
  if (!rest.empty()) {
    if (!take(rest, ";") || !take_number(rest) || !rest.empty()) return refuse();
  }
  breakpoints_.clear();
  ok();
  closing_ = true;
  execution_.resume();
}

void Protocol::stopped(Signal signal) {
  const auto stop = breakpoints_.take_stop();
  if (stop) stopped_ = stop->cpu;
  at_breakpoint_ = stop && stop->at_breakpoint;
  signal_ = stop ? Signal::Trap : signal;
  selected_ = stepping_ = stopped_;
  if (std::exchange(owes_stop_, false)) report_stop();
}

void Protocol::report_stop() {
  reply(fmt::format("T{:02x}{}thread:{:x};",
                    static_cast<unsigned>(signal_),
                    at_breakpoint_ && knows_swbreak_ ? "swbreak:;" : "",
                    stopped_ + 1));
}

void Protocol::ended(int status) {
  if (std::exchange(owes_stop_, false)) reply(fmt::format("W{:02x}", static_cast<unsigned>(status) & 0xFF));
}

} // namespace siena::frontends::gdb
