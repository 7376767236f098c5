// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/symbols/symbol_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace siena::frontends::symbols {

namespace {
class FileBytes final : public ByteSource {
 public:
  explicit FileBytes(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat status = {};
    if (fd_ >= 0 && ::fstat(fd_, &status) == 0 && status.st_size > 0) size_ = static_cast<u64>(status.st_size);
  }
  ~FileBytes() override {
    if (fd_ >= 0) ::close(fd_);
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  bool is_open() const { return fd_ >= 0; }
  u64 size() const override { return size_; }
  bool read(u64 offset, std::span<u8> to) const override {
    if (offset > size_ || to.size() > size_ - offset) return false;
    while (!to.empty()) {
      const ssize_t got = ::pread(fd_, to.data(), to.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      to = to.subspan(static_cast<std::size_t>(got));
      offset += static_cast<u64>(got);
    }
    return true;
  }

 private:
  int fd_;
  u64 size_ = 0;
};

/// Files of /proc do not tell their size.
std::optional<std::string> read_to_the_end(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  constexpr std::size_t kMost = 256u << 20;
  std::string text;
  char some[65536];
  ssize_t got;
  do {
    got = ::read(fd, some, sizeof some);
    if (got > 0) text.append(some, static_cast<std::size_t>(got));
  } while ((got > 0 && text.size() < kMost) || (got < 0 && errno == EINTR));
  const int error = errno;
  ::close(fd);
  errno = error;
  if (got < 0) return std::nullopt;
  return text;
}

constexpr std::string_view kBlanks = " \t\r";

std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const auto word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}
} // namespace

SymbolResult read_kallsyms_text(std::string_view text) {
  SymbolTable table;
  bool any_address = false;
  for (u64 number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = next_word(line);
    if (first.empty()) continue;
    const auto address = parse_hexadecimal(first);
    const auto type = next_word(line);
    const auto name = next_word(line);
    if (!address || type.size() != 1 || name.empty())
      return SymbolTrouble{fmt::format("line {} is not 'ADDRESS TYPE NAME'", number)};
    any_address |= *address != 0;
    if (const auto rank = rank_of_letter(type.front())) table.add(*address, 0, *rank, name);
  }
  if (table.empty()) return SymbolTrouble{"no symbols"};
  if (!any_address) return SymbolTrouble{"all addresses are zero: only root sees them in /proc/kallsyms"};
  table.sort();
  return table;
}

std::string write_kallsyms_text(const SymbolTable* table, const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "we");
  bool written = file != nullptr;
  for (std::size_t n = 0; written && table != nullptr && n < table->size(); ++n) {
    const auto symbol = table->symbol(n);
    written = std::fputs(fmt::format("{:016x} {} {}\n", symbol.address, letter_of(symbol.rank), symbol.name).c_str(),
                         file) >= 0;
  }
  if (file != nullptr && std::fclose(file) != 0) written = false;
  return written ? "" : fmt::format("-symbols: save='{}': {}", path, std::generic_category().message(errno));
}

Result<SymbolFile> read_symbol_file(const std::string& path) {
  const auto failed = [&path](std::string_view why) {
    return ConfigurationError{.message = fmt::format("-symbols: '{}': {}", path, why)};
  };
  errno = 0;
  const FileBytes file{path};
  if (!file.is_open()) return failed(std::generic_category().message(errno));
  u8 magic[4] = {};
  if (file.read(0, magic) && magic[0] == 0x7F) {
    auto table = read_elf_symbols(file);
    if (!table) return failed(table.error().message);
    return SymbolFile{std::move(table.value()), true};
  }
  const auto text = read_to_the_end(path);
  if (!text) return failed(std::generic_category().message(errno));
  auto table = read_kallsyms_text(*text);
  if (!table) return failed(table.error().message);
  return SymbolFile{std::move(table.value()), false};
}

} // namespace siena::frontends::symbols
