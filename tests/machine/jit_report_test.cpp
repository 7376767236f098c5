// SPDX-License-Identifier: BSD-3-Clause
#include "machine/jit_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace siena::machine {
namespace {

TEST(JitReport, SaysThatThereIsNoTranslator) { EXPECT_EQ(jit_report(nullptr, 5), "translator: not in use\n"); }

} // namespace
} // namespace siena::machine
