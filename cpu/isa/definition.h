// SPDX-License-Identifier: BSD-3-Clause
// One row per instruction: the decoder, disassembler, interpreter, SIE interception, cycle model, random-program generator,
// facility list and docs/instruction-set.md all read it (docs/decisions/0001). There is no second opcode table anywhere.
//
// How to add one (docs/adding-an-instruction.md has a worked example):
//   regular    row<View, Recipe{first, second, operation, width, target}>("AR", 0x1A00, Base, Alu)
//   irregular  irregular<&function>("MVC", 0xD200, Base, BlockMove)           function: Outcome f(Cpu&, View)
//   privileged privileged<&function, kAlways>("STAP", 0xB212, Base, Control)  (second argument: the SIE rule)
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"
#include "cpu/isa/recipe.h"

#include <span>

namespace siena::cpu::isa {

/// STFLE bit that says the instruction is installed; Base is "always there".
enum class Facility : s16 {
  Base = -1,
  CollaborativeMemory = -2, ///< has no bit: the CPU model says
  N3 = 0,
  ZArchitecture = 1,
  DatEnhancement1 = 3,
  AsnLxReuse = 6,
  Stfle = 7,
  EnhancedDat1 = 8,
  SenseRunning = 9,
  ConditionalSske = 10,
  ConfigurationTopology = 11,
  IpteRange = 13,
  NonquiescingKey = 14,
  ExtendedTranslation2 = 16,
  Msa = 17,
  LongDisplacement = 18,
  HfpMultiplyAdd = 20,
  ExtendedImmediate = 21,
  ExtendedTranslation3 = 22,
  HfpUnnormalized = 23,
  Stckf = 25,
  ParsingEnhancement = 26,
  Mvcos = 27,
  TodSteering = 28,
  Etf3Enhancement = 30,
  ExtractCpuTime = 31,
  CompareSwapStore = 32,
  CompareSwapStore2 = 33,
  GeneralExtension = 34,
  ExecuteExtension = 35,
  EnhancedMonitor = 36,
  FloatingPointExtension = 37,
  SetProgramParameter = 40,
  FloatingPointSupport = 41,
  DecimalFloatingPoint = 42,
  Pfpo = 44,
  DistinctOperands = 45,
  HighWord = 45,
  LoadStoreOnCondition = 45,
  InterlockedAccess1 = 45,
  PopulationCount = 45,
  MiscInstruction1 = 49,
  ExecutionHint = 49,
  LoadAndTrap = 49,
  ProcessorAssist = 49,
  ConstrainedTx = 50,
  LocalTlbClearing = 51,
  InterlockedAccess2 = 52,
  LoadStoreOnCondition2 = 53,
  Msa5 = 57,
  MiscInstruction2 = 58,
  MiscInstruction3 = 61,
  ResetReferenceMultiple = 66,
  Pci = 69,
  AdapterSuppression = 72,
  Transactional = 73,
  StoreHypervisorInfo = 74,
  FetchStoreIndication = 75,
  Msa3 = 76,
  Msa4 = 77,
  EnhancedDat2 = 78,
  Vector = 129,
  ExecutionProtection = 130,
  SideEffectAccess = 131,
  GuardedStorage = 133,
  VectorEnhancement1 = 135,
  TestPendingExternal = 144,
  InsertReferenceMultiple = 145,
  Msa8 = 146,
  Bear = 193,
  ResetDatProtection = 194,
};

/// The cycle model's classes (cpu/isa/cost.h gives cycles). Costs that grow with an operand are charged by the semantics.
enum class CostClass : u8 {
  Alu,
  AluMem,
  Load,
  Store,
  LoadMultiple,
  StoreMultiple,
  Multiply,
  Divide,
  Branch,
  BlockMove,
  BlockCompare,
  Atomic,
  Decimal,
  Fp,
  FpDivide,
  Control,
  Tlb,
  Io,
  System,
};

enum class Privilege : u8 { Problem, Supervisor };

using Handler = Outcome (*)(Cpu&, InsnText);

struct InstructionDef {
  const char* mnemonic = nullptr;
  /// Decoder key: first byte << 8 | extension, the extension being the second byte, its right nibble, or the sixth byte,
  /// whichever the first byte's group has; 0 where there is none. AR is 0x1A00, AHI 0xA70A, LG 0xE304.
  u16 opcode = 0;
  Format format{};
  Facility facility = Facility::Base;
  CostClass cost = CostClass::Alu;
  Privilege privilege = Privilege::Problem;
  SieRule sie{};
  Handler handler = nullptr;
  bool regular = false;
  Recipe recipe{};
};

inline constexpr SieRule kInterpreted{};
inline constexpr SieRule kAlways{SieRule::Kind::Always, 0};
/// Intercepted when this bit of the interception controls is one.
constexpr SieRule when(u32 ictl) { return {SieRule::Kind::When, ictl}; }
constexpr SieRule custom(CustomSieRule rule) { return {SieRule::Kind::Custom, static_cast<u32>(rule)}; }

namespace detail {

template <typename F>
struct ViewOf;
template <typename V>
struct ViewOf<Outcome (*)(Cpu&, V)> {
  using View = V;
};

template <auto Function, Privilege P, SieRule S>
Outcome call(Cpu& cpu, InsnText text) {
  using View = typename ViewOf<decltype(Function)>::View;
  if constexpr (P == Privilege::Supervisor) {
    if (cpu.psw.problem_state()) [[unlikely]]
      return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  }
  if constexpr (S == SieRule{SieRule::Kind::Custom, static_cast<u32>(CustomSieRule::CompareAndSwap)} ||
                S == SieRule{SieRule::Kind::Custom, static_cast<u32>(CustomSieRule::TestAndSet)}) {
    const Outcome o = Function(cpu, View{text});
    if (o == Outcome::Completed && cpu.psw.cc == 1 && cpu.condition_1_intercepted) [[unlikely]]
      return cpu.environment().interpretive->after_condition_1(cpu, text.text_only());
    return o;
  } else if constexpr (S.kind != SieRule::Kind::Interpreted) {
    if (cpu.interpretive()) [[unlikely]] {
      if (const auto ended = cpu.environment().interpretive->before(cpu, text.text_only(), S)) return *ended;
      if constexpr (S == SieRule{SieRule::Kind::Custom, static_cast<u32>(CustomSieRule::InterlockedTable)}) {
        const Outcome result = Function(cpu, View{text});
        cpu.environment().interpretive->after_interlocked(cpu);
        return result;
      }
    }
  }
  return Function(cpu, View{text});
}

template <auto Function, Privilege P, SieRule S>
constexpr InstructionDef define(const char* mnemonic, u16 opcode, Facility facility, CostClass cost) {
  using View = typename ViewOf<decltype(Function)>::View;
  return {mnemonic, opcode, View::format, facility, cost, P, S, &call<Function, P, S>, false, {}};
}

} // namespace detail

template <auto Function, SieRule S = kInterpreted>
constexpr InstructionDef irregular(const char* mnemonic, u16 opcode, Facility facility, CostClass cost) {
  return detail::define<Function, Privilege::Problem, S>(mnemonic, opcode, facility, cost);
}
template <auto Function, SieRule S = kInterpreted>
constexpr InstructionDef privileged(const char* mnemonic, u16 opcode, Facility facility, CostClass cost) {
  return detail::define<Function, Privilege::Supervisor, S>(mnemonic, opcode, facility, cost);
}

template <std::size_t N>
constexpr bool opcodes_are_unique(const InstructionDef (&rows)[N]) {
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = i + 1; j < N; ++j)
      if (rows[i].opcode == rows[j].opcode) return false;
  return true;
}

using RowSpan = std::span<const InstructionDef>;

} // namespace siena::cpu::isa
