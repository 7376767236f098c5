// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/perf_map.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace siena::frontends::trace {

Result<std::unique_ptr<PerfMap>> PerfMap::create() {
  const std::string name = fmt::format("/tmp/perf-{}.map", ::getpid());
  // An old file of that name may be anything, also a link to something that is dear to somebody.
  ::unlink(name.c_str());
  const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  std::FILE* const file = fd < 0 ? nullptr : ::fdopen(fd, "w");
  if (file == nullptr)
    return ConfigurationError{.message =
                                  fmt::format("-perfmap: '{}': {}", name, std::generic_category().message(errno))};
  return std::unique_ptr<PerfMap>{new PerfMap{file}};
}

PerfMap::~PerfMap() { std::fclose(file_); }

void PerfMap::translated(const Translation& t) {
  const auto* def = t.block.instructions.front().def;
  const auto line = [&](const cpu::jit::backend::CodeRange& code, std::string_view which) {
    std::fputs(fmt::format("{:x} {:x} guest_{:x}_{}_{}{}\n",
                           reinterpret_cast<u64>(code.at),
                           code.bytes.size(),
                           t.frame.value + t.block.begin(),
                           def != nullptr ? def->mnemonic : "none",
                           t.block.instructions.size(),
                           which)
                   .c_str(),
               file_);
  };
  line(t.straight, "");
  line(t.cold, "_cold");
}

} // namespace siena::frontends::trace
