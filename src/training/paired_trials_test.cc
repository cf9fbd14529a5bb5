#include "training/paired_trials.h"

#include <gtest/gtest.h>

#include <vector>

namespace gan::core {
namespace {

TEST(SpreadOf, IsTheMeanAndTheSampleDeviation) {
  const Spread spread = SpreadOf(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_DOUBLE_EQ(spread.mean, 5);
  EXPECT_NEAR(spread.deviation, 2.13809, 1e-5);
  EXPECT_EQ(SpreadOf(std::vector<double>{3}).deviation, 0);
}

// R: t.test(after, before, paired = TRUE) gives 0.02 +- 0.0114 here.
TEST(Compare, IsThePairedTest) {
  const std::vector<double> before{0.80, 0.70, 0.75, 0.90, 0.60};
  const std::vector<double> after{0.82, 0.71, 0.77, 0.93, 0.62};
  const Comparison found = Compare(before, after);
  EXPECT_NEAR(found.gain.mean, 0.02, 1e-12);
  EXPECT_NEAR(found.gain.deviation, 0.0070711, 1e-6);
  EXPECT_NEAR(found.margin, 2.776 * 0.0070711 / 2.2360680, 1e-6);
  // Ten times smaller than the spread between trials, and clear all the same: each pair agrees.
  EXPECT_GT(found.before.deviation, 0.1);
  EXPECT_TRUE(found.clear);
}

TEST(Compare, ChanceIsNotClear) {
  EXPECT_FALSE(
      Compare(std::vector<double>{0.8, 0.7, 0.9}, std::vector<double>{0.9, 0.6, 1.0}).clear);
  const std::vector<double> same{0.5, 0.5};
  EXPECT_FALSE(Compare(same, same).clear);
  EXPECT_FALSE(Compare(std::vector<double>{0.1}, std::vector<double>{0.9}).clear);
}

TEST(Compare, ManyTrialsNeedLess) {
  std::vector<double> before(31, 0.5), after(31, 0.5);
  for (size_t i = 0; i < after.size(); ++i) after[i] += i % 2 == 0 ? 0.02 : -0.01;
  const Comparison found = Compare(before, after);
  // t of 30 degrees is 2.0423.
  EXPECT_NEAR(found.margin, 2.0423 * found.gain.deviation / 5.5677644, 1e-5);
  EXPECT_FALSE(Compare(std::span(before).first(2), std::span(after).first(2)).clear);
}

}  // namespace
}  // namespace gan::core
