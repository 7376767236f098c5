// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/profile/profile_file.h"

#include "frontends/profile/flame_graph.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace siena::frontends::profile {

namespace {
std::string trouble(const std::string& name) {
  return fmt::format("-profile: '{}': {}", name, std::generic_category().message(errno));
}
std::string graph(const Stacks& stacks) { return flame_graph(stacks, "siena -profile"); }
} // namespace

Result<std::unique_ptr<ProfileFile>> ProfileFile::create(const std::string& name) {
  std::unique_ptr<ProfileFile> profile{new ProfileFile};
  if (name.ends_with(".folded"))
    profile->files_ = {{name, folded_text}};
  else if (name.ends_with(".svg"))
    profile->files_ = {{name, graph}};
  else
    profile->files_ = {{name, flat_text}, {name + ".svg", graph}};
  for (File& f : profile->files_) {
    f.file = std::fopen(f.name.c_str(), "we");
    if (f.file == nullptr) return ConfigurationError{.message = trouble(f.name)};
  }
  return profile;
}

ProfileFile::~ProfileFile() {
  for (File& f : files_)
    if (f.file != nullptr) std::fclose(f.file);
}

std::string ProfileFile::write(const Stacks& stacks) {
  std::string wrong;
  for (File& f : files_) {
    const bool written = std::fputs(f.text(stacks).c_str(), f.file) >= 0;
    if ((std::fclose(std::exchange(f.file, nullptr)) != 0 || !written) && wrong.empty()) wrong = trouble(f.name);
  }
  return wrong;
}

} // namespace siena::frontends::profile
