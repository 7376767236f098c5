// SPDX-License-Identifier: BSD-3-Clause
// For tables as long as main storage of which little is ever used.
#pragma once

#include "base/check.h"

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <type_traits>

namespace siena {

/// Elements that begin as zeros. Of a large array the host gives memory for what is written only.
template <typename T>
class ZeroedArray {
 public:
  static_assert(std::is_trivial_v<T>);
  explicit ZeroedArray(std::size_t size) : size_(size) {
    bytes_.reset(std::calloc(size, sizeof(T))); // NOLINT(bugprone-sizeof-expression): pointers are elements, too
    CHECK(bytes_ != nullptr || size == 0, "memory for a table");
  }

  T& operator[](std::size_t i) { return elements()[i]; }
  const T& operator[](std::size_t i) const { return elements()[i]; }
  std::span<T> all() { return {elements(), size_}; }

 private:
  struct Free {
    void operator()(void* bytes) const { std::free(bytes); } // NOLINT: calloc's
  };
  T* elements() const { return static_cast<T*>(bytes_.get()); }

  std::unique_ptr<void, Free> bytes_;
  std::size_t size_;
};

} // namespace siena
