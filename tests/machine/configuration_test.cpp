// SPDX-License-Identifier: BSD-3-Clause
#include "machine/configuration.h"

#include <gtest/gtest.h>

namespace siena::machine {
namespace {

TEST(Configuration, StorageIsAPositiveMultipleOfOneMebibyte) {
  EXPECT_FALSE(check_storage_size(kMebibyte, "-m"));
  EXPECT_FALSE(check_storage_size(kMaximumStorageSize, "-m"));
  for (const u64 size : {u64{0}, u64{1}, kMebibyte + 1, kMaximumStorageSize + kMebibyte, u64{100} << 40}) {
    const auto error = check_storage_size(size, "-m");
    ASSERT_TRUE(error) << size;
    EXPECT_EQ(error->exit_code, 2);
    EXPECT_EQ(error->message.rfind("-m: ", 0), 0u) << error->message;
  }
}

TEST(Configuration, CpuCountIsBounded) {
  EXPECT_FALSE(check_cpu_count(1, "-smp"));
  EXPECT_FALSE(check_cpu_count(kMaximumCpuCount, "-smp"));
  EXPECT_TRUE(check_cpu_count(0, "-smp"));
  EXPECT_TRUE(check_cpu_count(999, "-smp"));
}

TEST(Configuration, ALaterPropertyOverridesAnEarlierOne) {
  const Properties properties = {{"mux", "on"}, {"path", "a"}, {"mux", "off"}};
  EXPECT_FALSE(property_is_on(properties, "mux", true));
  EXPECT_TRUE(property_is_on(properties, "path", true)); // not a switch's value: the default
  EXPECT_EQ(*find_property(properties, "path"), "a");
  EXPECT_EQ(find_property(properties, "id"), nullptr);
}

} // namespace
} // namespace siena::machine
