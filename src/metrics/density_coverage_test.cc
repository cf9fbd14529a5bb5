#include "metrics/density_coverage.h"

#include <gtest/gtest.h>

#include "metrics/feature_testing.h"
#include "metrics/nearest_neighbours.h"

namespace gan::core {
namespace {

class DensityCoverage : public ::testing::Test {
 protected:
  double DensityOf(const Tensor& reference, const Tensor& made, int64_t k) {
    return Density(reference, NeighbourRadii("density", reference, k, pool_), k, made, pool_);
  }
  double CoverageOf(const Tensor& reference, const Tensor& made, int64_t k) {
    return Coverage(reference, NeighbourRadii("coverage", reference, k, pool_), made, pool_);
  }
  ThreadPool pool_{2};
};

// NumPy 1.24: (distances <= radii).sum(0).mean() / k and (distances.min(1) <= radii).mean(), k = 3.
TEST_F(DensityCoverage, AgreeWithNumPy) {
  const Tensor reference = Wave(60, 5, 0);
  const Tensor made = Wave(40, 5, 0.7, 1.1f);
  EXPECT_NEAR(DensityOf(reference, made, 3), 0.9, 1e-12);
  EXPECT_NEAR(CoverageOf(reference, made, 3), 0.8166666666666667, 1e-12);
}

TEST_F(DensityCoverage, KnowTheExtremes) {
  const Tensor a = Normal(300, 8, 1);
  EXPECT_EQ(CoverageOf(a, a, 5), 1);
  EXPECT_NEAR(DensityOf(a, a, 5), 6.0 / 5, 1e-9);  // its own ball beside, on average, 5 others'
  const Tensor far = Normal(300, 8, 2, 50);
  EXPECT_EQ(CoverageOf(a, far, 5), 0);
  EXPECT_EQ(DensityOf(a, far, 5), 0);
}

// Naeem et al., section 3.3: for sets of one source density is 1 and coverage 1 - 2^-k.
TEST_F(DensityCoverage, AreAsExpectedForOneSource) {
  const Tensor a = Normal(2000, 6, 1);
  const Tensor b = Normal(2000, 6, 2);
  EXPECT_NEAR(DensityOf(a, b, 5), 1, 0.1);
  EXPECT_NEAR(CoverageOf(a, b, 5), 1 - 1.0 / 32, 0.015);
}

TEST_F(DensityCoverage, SeeACollapse) {
  const Tensor reference = Normal(1000, 6, 1);
  EXPECT_LT(CoverageOf(reference, Constant(1000, 6, 0), 5), 0.5);
  EXPECT_LT(CoverageOf(reference, Constant(1000, 6, 2), 5), 0.05);
}

TEST_F(DensityCoverage, RefuseWhatTheyCannotJudge) {
  const Tensor a = Normal(20, 4, 1);
  EXPECT_TRUE(Contains(ErrorOf([&] { CoverageOf(a, WithNan(Normal(20, 4, 2)), 5); }),
                       "[coverage] wants finite features"));
  EXPECT_TRUE(Contains(ErrorOf([&] { DensityOf(a, Normal(20, 3, 2), 5); }),
                       "[density] wants features of one network"));
  EXPECT_TRUE(Contains(ErrorOf([&] { DensityOf(Normal(1, 4, 1), a, 5); }), "more than 5 pictures"));
}

}  // namespace
}  // namespace gan::core
