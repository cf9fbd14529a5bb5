#include "metrics/seeded_choice.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gan::core {
namespace {

TEST(Choose, TakesDifferentOnesInOrder) {
  Random random(4);
  for (const int64_t wanted : {0, 1, 7, 20}) {
    const std::vector<int64_t> chosen = Choose(20, wanted, random);
    ASSERT_EQ(static_cast<int64_t>(chosen.size()), wanted);
    EXPECT_TRUE(std::ranges::is_sorted(chosen));
    EXPECT_EQ(std::ranges::adjacent_find(chosen), chosen.end());
    EXPECT_TRUE(wanted != 20 || chosen.back() == 19);
  }
}

TEST(Choose, PrefersNothing) {
  Random random(5);
  std::vector<int> times(10, 0);
  for (int i = 0; i < 3000; ++i) {
    for (const int64_t index : Choose(10, 3, random)) ++times[static_cast<size_t>(index)];
  }
  for (const int count : times) EXPECT_NEAR(count, 900, 120);
}

TEST(Choose, IsTheSameForTheSameSeed) {
  Random a(6), b(6);
  EXPECT_EQ(Choose(100, 10, a), Choose(100, 10, b));
}

}  // namespace
}  // namespace gan::core
