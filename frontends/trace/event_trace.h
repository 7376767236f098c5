// SPDX-License-Identifier: BSD-3-Clause
// What -d, -D, -trace and the filters ask for: events go through the filter into a text, a JSON file, or both.
#pragma once

#include "frontends/trace/chrome_writer.h"
#include "frontends/trace/text_writer.h"
#include "frontends/trace/trace_filter.h"

#include <optional>
#include <string>
#include <vector>

namespace siena::frontends::trace {

class EventTrace final : public TraceSink {
 public:
  /// Opens what the configuration names. Text goes into -D's file, or on stderr; not at all when -trace is given without -D.
  static Result<std::unique_ptr<EventTrace>> open(const machine::Configuration& configuration);
  /// With categories and filters, but nowhere to write to.
  explicit EventTrace(const machine::Configuration& configuration);
  void add_text(std::unique_ptr<Output> out, bool each) { text_.emplace(std::move(out), each); }
  void add_json(std::unique_ptr<Output> out, std::string_view machine) { chrome_.emplace(std::move(out), machine); }

  bool admit(const TraceEvent& event) override { return filter_.admit(event); }
  void write(const TraceEvent& event) override;
  /// A line of text that is no event (-d jit), without its newline; on stderr if there is no text.
  void line(std::string_view text);
  /// Brings the files up to date, so that they can be read while the machine runs.
  void flush();
  /// What could not be written, a line each.
  std::vector<std::string> losses();

 private:
  struct File {
    std::string option, path;
    const Output* output;
  };
  TraceFilter filter_;
  std::optional<TextWriter> text_, notes_;
  std::optional<ChromeWriter> chrome_;
  std::vector<File> files_;
};

} // namespace siena::frontends::trace
