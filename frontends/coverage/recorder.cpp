// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/coverage/recorder.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace siena::frontends::coverage {

bool Recorder::executed(const Where& where) const {
  const auto found = pages_.find({where.depth, where.problem_state, where.page & kPageMask});
  const u64 halfword = (where.page & ~kPageMask) / 2;
  return found != pages_.end() && (found->second[halfword / 64] >> (halfword % 64) & 1) != 0;
}

std::string coverage_text(const Recorder& recorder, const std::map<unsigned, u64>& stext) {
  std::string text = "siena coverage 1\n";
  for (const auto& [depth, address] : stext) text += fmt::format("stext {} {:016x}\n", depth, address);
  for (const auto& [where, bits] : recorder.pages()) {
    text += fmt::format("page {} {} {:016x} ", where.depth, where.problem_state ? "problem" : "supervisor", where.page);
    for (const u64 word : bits)
      for (unsigned digit = 0; digit < 16; ++digit) {
        unsigned value = 0;
        for (unsigned bit = 0; bit < 4; ++bit)
          value = value << 1 | static_cast<unsigned>(word >> (4 * digit + bit) & 1);
        text += "0123456789abcdef"[value];
      }
    text += '\n';
  }
  return text;
}

namespace {
std::string trouble(const std::string& name) {
  return fmt::format("-coverage: '{}': {}", name, std::generic_category().message(errno));
}
} // namespace

Result<std::unique_ptr<CoverageFile>> CoverageFile::create(const std::string& name) {
  std::FILE* const file = std::fopen(name.c_str(), "we");
  if (file == nullptr) return ConfigurationError{.message = trouble(name)};
  return std::unique_ptr<CoverageFile>{new CoverageFile{name, file}};
}

CoverageFile::~CoverageFile() {
  if (file_ != nullptr) std::fclose(file_);
}

std::string CoverageFile::write(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), file_) == text.size();
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  return written && closed ? "" : trouble(name_);
}

} // namespace siena::frontends::coverage
