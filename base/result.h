// SPDX-License-Identifier: BSD-3-Clause
// A value or an error, for configuration and host trouble (guest-caused trouble has types of its own).
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace siena {

/// Bad configuration or a host resource that is missing: one line for stderr, naming the option or file.
struct ConfigurationError {
  std::string message;
  int exit_code = 125; ///< 2 for bad usage, 125 for anything else that keeps the machine from being built
};

template <typename T, typename E = ConfigurationError>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {} // NOLINT: meant to be returned as either
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {} // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  const E& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, E> state_;
};

} // namespace siena
