// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/text_writer.h"

#include "frontends/trace/event_names.h"

#include <algorithm>

namespace siena::frontends::trace {

namespace {

constexpr unsigned kTimeWidth = 9;
constexpr std::size_t kPlaceWidth = 8, kCategoryWidth = 6;

/// The width of what has been written.
std::size_t write_place(Line& out, const TraceEvent& event) {
  if (event.subchannel != TraceEvent::kNoSubchannel) {
    out.text("0.");
    out.decimal(event.subchannel >> 16);
    out.text(".");
    out.hex(event.subchannel, 4);
    return 8;
  }
  if (event.stamp.cpu < 0) {
    out.text("-");
    return 1;
  }
  const auto cpu = static_cast<u64>(event.stamp.cpu);
  out.decimal(cpu);
  out.text(event.stamp.level == 0 ? "/0" : "/1");
  return cpu < 10 ? 3 : cpu < 100 ? 4 : 5;
}

bool plain(std::string_view words) {
  return !words.empty() && std::all_of(words.begin(), words.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '=';
  });
}

void write_value(Line& out, const TraceField& field) {
  switch (field.form) {
  case TraceField::Form::Decimal: return out.decimal(field.value);
  case TraceField::Form::Hex: out.text("0x"); return out.hex(field.value, field.digits);
  case TraceField::Form::Psw:
    out.hex(field.value, 16);
    out.text(":");
    return out.hex(field.address, 0);
  case TraceField::Form::Text: break;
  }
  if (plain(field.words)) return out.text(field.words);
  out.text("\"");
  out.escaped(field.words);
  out.text("\"");
}

} // namespace

void TextWriter::write(const TraceEvent& event) {
  Line out = out_->line(longest_line(event));
  out.time(event.stamp.time, kTimeWidth);
  out.text(" ");
  out.blanks(kPlaceWidth - write_place(out, event));
  out.text(" ");
  const std::string_view category = category_name(event.category);
  out.text(category);
  out.blanks(kCategoryWidth - category.size());
  out.text(" ");
  out.text(event.name);
  if (event.stamp.guest != 0) {
    out.text(" guest=");
    out.decimal(event.stamp.guest);
  }
  for (const TraceField& field : event.fields) {
    out.text(" ");
    out.text(field.name);
    out.text("=");
    write_value(out, field);
  }
  out.text("\n");
  out_->add(out);
  if (each_) out_->flush();
}

void TextWriter::line(std::string_view text) {
  out_->text(text);
  out_->text("\n");
  if (each_) out_->flush();
}

} // namespace siena::frontends::trace
