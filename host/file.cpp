// SPDX-License-Identifier: BSD-3-Clause
#include "host/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace siena::host {

namespace {
ConfigurationError file_error(const std::string& path, std::string_view cause) {
  return {.message = fmt::format("'{}': {}", path, cause)};
}
ConfigurationError file_error(const std::string& path, int error) {
  return file_error(path, std::generic_category().message(error));
}

std::error_code last_error() { return {errno, std::generic_category()}; }

/// open(2) without surprises: closed on exec, and a FIFO without a writer or a terminal does not become ours.
Descriptor open_descriptor(const std::string& path, int flags) {
  int fd = -1;
  do fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY);
  while (fd < 0 && errno == EINTR);
  return Descriptor{fd};
}
} // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int Descriptor::release() { return std::exchange(fd_, -1); }

void Descriptor::reset() {
  if (valid()) ::close(release());
}

Result<std::vector<u8>> read_whole_file(const std::string& path, u64 limit) {
  const Descriptor fd = open_descriptor(path, O_RDONLY);
  if (!fd.valid()) return file_error(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return file_error(path, errno);
  if (S_ISDIR(status.st_mode)) return file_error(path, EISDIR);

  const auto too_large = [&] {
    return file_error(path, fmt::format("larger than the {} bytes there is room for", limit));
  };
  std::vector<u8> bytes;
  if (S_ISREG(status.st_mode)) {
    const u64 size = static_cast<u64>(status.st_size);
    if (size > limit) return too_large();
    bytes.reserve(size);
  }
  std::array<u8, 65536> chunk;
  for (;;) {
    const ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error(path, errno);
    if (got == 0) break;
    if (static_cast<u64>(got) > limit - bytes.size()) return too_large();
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + got);
  }
  if (bytes.empty()) return file_error(path, "the file is empty");
  return bytes;
}

Result<ImageFile> ImageFile::open(const std::string& path, Access access) {
  const bool read_only = access == Access::ReadOnly;
  // Without O_NONBLOCK the open of a FIFO would wait for its other end.
  Descriptor fd = open_descriptor(path, (read_only ? O_RDONLY : O_RDWR) | O_NONBLOCK);
  if (!fd.valid()) return file_error(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return file_error(path, errno);
  if (S_ISDIR(status.st_mode)) return file_error(path, EISDIR);
  if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
    return file_error(path, "neither a regular file nor a block device");
  if (::flock(fd.get(), (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return file_error(path, read_only ? "another process writes to it" : "another process uses it");
    return file_error(path, errno);
  }
  const off_t size = ::lseek(fd.get(), 0, SEEK_END);
  if (size < 0) return file_error(path, errno);
  return ImageFile{std::move(fd), static_cast<u64>(size), read_only};
}

std::error_code ImageFile::read(u64 offset, std::span<u8> to) const {
  if (!contains(offset, to.size())) return std::make_error_code(std::errc::invalid_argument);
  while (!to.empty()) {
    const ssize_t got = ::pread(fd_.get(), to.data(), to.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_error();
    if (got == 0) return std::make_error_code(std::errc::io_error); // it has shrunk
    offset += static_cast<u64>(got);
    to = to.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

std::error_code ImageFile::write(u64 offset, std::span<const u8> from) {
  if (read_only_) return std::make_error_code(std::errc::read_only_file_system);
  if (!contains(offset, from.size())) return std::make_error_code(std::errc::invalid_argument);
  while (!from.empty()) {
    const ssize_t put = ::pwrite(fd_.get(), from.data(), from.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return last_error();
    if (put == 0) return std::make_error_code(std::errc::io_error);
    offset += static_cast<u64>(put);
    from = from.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

std::error_code ImageFile::flush() {
  if (read_only_) return {};
  while (::fdatasync(fd_.get()) != 0)
    if (errno != EINTR) return last_error();
  return {};
}

std::error_code ImageFile::zero(u64 offset, u64 length) {
  if (read_only_) return std::make_error_code(std::errc::read_only_file_system);
  if (!contains(offset, length)) return std::make_error_code(std::errc::invalid_argument);
  if (length == 0) return {};
  if (::fallocate(fd_.get(),
                  FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  static_cast<off_t>(offset),
                  static_cast<off_t>(length)) == 0)
    return {};
  static constexpr std::array<u8, 65536> kZeros{};
  while (length > 0) {
    const u64 now = std::min<u64>(length, kZeros.size());
    if (const auto error = write(offset, std::span{kZeros}.first(now))) return error;
    offset += now;
    length -= now;
  }
  return {};
}

} // namespace siena::host
