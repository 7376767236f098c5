// SPDX-License-Identifier: BSD-3-Clause
#include "machine/facility_report.h"

#include <fmt/format.h>

namespace siena::machine {

namespace {
/// Words after `head`, in lines of some 100 columns.
std::string paragraph(std::string_view head, const std::vector<std::string>& words) {
  std::string text{head}, line;
  for (const auto& word : words) {
    if (line.size() + word.size() > 100) {
      text += line + '\n';
      line.clear();
    }
    line += ' ' + word;
  }
  return text + line + '\n';
}
} // namespace

std::string facility_report(const CpuIdentity& identity) {
  std::string out = fmt::format("machine type {:04x}\nSTFLE ", identity.machine_type);
  for (const u64 doubleword : identity.facilities) out += fmt::format(" {:016x}", doubleword);
  std::vector<std::string> numbers, names;
  for (unsigned n = 0; n < 64 * identity.facilities.size(); ++n)
    if (identity.has(n)) numbers.push_back(std::to_string(n));
  for (const auto name : cpu_feature_names())
    if (cpu_feature(identity, name)) names.emplace_back(name);
  return out + '\n' + paragraph("facilities", numbers) + paragraph("features", names);
}

} // namespace siena::machine
