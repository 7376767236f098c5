// SPDX-License-Identifier: BSD-3-Clause
// What the oracle is known to do otherwise than the Principles of Operation say: tests/random/known_differences, one a line, by
// mnemonic and kind.
#pragma once

#include "tests/random/siena_side.h"

#include "base/result.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace siena::random_test {

/// Ways to differ, as the file spells them: absent, access, cc, gr, fpr, fpc, storage, and names of interruptions.
class KnownDifferences {
 public:
  static Result<KnownDifferences> read(const std::string& path);

  /// The oracle does not have the instruction.
  bool left_out(std::string_view mnemonic) const { return has(mnemonic, "absent"); }
  /// The difference may show in a program that goes on, where it could not be told from another one.
  bool only_alone(std::string_view mnemonic) const;
  /// Are all these ways to differ known for the instruction of a program that holds nothing else? Notes which ones were met.
  bool explain(std::string_view mnemonic, const SienaResult& ours, const std::set<std::string>& kinds);
  /// Is the state after this access exception, in whatever program, known to differ?
  bool explain_access(const Case& c, const SienaResult& ours);
  /// Lines that nothing was explained by.
  std::vector<std::string> unmet() const;

 private:
  bool has(std::string_view mnemonic, std::string_view kind) const {
    return met_.contains({std::string{mnemonic}, std::string{kind}});
  }

  std::map<std::pair<std::string, std::string>, bool> met_;
};

} // namespace siena::random_test
