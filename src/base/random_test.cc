#include "base/random.h"

#include <gtest/gtest.h>

#include <vector>

namespace gan::core {
namespace {

TEST(Random, SameSeedSameNumbers) {
  Random a(7), b(7), c(8);
  EXPECT_EQ(a.Next(), b.Next());
  EXPECT_NE(a.Next(), c.Next());
}

TEST(Random, NormalHasMeanZeroVarianceOne) {
  Random random(1);
  std::vector<float> x(100000);
  random.FillNormal(x);
  double sum = 0, squares = 0;
  for (const float v : x) {
    sum += v;
    squares += double{v} * v;
  }
  EXPECT_NEAR(sum / x.size(), 0.0, 0.02);
  EXPECT_NEAR(squares / x.size(), 1.0, 0.02);
}

TEST(Random, BelowStaysBelow) {
  Random random(3);
  std::vector<int> seen(7);
  for (int i = 0; i < 7000; ++i) ++seen[random.Below(7)];
  for (const int n : seen) EXPECT_NEAR(n, 1000, 200);
}

}  // namespace
}  // namespace gan::core
