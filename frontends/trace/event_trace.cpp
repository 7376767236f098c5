// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/event_trace.h"

#include <fmt/format.h>

namespace siena::frontends::trace {

EventTrace::EventTrace(const machine::Configuration& configuration) : filter_(configuration.trace_filter) {
  for (const auto category : configuration.trace) want(category);
}

Result<std::unique_ptr<EventTrace>> EventTrace::open(const machine::Configuration& configuration) {
  auto trace = std::make_unique<EventTrace>(configuration);
  if (!configuration.trace_json.empty()) {
    auto file = Output::to_file("-trace", configuration.trace_json);
    if (!file) return file.error();
    trace->files_.push_back({"-trace", configuration.trace_json, file.value().get()});
    trace->add_json(std::move(file.value()), configuration.name);
  }
  if (!configuration.trace_file.empty()) {
    auto file = Output::to_file("-D", configuration.trace_file);
    if (!file) return file.error();
    trace->files_.push_back({"-D", configuration.trace_file, file.value().get()});
    trace->add_text(std::move(file.value()), false);
  } else if (configuration.trace_json.empty()) {
    trace->add_text(Output::to_stderr(), true);
  }
  return trace;
}

void EventTrace::write(const TraceEvent& event) {
  if (text_) text_->write(event);
  if (chrome_) chrome_->write(event);
}

void EventTrace::line(std::string_view text) {
  if (text_) return text_->line(text);
  if (!notes_) notes_.emplace(Output::to_stderr(), true);
  notes_->line(text);
}

void EventTrace::flush() {
  if (text_) text_->output().flush();
  if (chrome_) chrome_->output().flush();
}

std::vector<std::string> EventTrace::losses() {
  flush();
  std::vector<std::string> lines;
  for (const File& file : files_)
    if (file.output->failed())
      lines.push_back(fmt::format("{}: '{}': not all could be written", file.option, file.path));
  return lines;
}

} // namespace siena::frontends::trace
