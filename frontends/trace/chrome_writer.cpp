// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/chrome_writer.h"

#include "frontends/trace/event_names.h"

#include <fmt/format.h>

namespace siena::frontends::trace {

namespace {

/// What a duration is called; the events that begin and end it are in its arguments.
constexpr std::string_view title(TraceCategory category) {
  switch (category) {
  case TraceCategory::Sie: return "SIE";
  case TraceCategory::Ccw: return "channel program";
  default: return category_name(category);
  }
}

std::string track_name(const TraceEvent& event) {
  if (event.subchannel != TraceEvent::kNoSubchannel)
    return fmt::format("subchannel 0.{}.{:04x}", event.subchannel >> 16, event.subchannel & 0xFFFF);
  if (event.stamp.cpu < 0) return "machine";
  return fmt::format("CPU {}{}", event.stamp.cpu, event.stamp.level == 0 ? "" : " under SIE");
}

void write_value(Line& out, const TraceField& field) {
  if (field.form == TraceField::Form::Decimal && field.value < u64{1} << 53) return out.decimal(field.value);
  // What JSON's numbers would round, and what people read in hexadecimal, is text.
  out.text("\"");
  switch (field.form) {
  case TraceField::Form::Decimal: out.decimal(field.value); break;
  case TraceField::Form::Hex:
    out.text("0x");
    out.hex(field.value, field.digits);
    break;
  case TraceField::Form::Psw:
    out.hex(field.value, 16);
    out.text(":");
    out.hex(field.address, 0);
    break;
  case TraceField::Form::Text: out.escaped(field.words); break;
  }
  out.text("\"");
}

void begin_object(Line& out, std::string_view name, std::string_view category, std::string_view phase) {
  out.text(",\n{\"name\":\"");
  out.text(name);
  out.text("\",\"cat\":\"");
  out.text(category);
  out.text("\",\"ph\":\"");
  out.text(phase);
}

void write_arguments(Line& out, const TraceEvent& event) {
  bool first = true;
  const auto key = [&](std::string_view name) {
    out.text(first ? "\"" : ",\"");
    first = false;
    out.text(name);
    out.text("\":");
  };
  if (event.stamp.guest != 0) {
    key("guest");
    out.decimal(event.stamp.guest);
  }
  for (const TraceField& field : event.fields) {
    key(field.name);
    write_value(out, field);
  }
}

} // namespace

ChromeWriter::ChromeWriter(std::unique_ptr<Output> out, std::string_view machine) : out_(std::move(out)) {
  out_->text("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
             "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"siena");
  Line line = out_->line(16 + 6 * machine.size());
  if (!machine.empty()) line.text(" ");
  line.escaped(machine);
  line.text("\"}}");
  out_->add(line);
}

ChromeWriter::~ChromeWriter() {
  for (Track& track : cpus_)
    if (track.open) end_duration(track);
  for (auto& [number, track] : subchannels_)
    if (track.open) end_duration(track);
  out_->text("\n]}\n");
}

ChromeWriter::Track& ChromeWriter::track(const TraceEvent& event) {
  const u32 number = track_of(event);
  if (number >= kFirstSubchannelTrack) {
    Track& track = subchannels_[number];
    if (track.place.empty()) introduce(track, event, number);
    return track;
  }
  if (number >= cpus_.size()) cpus_.resize(number + 1);
  Track& track = cpus_[number];
  if (track.place.empty()) introduce(track, event, number);
  return track;
}

void ChromeWriter::introduce(Track& track, const TraceEvent& event, u32 number) {
  track.place = fmt::format(",\"pid\":1,\"tid\":{}", number);
  for (const bool name : {true, false}) {
    out_->text(name ? ",\n{\"name\":\"thread_name\",\"ph\":\"M\"" : ",\n{\"name\":\"thread_sort_index\",\"ph\":\"M\"");
    out_->text(track.place);
    out_->text(name ? fmt::format(",\"args\":{{\"name\":\"{}\"}}}}", track_name(event))
                    : fmt::format(",\"args\":{{\"sort_index\":{}}}}}", number));
  }
}

void ChromeWriter::end_duration(Track& track) {
  Line line = out_->line(256);
  begin_object(line, title(track.of), category_name(track.of), "E\",\"ts\":");
  line.time(track.last);
  line.text(track.place);
  line.text("}");
  out_->add(line);
  track.open = false;
}

void ChromeWriter::write(const TraceEvent& event) {
  using Phase = TraceEvent::Phase;
  Track& at = track(event);
  // A subchannel's events come from several CPUs, whose times are a little apart.
  if (event.stamp.time > at.last) at.last = event.stamp.time;
  Phase phase = event.phase;
  // A snapshot may have been restored within a duration, or a filter may have let only its end through.
  if (phase == Phase::End && !at.open) phase = Phase::Instant;
  if (phase == Phase::Begin && at.open) end_duration(at);
  const std::string_view category = category_name(event.category);
  Line out = out_->line(longest_line(event));
  switch (phase) {
  case Phase::Instant: begin_object(out, event.name, category, "i\",\"s\":\"t\",\"ts\":"); break;
  case Phase::Begin: begin_object(out, title(event.category), category, "B\",\"ts\":"); break;
  case Phase::End: begin_object(out, title(event.category), category, "E\",\"ts\":"); break;
  }
  out.time(at.last);
  out.text(at.place);
  out.text(",\"args\":{");
  if (phase != Phase::Instant) {
    // Viewers show the arguments of both ends together.
    out.text("\"");
    out.text(event.name);
    out.text("\":{");
  }
  write_arguments(out, event);
  out.text(phase == Phase::Instant ? "}}" : "}}}");
  out_->add(out);
  if (phase == Phase::Begin) {
    at.open = true;
    at.of = event.category;
  }
  if (phase == Phase::End) at.open = false;
}

} // namespace siena::frontends::trace
