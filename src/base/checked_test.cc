#include "base/checked.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace gan::core {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(Checked, ReportsOverflow) {
  EXPECT_EQ(CheckedAdd<int64_t>(2, 3), 5);
  EXPECT_EQ(CheckedAdd<int64_t>(kMax, 1), std::nullopt);
  EXPECT_EQ(CheckedSub<int64_t>(std::numeric_limits<int64_t>::min(), 1), std::nullopt);
  EXPECT_EQ(CheckedMul<int64_t>(kMax / 2, 3), std::nullopt);
  EXPECT_EQ(CheckedMul<uint64_t>(1u << 31, 1u << 31), uint64_t{1} << 62);
}

TEST(CheckedProduct, ZeroWinsOverOverflow) {
  EXPECT_EQ(CheckedProduct({}), 1);
  EXPECT_EQ(CheckedProduct(std::array<int64_t, 3>{2, 3, 4}), 24);
  EXPECT_EQ(CheckedProduct(std::array<int64_t, 3>{kMax, kMax, 0}), 0);
  EXPECT_EQ(CheckedProduct(std::array<int64_t, 2>{kMax, 2}), std::nullopt);
  EXPECT_EQ(CheckedProduct(std::array<int64_t, 2>{-1, 0}), std::nullopt);
}

}  // namespace
}  // namespace gan::core
