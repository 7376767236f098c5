// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/dump/part_file.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace siena::frontends::dump {

namespace {
std::error_code last_error() { return {errno, std::generic_category()}; }
} // namespace

Result<PartFile, std::error_code> PartFile::create(const std::string& name, u64 size) {
  struct stat status = {};
  if (::stat(name.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    return std::make_error_code(S_ISDIR(status.st_mode) ? std::errc::is_a_directory : std::errc::not_supported);
  // Beyond the limit there would be a signal.
  rlimit limit = {};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && size > limit.rlim_cur)
    return std::make_error_code(std::errc::file_too_large);
  const std::string part = name + ".part";
  // What a killed process has left behind is written anew; what a living one is writing is locked.
  host::Descriptor fd{::open(part.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600)};
  if (!fd.valid()) return last_error();
  if (::fstat(fd.get(), &status) != 0) return last_error();
  if (!S_ISREG(status.st_mode)) return std::make_error_code(std::errc::not_supported);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return last_error();
  PartFile file{name, std::move(fd)};
  if (::fchmod(file.fd_.get(), 0600) != 0 || ::ftruncate(file.fd_.get(), 0) != 0 ||
      ::ftruncate(file.fd_.get(), static_cast<off_t>(size)) != 0)
    return last_error();
  return file;
}

PartFile::PartFile(PartFile&& other) noexcept : name_(std::exchange(other.name_, {})), fd_(std::move(other.fd_)) {}

PartFile::~PartFile() {
  if (!name_.empty()) ::unlink(part().c_str());
}

std::error_code PartFile::write(u64 offset, std::span<const u8> from) {
  while (!from.empty()) {
    const ssize_t put = ::pwrite(fd_.get(), from.data(), from.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return last_error();
    if (put == 0) return std::make_error_code(std::errc::no_space_on_device);
    from = from.subspan(static_cast<std::size_t>(put));
    offset += static_cast<u64>(put);
  }
  return {};
}

std::error_code PartFile::finish() {
  // Some file systems say only at the end that there is no room.
  if (::close(fd_.release()) != 0) return last_error();
  if (std::rename(part().c_str(), name_.c_str()) != 0) return last_error();
  name_.clear();
  return {};
}

} // namespace siena::frontends::dump
