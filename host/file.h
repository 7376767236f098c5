// SPDX-License-Identifier: BSD-3-Clause
// Files of the host: images read and written by position, and whole files read at once. Never mapped: an image that another
// program truncates must give an I/O error, not a signal.
#pragma once

#include "base/result.h"
#include "base/types.h"

#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace siena::host {

/// The bytes of `path` (a file, a pipe, ...) when there are at least one and at most `limit`. The error's message names the
/// path and the cause, not the option it came from.
Result<std::vector<u8>> read_whole_file(const std::string& path, u64 limit);

/// A file descriptor with an owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release();
  void reset();

 private:
  int fd_ = -1;
};

/// A regular file or block device with access by position.
class ImageFile {
 public:
  enum class Access : u8 { ReadOnly, ReadWrite };

  /// Opens and locks (advisory, flock): many readers or one writer, over all Siena processes of the host.
  /// Fails for directories, pipes, and files that another process holds a lock on.
  static Result<ImageFile> open(const std::string& path, Access access);

  /// Bytes when it was opened. Access beyond is refused; a file that has shrunk since gives an error, never zeros.
  u64 size() const { return size_; }
  bool read_only() const { return read_only_; }

  [[nodiscard]] std::error_code read(u64 offset, std::span<u8> to) const;
  [[nodiscard]] std::error_code write(u64 offset, std::span<const u8> from);
  /// What was written is on the medium at the return.
  [[nodiscard]] std::error_code flush();
  /// The range reads as zeros afterwards; where the host can, it also gives the space back.
  [[nodiscard]] std::error_code zero(u64 offset, u64 length);

 private:
  ImageFile(Descriptor fd, u64 size, bool read_only) : fd_(std::move(fd)), size_(size), read_only_(read_only) {}
  bool contains(u64 offset, u64 length) const { return length <= size_ && offset <= size_ - length; }

  Descriptor fd_;
  u64 size_;
  bool read_only_;
};

} // namespace siena::host
