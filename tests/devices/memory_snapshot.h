// SPDX-License-Identifier: BSD-3-Clause
// A snapshot in memory, for round-trip tests of parts: what was written is read back field by field, and a field of another
// kind, length or section name makes the reader fail.
#pragma once

#include "base/snapshot.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

namespace siena::test {

struct MemorySnapshot {
  struct Section {
    std::string name;
    u32 version = 0;
    bool operator==(const Section&) const = default;
  };
  using Field = std::variant<Section, u64, std::vector<u8>>;
  std::vector<Field> fields;
  bool operator==(const MemorySnapshot&) const = default;
};

/// For failure messages: one field a line.
inline std::ostream& operator<<(std::ostream& out, const MemorySnapshot& snapshot) {
  for (const auto& field : snapshot.fields) {
    if (const auto* section = std::get_if<MemorySnapshot::Section>(&field))
      out << '\n' << section->name << ':';
    else if (const auto* number = std::get_if<u64>(&field))
      out << ' ' << *number;
    else
      out << " [" << std::get<std::vector<u8>>(field).size() << " bytes]";
  }
  return out;
}

class MemorySnapshotWriter final : public SnapshotWriter {
 public:
  void begin(std::string_view name, u32 version) override {
    snapshot.fields.emplace_back(MemorySnapshot::Section{std::string(name), version});
  }
  void number(u64 value) override { snapshot.fields.emplace_back(value); }
  void bytes(std::span<const u8> data) override {
    snapshot.fields.emplace_back(std::vector<u8>(data.begin(), data.end()));
  }

  MemorySnapshot snapshot;
};

class MemorySnapshotReader final : public SnapshotReader {
 public:
  explicit MemorySnapshotReader(const MemorySnapshot& snapshot) : snapshot_(snapshot) {}

  u32 begin(std::string_view name) override {
    const auto* section = take<MemorySnapshot::Section>();
    if (section == nullptr) return 0;
    if (section->name != name) ok_ = false;
    return ok_ ? section->version : 0;
  }
  u64 number() override {
    const auto* value = take<u64>();
    return value != nullptr ? *value : 0;
  }
  void bytes(std::span<u8> data) override {
    const auto* bytes = take<std::vector<u8>>();
    if (bytes == nullptr || bytes->size() != data.size()) {
      ok_ = false;
      return;
    }
    std::copy(bytes->begin(), bytes->end(), data.begin());
  }
  bool ok() const override { return ok_; }
  bool at_end() const { return next_ == snapshot_.fields.size(); }

 private:
  template <typename T>
  const T* take() {
    if (!ok_ || next_ == snapshot_.fields.size()) {
      ok_ = false;
      return nullptr;
    }
    const T* field = std::get_if<T>(&snapshot_.fields[next_++]);
    if (field == nullptr) ok_ = false;
    return field;
  }

  const MemorySnapshot& snapshot_;
  std::size_t next_ = 0;
  bool ok_ = true;
};

} // namespace siena::test
