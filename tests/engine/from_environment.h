// SPDX-License-Identifier: BSD-3-Clause
// SIENA_ENGINE=jit|jit-calls-only|jit-single runs a test's programs as translated code from their first execution on.
#pragma once

#include "cpu/jit/engine.h"

#include <cstdlib>
#include <memory>
#include <string_view>

namespace siena::testing {

/// Attaches the engine that the environment asks for; nullptr, and nothing attached, when it asks for none.
inline std::unique_ptr<cpu::jit::Engine> engine_from_environment(cpu::interpreter::Interpreter& interpreter,
                                                                 cpu::interpreter::CodeCache& code,
                                                                 mmu::AbsoluteStorage& storage,
                                                                 const cpu::Cpu& cpu) {
  const char* wanted = std::getenv("SIENA_ENGINE");
  if (wanted == nullptr) return nullptr;
  const std::string_view name = wanted;
  cpu::jit::EngineOptions options;
  options.threshold = 1;
  options.code_size = 4 << 20;
  options.lowering.calls_only = name == "jit-calls-only";
  if (name == "jit-single") options.lowering.instructions = 1;
  CHECK(options.lowering.calls_only || name == "jit-single" || name == "jit", "SIENA_ENGINE names an engine");
  CHECK(cpu::jit::Engine::obstacle() == nullptr, "this host can run translated code");
  auto engine = std::make_unique<cpu::jit::Engine>(interpreter, code, storage, cpu, options);
  interpreter.set_fast_loop(engine.get());
  return engine;
}

} // namespace siena::testing
