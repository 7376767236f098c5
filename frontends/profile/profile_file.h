// SPDX-License-Identifier: BSD-3-Clause
// Where a profile goes: opened before the guest runs, written behind its end.
#pragma once

#include "base/result.h"
#include "frontends/profile/stacks.h"

#include <cstdio>
#include <memory>

namespace siena::frontends::profile {

class ProfileFile {
 public:
  /// NAME.folded gets folded stacks, NAME.svg a flame graph; any other name the flat profile, and NAME.svg the graph.
  static Result<std::unique_ptr<ProfileFile>> create(const std::string& name);
  ~ProfileFile();
  ProfileFile(const ProfileFile&) = delete;
  ProfileFile& operator=(const ProfileFile&) = delete;

  /// What went wrong, naming the option and the file; empty when nothing did. Once.
  std::string write(const Stacks& stacks);

 private:
  ProfileFile() = default;
  struct File {
    std::string name;
    std::string (*text)(const Stacks&);
    std::FILE* file = nullptr;
  };
  std::vector<File> files_;
};

} // namespace siena::frontends::profile
