// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/protocol.h"
#include "frontends/gdb/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::gdb {

namespace {
/// The whole address space may hold storage: what an address means depends on the thread.
constexpr std::string_view kMemoryMap =
    "<?xml version=\"1.0\"?>\n<!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\" "
    "\"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n<memory-map>\n"
    "<memory type=\"ram\" start=\"0x0\" length=\"0xffffffffffffffff\"/>\n</memory-map>\n";
} // namespace

void Protocol::query(std::string_view packet) {
  if (packet == "qSupported") return supported("");
  if (take(packet, "qSupported:")) return supported(packet);
  if (take(packet, "qXfer:")) return transfer(packet);
  if (take(packet, "qThreadExtraInfo,")) return describe_thread(packet);
  if (packet == "qfThreadInfo") return list_threads();
  if (packet == "qsThreadInfo") return reply("l");
  if (packet == "qC") return reply("QC" + name(selected_));
  if (packet == "qAttached" || packet.starts_with("qAttached:")) return reply("1");
  if (packet == "qqemu.PhyMemMode") return reply(physical_ ? "1" : "0");
  if (take(packet, "Qqemu.PhyMemMode:")) return set_physical(packet);
  if (take(packet, "qRcmd,")) return command(packet);
  if (packet == "QStartNoAckMode") {
    ok();
    without_acknowledgements_ = true;
    return;
  }
  reply("");
}

void Protocol::supported(std::string_view rest) {
  const std::string theirs = ";" + std::string{rest} + ";";
  const auto knows = [&](std::string_view feature) {
    return theirs.find(fmt::format(";{}+;", feature)) != std::string::npos;
  };
  knows_swbreak_ = knows("swbreak");
  knows_processes_ = knows("multiprocess");
  reply(fmt::format("PacketSize={:x};qXfer:features:read+;qXfer:threads:read+;qXfer:memory-map:read+;"
                    "qXfer:osdata:read+;QStartNoAckMode+;vContSupported+{}{}",
                    kPacketSize,
                    knows_swbreak_ ? ";swbreak+;hwbreak+" : "",
                    knows_processes_ ? ";multiprocess+" : ""));
}

void Protocol::transfer(std::string_view rest) {
  // OBJECT:read:ANNEX:OFFSET,LENGTH
  const std::string_view object = rest.substr(0, rest.find(':'));
  rest.remove_prefix(std::min(object.size() + 1, rest.size()));
  if (!take(rest, "read:")) return reply("");
  const std::string_view annex = rest.substr(0, rest.find(':'));
  rest.remove_prefix(std::min(annex.size() + 1, rest.size()));
  const auto offset = take_number(rest);
  if (!offset || !take(rest, ",")) return refuse();
  const auto length = take_number(rest);
  if (!length || !rest.empty()) return refuse();
  std::optional<std::string> text;
  if (object == "features")
    text = target_description(registers_, annex);
  else if (object == "threads" && annex.empty())
    text = thread_list();
  else if (object == "memory-map" && annex.empty())
    text = kMemoryMap;
  else if (object == "osdata" && (annex.empty() || annex == "processes"))
    text = process_list();
  else if (object != "threads" && object != "memory-map" && object != "osdata")
    return reply("");
  if (!text) return reply("E00");
  if (*offset >= text->size()) return reply("l");
  // Half of what a packet holds, should every byte have to be escaped.
  const std::string part = text->substr(*offset, std::min<u64>(*length, kPacketSize / 2 - 1));
  reply((*offset + part.size() < text->size() ? "m" : "l") + part);
}

void Protocol::list_threads() {
  std::string text;
  for (const ThreadId id : threads()) text += (text.empty() ? "m" : ",") + name(id);
  reply(text);
}

std::string Protocol::thread_list() const {
  std::string text = "<?xml version=\"1.0\"?>\n<threads>\n";
  for (const ThreadId id : threads())
    if (const auto view = ThreadView::of(machine_, id))
      text += fmt::format("<thread id=\"{}\">{}</thread>\n", name(id), view->description());
  return text + "</threads>\n";
}

std::string Protocol::process_list() const {
  std::string text = "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"osdata.dtd\">\n<osdata type=\"processes\">\n";
  const auto add = [&](unsigned process, std::string_view what) {
    text += fmt::format("<item>\n<column name=\"pid\">{}</column>\n<column name=\"command\">{}</column>\n"
                        "<column name=\"CPUs\">{}</column>\n</item>\n",
                        process,
                        what,
                        ThreadView::threads(machine_, process).size());
  };
  add(1, "guest 1");
  for (const auto& guest : machine_.interpretive().directory().guests())
    add(guest->number, guest->depth == 2 ? "a guest of guest 1" : "a guest of a guest");
  return text + "</osdata>\n";
}

void Protocol::describe_thread(std::string_view rest) {
  const auto id = take_thread(rest);
  if (!id || !rest.empty()) return refuse();
  const auto view = ThreadView::of(machine_, *id);
  if (!view) return refuse();
  reply(hex_of_bytes(bytes_of(view->description())));
}

void Protocol::select_thread(std::string_view rest) {
  if (rest.empty() || (rest[0] != 'g' && rest[0] != 'c')) return refuse();
  std::string_view text = rest.substr(1);
  const auto set = take_threads(text);
  if (!set || !text.empty()) return refuse();
  const auto id = any_of(*set, stopped_);
  if (!id) return refuse();
  (rest[0] == 'g' ? selected_ : stepping_) = *id;
  ok();
}

void Protocol::is_alive(std::string_view rest) {
  const auto id = take_thread(rest);
  if (!id || !rest.empty()) return refuse();
  ok();
}

void Protocol::set_physical(std::string_view rest) {
  if (rest != "0" && rest != "1") return refuse();
  physical_ = rest == "1";
  mode_ = {.kind = physical_ ? AddressMode::Kind::Absolute : AddressMode::Kind::Current};
  ok();
}

} // namespace siena::frontends::gdb
