#include "metrics/variety.h"

#include <gtest/gtest.h>

#include "metrics/feature_testing.h"

namespace gan::core {
namespace {

TEST(Variety, IsTheMeanDistance) {
  ThreadPool pool(2);
  const Tensor line = Tensor::FromFloats({3, 1}, std::vector<float>{0, 1, 5});
  EXPECT_NEAR(MeanPairwiseDistance(line, pool), (1 + 5 + 4) / 3.0, 1e-6);
}

// NumPy 1.24: the sum of all distances over n (n - 1).
TEST(Variety, AgreesWithNumPy) {
  ThreadPool pool(2);
  EXPECT_NEAR(MeanPairwiseDistance(Wave(60, 5, 0), pool), 2.865328407299268, 1e-6);
  EXPECT_NEAR(RelativeVariety(Wave(60, 5, 0), Wave(40, 5, 0.7, 1.1f), pool), 1.1031174073044399,
              1e-6);
}

TEST(Variety, FallsToZeroWithACollapse) {
  ThreadPool pool(1);
  const Tensor reference = Normal(100, 4, 1);
  EXPECT_EQ(RelativeVariety(reference, Constant(50, 4, 3), pool), 0);
  EXPECT_NEAR(RelativeVariety(reference, Normal(100, 4, 2, 9, 0.5f), pool), 0.5, 0.05);
  EXPECT_EQ(ErrorOf([&] { RelativeVariety(Constant(50, 4, 3), reference, pool); }),
            "[variety] wants a reference of different pictures, got 50 times the same");
  EXPECT_TRUE(Contains(ErrorOf([&] { MeanPairwiseDistance(Constant(1, 4, 3), pool); }),
                       "at least 2 pictures"));
}

}  // namespace
}  // namespace gan::core
