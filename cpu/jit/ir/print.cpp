// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/ir/block.h"

#include <fmt/format.h>

namespace siena::cpu::jit::ir {

namespace {

constexpr const char* kNames[] = {"Nop",
                                  "Constant",
                                  "PageAddress",
                                  "GetGr",
                                  "GetGrLow",
                                  "GetGrHigh",
                                  "GetAr",
                                  "PswMask",
                                  "CcValue",
                                  "SetGr",
                                  "SetGrLow",
                                  "SetGrHigh",
                                  "Add",
                                  "Subtract",
                                  "And",
                                  "Or",
                                  "Xor",
                                  "Multiply",
                                  "MultiplyHigh",
                                  "ShiftLeft",
                                  "ShiftRight",
                                  "ShiftRightSigned",
                                  "RotateLeft",
                                  "ByteSwap",
                                  "ZeroExtend",
                                  "SignExtend",
                                  "Truncate",
                                  "LeadingZeros",
                                  "AddCarry",
                                  "SubtractBorrow",
                                  "Select",
                                  "SelectCc",
                                  "Load",
                                  "Store",
                                  "LoadMultiple",
                                  "StoreMultiple",
                                  "CompareAndSwap",
                                  "FetchAndAdd",
                                  "FetchAndAnd",
                                  "FetchAndOr",
                                  "FetchAndXor",
                                  "DivideUnsigned",
                                  "DivideSigned",
                                  "MoveCharacters",
                                  "ClearCharacters",
                                  "AndCharacters",
                                  "OrCharacters",
                                  "XorCharacters",
                                  "CompareCharacters",
                                  "MoveVariable",
                                  "ClearVariable",
                                  "CompareVariable",
                                  "CheckNextPage",
                                  "CheckTime",
                                  "Call",
                                  "MaterializeCc",
                                  "CcMemory",
                                  "CcConstant",
                                  "CcSign",
                                  "CcNonZero",
                                  "CcCompareSigned",
                                  "CcCompareLogical",
                                  "CcAddSigned",
                                  "CcSubtractSigned",
                                  "CcAddLogical",
                                  "CcSubtractLogical",
                                  "CcTestMask",
                                  "CcTestMaskLeftmost",
                                  "GetFpr",
                                  "GetFprShort",
                                  "SetFpr",
                                  "SetFprShort",
                                  "CheckFloating",
                                  "FloatAdd",
                                  "FloatSubtract",
                                  "FloatMultiply",
                                  "FloatDivide",
                                  "FloatSquareRoot",
                                  "FloatMultiplyAdd",
                                  "FloatMultiplySubtract",
                                  "FloatTest",
                                  "FloatLengthen",
                                  "FloatRound",
                                  "FloatFromFixed",
                                  "FloatToInteger",
                                  "FloatToFixed",
                                  "FloatCompare",
                                  "CcFloatSign",
                                  "CcFloatCompare",
                                  "BranchIf",
                                  "BranchCc",
                                  "BranchFloat",
                                  "Leave"};
static_assert(std::size(kNames) == static_cast<std::size_t>(Op::Leave) + 1);

constexpr const char* kConditions[] = {"=", "!=", "<s", "<=s", ">s", ">=s", "<u", "<=u", ">u", ">=u"};

std::string where_to(const Block& block, ExitIndex index) {
  const Exit& e = block.exits[index];
  std::string to = e.kind == Exit::Kind::Next       ? fmt::format("{:+#x}", e.target)
                   : e.kind == Exit::Kind::Indirect ? fmt::format("[v{}]", e.address)
                                                    : std::string("outcome");
  if (e.cc != kNone) to += fmt::format(" cc v{}", e.cc);
  return fmt::format("{} after {} instructions, {} cycles", to, e.instructions, e.cycles);
}

bool shows_immediate(Op op) {
  switch (op) {
  case Op::Constant:
  case Op::GetGr:
  case Op::GetGrLow:
  case Op::GetGrHigh:
  case Op::SetGr:
  case Op::SetGrLow:
  case Op::SetGrHigh:
  case Op::ByteSwap:
  case Op::ZeroExtend:
  case Op::SignExtend:
  case Op::Load:
  case Op::Store:
  case Op::LoadMultiple:
  case Op::StoreMultiple:
  case Op::GetAr:
  case Op::SelectCc:
  case Op::CompareAndSwap:
  case Op::FetchAndAdd:
  case Op::FetchAndAnd:
  case Op::FetchAndOr:
  case Op::FetchAndXor:
  case Op::DivideUnsigned:
  case Op::DivideSigned:
  case Op::MoveCharacters:
  case Op::ClearCharacters:
  case Op::AndCharacters:
  case Op::OrCharacters:
  case Op::XorCharacters:
  case Op::CompareCharacters:
  case Op::CcConstant:
  case Op::BranchCc:
  case Op::BranchFloat:
  case Op::GetFpr:
  case Op::GetFprShort:
  case Op::SetFpr:
  case Op::SetFprShort: return true;
  default: return writes_fpr(op) || op == Op::FloatToFixed;
  }
}

} // namespace

const char* name(Op op) { return kNames[static_cast<std::size_t>(op)]; }

std::string print(const Block& block) {
  std::string out;
  for (std::size_t i = 0; i < block.nodes.size(); ++i) {
    const Node& n = block.nodes[i];
    if (n.op == Op::Nop) continue;
    if (n.type != Type::None) out += fmt::format("v{} = ", i);
    out += name(n.op);
    if (n.type == Type::I32) out += ".32";
    if (n.type == Type::I64) out += ".64";
    if (n.a != kNone) out += fmt::format(" v{}", n.a);
    if (n.op == Op::BranchIf) out += fmt::format(" {}", kConditions[static_cast<std::size_t>(n.condition)]);
    if (n.b != kNone) out += fmt::format("{} v{}", n.op == Op::BranchIf ? "" : ",", n.b);
    if (n.c != kNone && n.op >= Op::MoveVariable && n.op <= Op::CompareVariable) {
      out += fmt::format(" length v{}", n.c);
    } else if (n.op == Op::AddCarry || n.op == Op::SubtractBorrow) {
      out += fmt::format(" carry v{}", n.c);
    } else if (n.c != kNone) {
      out += fmt::format(" when v{}", n.c);
      if (n.op == Op::Select) out += fmt::format(" {}", kConditions[static_cast<std::size_t>(n.condition)]);
      if (n.d != kNone) out += fmt::format(" v{}", n.d);
    }
    if (n.op == Op::Call)
      out += std::string(" ") +
             (block.instructions[n.instruction].def != nullptr ? block.instructions[n.instruction].def->mnemonic : "?");
    if (shows_immediate(n.op)) out += fmt::format(" {:#x}", n.imm);
    if (n.exit != kNoExit) out += fmt::format(" -> {}", where_to(block, n.exit));
    out += '\n';
  }
  return out;
}

} // namespace siena::cpu::jit::ir
