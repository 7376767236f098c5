// SPDX-License-Identifier: BSD-3-Clause
// The other half: many cases through one run of the oracle under qemu-s390x.
#pragma once

#include "tests/random/program.h"

#include <optional>
#include <span>
#include <string>

namespace siena::random_test {

/// How the oracle left a case that it did not finish.
enum class OracleFailure : u8 { None, Died, Hung };

struct OracleResult {
  FinalState result;
  OracleFailure failure = OracleFailure::None;
};

class Oracle {
 public:
  static constexpr std::size_t kBatch = 1024;

  Oracle(std::string emulator, std::string program);
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  /// At most kBatch cases. A case that ends the oracle's process costs a new process; those behind it are run all the same.
  std::vector<OracleResult> run(std::span<const Case* const> cases);

 private:
  OracleFailure run_from(std::size_t first, std::size_t count);

  std::string emulator_, program_, path_;
  int file_ = -1;
  random_record* records_ = nullptr;
};

} // namespace siena::random_test
