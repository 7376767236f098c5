// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/coverage/recorder.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace siena::frontends::coverage {

namespace {
void set(Recorder::Bits& bits, u64 halfword) { bits[halfword / 64] |= u64{1} << (halfword % 64); }
} // namespace

Recorder::Bits& Recorder::bits_of(const Where& where) {
  if (last_bits_ == nullptr || where != last_) {
    last_ = where;
    last_bits_ = &pages_[where];
  }
  return *last_bits_;
}

void Recorder::executed(const machine::ExecutedRun& run) {
  Bits& bits = bits_of({run.interpretive ? 2u : 1u, run.problem_state, run.address & kPageMask});
  const u64 first = (run.address & ~kPageMask) / 2;
  std::size_t at = 0;
  for (u64 n = 0; n < run.instructions && at < run.text.size(); ++n) {
    set(bits, first + at / 2);
    // Bits 0 and 1 of an instruction are its length (PoP, *Instruction Formats*).
    const u8 code = run.text[at] >> 6;
    at += code == 0 ? 2 : code == 3 ? 6 : 4;
  }
}

bool Recorder::before(cpu::Cpu& cpu) {
  const u64 address = cpu.psw.address;
  set(bits_of({cpu.interpretive() ? 2u : 1u, cpu.psw.problem_state(), address & kPageMask}),
      (address & ~kPageMask) / 2);
  return true;
}

bool Recorder::was_executed(const Where& where) const {
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
