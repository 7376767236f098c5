// SPDX-License-Identifier: BSD-3-Clause
// What instructions become, as printed.
#include "cpu/jit/ir/lower.h"
#include "cpu/jit/ir/passes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace siena::cpu::jit::ir {
namespace {

constexpr u64 kFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};

class LoweredText : public testing::Test {
 protected:
  LoweredText() : storage_(std::move(mmu::AbsoluteStorage::create(1 << 20).value())), code_(*storage_, decoder_) {}

  /// The block at offset 0x100 of a page with these halfwords there.
  Block lowered(const std::vector<u16>& halfwords, u16 offset = 0x100, const LowerOptions& options = {}) {
    std::fill(std::begin(page_), std::end(page_), u8{0});
    u16 at = offset;
    for (const u16 h : halfwords) {
      store_big(page_ + at, h);
      at = static_cast<u16>(at + 2);
    }
    Block block;
    EXPECT_TRUE(lower(code_, {page_}, offset, options, block));
    return block;
  }
  std::string text(std::initializer_list<u16> halfwords) {
    Block b = lowered(halfwords);
    run_passes(b);
    return print(b);
  }

  isa::Decoder decoder_{kFacilities};
  std::unique_ptr<mmu::AbsoluteStorage> storage_;
  interpreter::CodeCache code_;
  u8 page_[kPageSize] = {};
};

TEST_F(LoweredText, ARegisterIsReadOnceAndWrittenOnceWhenNobodyLooksBetween) {
  // AGR %r1,%r2; AGR %r1,%r2; BR %r14
  EXPECT_EQ(text({0xB908, 0x0012, 0xB908, 0x0012, 0x07FE}), R"(v5 = GetGr.64 0x1
v6 = GetGr.64 0x2
v7 = Add.64 v5, v6
v10 = Add.64 v7, v6
v11 = CcAddSigned v10, v6
SetGr v10 0x1
v13 = GetGr.64 0xe
Leave -> [v13] cc v11 after 3 instructions, 3 cycles
)");
}

TEST_F(LoweredText, AnAddressThatIsFormedTwiceIsOneValue) {
  // LLGH %r3,0(%r1,%r2); LLGH %r4,0(%r1,%r2); LRL %r5,.+0x1000; LRL %r6,that word; BR %r14
  const Block b =
      lowered({0xE331, 0x2000, 0x0091, 0xE341, 0x2000, 0x0091, 0xC45D, 0, 0x0800, 0xC46D, 0, 0x07FD, 0x07FE});
  std::vector<Value> addresses;
  for (const Node& n : b.nodes)
    if (n.op == Op::Load) addresses.push_back(n.a);
  ASSERT_EQ(addresses.size(), 4u);
  EXPECT_EQ(addresses[0], addresses[1]);
  EXPECT_EQ(addresses[2], addresses[3]);
  EXPECT_NE(addresses[0], addresses[2]);
}

TEST_F(LoweredText, AfterACallNothingIsKnownOfRegistersAndAddressesAreFormedAnew) {
  // LA %r3,8(%r1); STPT 0(%r2), by its row; LA %r4,8(%r1); BR %r14
  const Block b = lowered({0x4130, 0x1008, 0xB209, 0x2000, 0x4140, 0x1008, 0x07FE});
  EXPECT_EQ(std::count_if(b.nodes.begin(), b.nodes.end(), [](const Node& n) { return n.op == Op::Add; }), 2);
}

TEST_F(LoweredText, AWriteIsKeptWhenAnInstructionBeforeTheNextOneMayFail) {
  // LGR %r1,%r5; then, or not, L %r3,0(%r4); LGR %r1,%r6; BR %r14
  const auto writes = [&](const std::vector<u16>& program) {
    Block b = lowered(program);
    eliminate_overwritten(b);
    return std::count_if(b.nodes.begin(), b.nodes.end(), [](const Node& n) { return n.op == Op::SetGr && n.imm == 1; });
  };
  EXPECT_EQ(writes({0xB904, 0x0015, 0x5830, 0x4000, 0xB904, 0x0016, 0x07FE}), 2);
  EXPECT_EQ(writes({0xB904, 0x0015, 0xB904, 0x0016, 0x07FE}), 1);
}

TEST_F(LoweredText, OnlyTheRightHalfIsReadOfARegisterWhoseLeftOneDoesNotCount) {
  // RISBG %r5,%r0,29,188,3; SLLG %r1,%r2,1(%r3); TMLL %r4,1; LLGCR %r6,%r7; BR %r14
  const Block b = lowered({0xEC50, 0x1DBC, 0x0355, 0xEB12, 0x3001, 0x000D, 0xA741, 0x0001, 0xB984, 0x0067, 0x07FE});
  const auto reads = [&](Op op, u64 n) {
    return std::any_of(b.nodes.begin(), b.nodes.end(), [&](const Node& x) { return x.op == op && x.imm == n; });
  };
  for (const u64 n : {0, 3, 4, 7}) {
    EXPECT_TRUE(reads(Op::GetGrLow, n)) << n;
    EXPECT_FALSE(reads(Op::GetGr, n)) << n;
  }
  EXPECT_FALSE(std::any_of(b.nodes.begin(), b.nodes.end(), [](const Node& x) {
    return x.op == Op::Constant && x.imm == 0x7'FFFF'FFF8;
  })) << "what 32 bits shifted leave needs no mask";
}

TEST_F(LoweredText, ALeftHalfWithAnImmediateOperandIsWrittenWithTheRightOne) {
  // NIHF %r7,0; OIHF %r8,1; BR %r14
  EXPECT_EQ(text({0xC07A, 0, 0, 0xC08C, 0, 1, 0x07FE}), R"(v5 = GetGrLow.32 0x7
v6 = ZeroExtend.64 v5 0x20
SetGr v6 0x7
v8 = Constant.64 0xffffffff00000000
v11 = GetGr.64 0x8
v12 = Constant.64 0x100000000
v13 = Or.64 v11, v12
SetGr v13 0x8
v15 = And.64 v13, v8
v16 = CcNonZero v15
v17 = GetGr.64 0xe
Leave -> [v17] cc v16 after 3 instructions, 3 cycles
)");
}

TEST_F(LoweredText, BytesUnderAMaskThatLieTogetherAreOneAccess) {
  // ICM %r1,6,0(%r2); STCM %r1,12,4(%r2); BR %r14
  EXPECT_EQ(text({0xBF16, 0x2000, 0xBE1C, 0x2004, 0x07FE}), R"(v4 = CcMemory
v5 = GetGr.64 0x2
v6 = Load.32 v5 0x2 -> outcome cc v4 after 1 instructions, 1 cycles
v7 = GetGrLow.32 0x1
v8 = Constant.32 0xff0000ff
v9 = And.32 v7, v8
v10 = Constant.32 0x8
v11 = ShiftLeft.32 v6, v10
v12 = Or.32 v9, v11
SetGrLow v12 0x1
v14 = SignExtend.32 v6 0x10
v15 = CcSign v14
v16 = Constant.64 0x4
v17 = Add.64 v5, v16
v18 = Constant.32 0x10
v19 = ShiftRight.32 v12, v18
Store v17, v19 0x2 -> outcome cc v15 after 2 instructions, 2 cycles
v21 = GetGr.64 0xe
Leave -> [v21] cc v15 after 3 instructions, 3 cycles
)");
}

TEST_F(LoweredText, BytesUnderOtherMasksAreTheRows) {
  for (const int mask : {0, 5, 7, 9, 14}) {
    const Block b = lowered({static_cast<u16>(0xBF10 | mask), 0x2000, static_cast<u16>(0xBE10 | mask), 0x2004, 0x07FE});
    EXPECT_EQ(std::count_if(b.nodes.begin(), b.nodes.end(), [](const Node& n) { return n.op == Op::Call; }), 2) << mask;
  }
}

TEST_F(LoweredText, ADivisorIsFetchedOnlyForAPairOfRegisters) {
  const auto fetches = [&](u16 registers) {
    const Block b = lowered({static_cast<u16>(0xE300 | registers), 0x2000, 0x0087, 0x07FE}); // DLG
    return std::any_of(b.nodes.begin(), b.nodes.end(), [](const Node& n) { return n.op == Op::Load; });
  };
  EXPECT_TRUE(fetches(0x40));
  EXPECT_FALSE(fetches(0x50)) << "a specification exception";
}

TEST_F(LoweredText, AWriteOfOneHalfDoesNotReplaceThatOfTheWhole) {
  // LGR %r1,%r5; LR %r1,%r2; BR %r14
  Block b = lowered({0xB904, 0x0015, 0x1812, 0x07FE});
  eliminate_overwritten(b);
  EXPECT_TRUE(
      std::any_of(b.nodes.begin(), b.nodes.end(), [](const Node& n) { return n.op == Op::SetGr && n.imm == 1; }));
}

TEST_F(LoweredText, ACarryComesFromWhatSetItAndItsConditionCodeGoesWhenNobodyAsks) {
  // CLGR %r1,%r2; LGHI %r3,0; ALCGR %r3,%r3; AGR %r3,%r4; BR %r14
  EXPECT_EQ(text({0xB921, 0x0012, 0xA739, 0, 0xB988, 0x0033, 0xB908, 0x0034, 0x07FE}), R"(v5 = GetGr.64 0x1
v6 = GetGr.64 0x2
v7 = CcCompareLogical v5, v6
v8 = Constant.64 0x0
v10 = AddCarry.64 v8, v8 carry v7
v13 = GetGr.64 0x4
v14 = Add.64 v10, v13
v15 = CcAddSigned v14, v13
SetGr v14 0x3
v17 = GetGr.64 0xe
Leave -> [v17] cc v15 after 5 instructions, 5 cycles
)");
}

TEST_F(LoweredText, ACompareAndItsBranchAreOneAndTheConditionCodeIsKnownBehindIt) {
  // CGR %r3,%r4; JE .+0x20; BR %r14
  EXPECT_EQ(text({0xB920, 0x0034, 0xA784, 0x0010, 0x07FE}), R"(v0 = CcConstant 0x0
v5 = GetGr.64 0x3
v6 = GetGr.64 0x4
v7 = CcCompareSigned v5, v6
BranchIf v5 = v6 -> +0x124 cc v0 after 2 instructions, 2 cycles
v9 = GetGr.64 0xe
Leave -> [v9] cc v7 after 3 instructions, 3 cycles
)");
}

TEST_F(LoweredText, ALoadKnowsTheConditionCodeAndThePlaceOfAnException) {
  // LTGR %r1,%r2; LG %r3,8(%r1); BR %r14
  EXPECT_EQ(text({0xB902, 0x0012, 0xE330, 0x1008, 0x0004, 0x07FE}), R"(v5 = GetGr.64 0x2
v6 = CcSign v5
SetGr v5 0x1
v8 = Constant.64 0x8
v9 = Add.64 v5, v8
v10 = Load.64 v9 0x8 -> outcome cc v6 after 2 instructions, 2 cycles
SetGr v10 0x3
v12 = GetGr.64 0xe
Leave -> [v12] cc v6 after 3 instructions, 3 cycles
)");
}

TEST_F(LoweredText, ABitUnderTestIsComparedWithZero) {
  // TM 0(%r5),0x40; JNZ .-0x10; BR %r14
  EXPECT_EQ(text({0x9140, 0x5000, 0xA774, 0xFFF8, 0x07FE}), R"(v3 = CcConstant 0x3
v4 = CcMemory
v5 = GetGr.64 0x5
v6 = Load.32 v5 0x1 -> outcome cc v4 after 1 instructions, 1 cycles
v7 = Constant.32 0x40
v8 = And.32 v6, v7
v9 = CcTestMask v8, v7
BranchIf v8 != -> +0xf4 cc v3 after 2 instructions, 2 cycles
v11 = GetGr.64 0xe
Leave -> [v11] cc v9 after 3 instructions, 3 cycles
)");
}

TEST_F(LoweredText, WhatHasNoRuleIsCalledWithTheConditionCodeInItsPlace) {
  // CLR %r1,%r2; TR 0(8,%r1),0(%r2); BR %r14
  EXPECT_EQ(text({0x1512, 0xDC07, 0x1000, 0x2000, 0x07FE}), R"(v5 = GetGrLow.32 0x1
v6 = GetGrLow.32 0x2
v7 = CcCompareLogical v5, v6
MaterializeCc v7
v9 = CcMemory
Call TR -> outcome cc v9 after 2 instructions, 4 cycles
v11 = CcMemory
v12 = GetGr.64 0xe
Leave -> [v12] cc v11 after 3 instructions, 5 cycles
)");
}

TEST_F(LoweredText, ABlockGoesOnBehindAPagesAttributesAndItsKey) {
  const Block b = lowered({0xB9AB, 0x1012, 0xB22B, 0x0012, 0x1812, 0x07FE}); // ESSA; SSKE; LR; BR
  EXPECT_EQ(b.instructions.size(), 4u);
}

TEST_F(LoweredText, AnExecuteNeedsItsRowUnlessALarlHasNamedWhatItExecutes) {
  const auto calls = [](const Block& b) {
    return std::any_of(b.nodes.begin(), b.nodes.end(), [](const Node& n) { return n.op == Op::Call; });
  };
  // LARL %r5,.+16; EX %r4,0(%r5); LR %r1,%r2; BR %r14; two bytes between; MVC 0(1,%r1),0(%r3)
  EXPECT_FALSE(calls(lowered({0xC050, 0, 8, 0x4440, 0x5000, 0x1812, 0x07FE, 0, 0xD200, 0x1000, 0x3000})));
  // LGR %r5,%r6 instead
  const Block b = lowered({0xB904, 0x0056, 0x4440, 0x5000, 0x1812, 0x07FE});
  EXPECT_TRUE(calls(b));
  EXPECT_EQ(b.instructions.size(), 2u) << "it may have changed the mode";
}

TEST_F(LoweredText, ABranchThatIsAlwaysTakenEndsTheBlock) {
  const Block b = lowered({0xA7F4, 0x0008, 0x1812});
  EXPECT_EQ(b.instructions.size(), 1u);
  EXPECT_EQ(b.exits.back().target, 0x110);
  EXPECT_EQ(b.exits.back().breaking, 0x100);
}

TEST_F(LoweredText, AnInstructionThatMayChangeTheModeEndsTheBlock) {
  const Block b = lowered({0x010E, 0x1812}); // SAM64; LR
  EXPECT_EQ(b.instructions.size(), 1u);
  EXPECT_EQ(b.exits.back().kind, Exit::Kind::Again);
}

TEST_F(LoweredText, TheBlockEndsAtThePageAndDoesNotBeginWithTextThatCrossesIt) {
  EXPECT_EQ(lowered({0x1812}, 0xFFE).end(), 0x1000);
  page_[0xFFE] = 0xE3;
  Block block;
  EXPECT_FALSE(lower(code_, {page_}, 0xFFE, {}, block));
}

TEST_F(LoweredText, ARelativeOperandOffItsBoundaryIsLeftToTheRow) {
  EXPECT_NE(text({0xC418, 0x0000, 0x0001, 0x07FE}).find("Call LGRL"), std::string::npos);
  EXPECT_EQ(text({0xC418, 0x0000, 0x0004, 0x07FE}).find("Call LGRL"), std::string::npos);
}

TEST_F(LoweredText, StoresLeaveBehindTheInstructionWhenTheyHaveChangedCode) {
  // NI 0(%r1),0xF0; BR %r14
  const Block b = lowered({0x94F0, 0x1000, 0x07FE});
  for (const Node& n : b.nodes) {
    if (n.op != Op::Store) continue;
    EXPECT_EQ(b.exits[n.exit].cc, kCcAtEntry);
    EXPECT_EQ(b.nodes[b.exits[n.after].cc].op, Op::CcNonZero);
    EXPECT_EQ(b.exits[n.after].target, 0x104);
    return;
  }
  FAIL() << "no store";
}

TEST_F(LoweredText, CallsOnlyMeansCallsOnly) {
  const Block b = lowered({0xB908, 0x0012, 0x07FE}, 0x100, {.calls_only = true});
  for (const Node& n : b.nodes) EXPECT_NE(n.op, Op::Add);
}

TEST_F(LoweredText, SetProgramMaskIsFollowedByALookAtThePsw) {
  EXPECT_EQ(lowered({0x0410, 0x1812}).instructions.size(), 1u);
}

} // namespace
} // namespace siena::cpu::jit::ir
