// SPDX-License-Identifier: BSD-3-Clause
#include "tests/random/known_differences.h"

#include <fstream>
#include <sstream>

namespace siena::random_test {

namespace {

constexpr std::pair<std::string_view, cpu::ProgramInterruption> kInterruptions[] = {
    {"operation", cpu::ProgramInterruption::Operation},
    {"specification", cpu::ProgramInterruption::Specification},
    {"data", cpu::ProgramInterruption::Data},
    {"protection", cpu::ProgramInterruption::Protection},
    {"divide", cpu::ProgramInterruption::FixedPointDivide},
    {"none", cpu::ProgramInterruption::None}, // the oracle has an interruption where there is none
};

bool known_kind(std::string_view kind) {
  for (const auto* k : {"absent", "access", "touch", "cc", "gr", "fpr", "fpc", "storage"})
    if (kind == k) return true;
  for (const auto& [name, code] : kInterruptions)
    if (kind == name) return true;
  return false;
}

} // namespace

Result<KnownDifferences> KnownDifferences::read(const std::string& path) {
  KnownDifferences known;
  std::ifstream file{path};
  if (!file) return ConfigurationError{path + ": cannot be read", 2};
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words{line};
    std::string mnemonic, kind, reason;
    words >> mnemonic >> kind >> reason;
    if (reason.empty() || !known_kind(kind))
      return ConfigurationError{path + ": MNEMONIC KIND REASON wanted: " + line, 2};
    known.met_[{mnemonic, kind}] = false;
  }
  return known;
}

bool KnownDifferences::only_alone(std::string_view mnemonic) const {
  for (const auto& [entry, met] : met_)
    if (entry.first == mnemonic && entry.second != "access") return true;
  return false;
}

bool KnownDifferences::explain(std::string_view mnemonic, const SienaResult& ours, const std::set<std::string>& kinds) {
  const std::string name{mnemonic};
  if (kinds.contains("interruption")) {
    // What one of them did and the other one did not is not to be compared further.
    for (const auto& [kind, code] : kInterruptions)
      if (code == ours.interruption && has(mnemonic, kind)) return met_[{name, std::string{kind}}] = true;
    return ours.result.after.signal == 11 && has(mnemonic, "touch") && (met_[{name, "touch"}] = true);
  }
  for (const auto& kind : kinds)
    if (!has(mnemonic, kind)) return false;
  for (const auto& kind : kinds) met_[{name, kind}] = true;
  return true;
}

bool KnownDifferences::explain_access(const Case& c, const SienaResult& ours) {
  if (ours.interrupted == nullptr) return false;
  if (has(ours.interrupted->mnemonic, "access")) return met_[{ours.interrupted->mnemonic, "access"}] = true;
  const std::string_view mnemonic = ours.interrupted->mnemonic;
  if (mnemonic != "EX" && mnemonic != "EXRL") return false;
  for (const Group& group : c.groups)
    if (!group.pool.empty() && has(group.definition->mnemonic, "access"))
      return met_[{group.definition->mnemonic, "access"}] = true;
  return false;
}

std::vector<std::string> KnownDifferences::unmet() const {
  std::vector<std::string> lines;
  for (const auto& [entry, met] : met_)
    if (!met && entry.second != "absent") lines.push_back(entry.first + " " + entry.second);
  return lines;
}

} // namespace siena::random_test
