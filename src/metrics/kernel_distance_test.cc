#include "metrics/kernel_distance.h"

#include <gtest/gtest.h>

#include "metrics/feature_testing.h"

namespace gan::core {
namespace {

// NumPy 1.24: the two sums without their diagonals and the mean of the third, all rows as the one
// subset.
TEST(KernelDistance, AgreesWithNumPy) {
  ThreadPool pool(2);
  const KernelDistance all =
      KernelDistanceOf(Wave(40, 5, 0), Wave(40, 5, 0.7, 1.1f), {.subsets = 3}, pool);
  EXPECT_EQ(all.subset_size, 40);
  EXPECT_NEAR(all.value, -0.19052775217181273, 1e-9);
  EXPECT_NEAR(all.spread, 0, 1e-12);
}

TEST(KernelDistance, IsZeroOnAverageForOneSourceAndGrows) {
  ThreadPool pool(2);
  const KernelDistanceOptions options{.subsets = 40, .subset_size = 200, .seed = 3};
  const Tensor a = Normal(2000, 8, 1);
  const KernelDistance same = KernelDistanceOf(a, Normal(2000, 8, 2), options, pool);
  EXPECT_NEAR(same.value, 0, 0.01);
  EXPECT_GT(same.spread, 0);
  const KernelDistance near = KernelDistanceOf(a, Normal(2000, 8, 3, 0.3f), options, pool);
  const KernelDistance far = KernelDistanceOf(a, Normal(2000, 8, 4, 1), options, pool);
  EXPECT_GT(near.value, 0.05);
  EXPECT_GT(far.value, near.value);
}

// E k(x, y) of independent x, y ~ N(0, I) in F dimensions is 1 + 3 E(x.y)^2 / F^2 = 1 + 3 / F, the
// odd powers vanish; with y = 0 it is 1, so that against the point at zero the discrepancy is 3 /
// F.
TEST(KernelDistance, IsTheClosedFormAgainstAPoint) {
  ThreadPool pool(2);
  const KernelDistanceOptions options{.subsets = 20, .subset_size = 1000, .seed = 1};
  const KernelDistance d =
      KernelDistanceOf(Normal(4000, 6, 7), Constant(1000, 6, 0), options, pool);
  EXPECT_NEAR(d.value, 3.0 / 6, 0.03);
}

TEST(KernelDistance, DependsOnTheSeedAloneNotOnThreads) {
  const Tensor a = Normal(300, 4, 1);
  const Tensor b = Normal(250, 4, 2);
  const KernelDistanceOptions options{.subsets = 9, .subset_size = 50, .seed = 5};
  ThreadPool one(1), three(3);
  const KernelDistance first = KernelDistanceOf(a, b, options, one);
  const KernelDistance again = KernelDistanceOf(a, b, options, three);
  EXPECT_EQ(first.value, again.value);
  EXPECT_EQ(first.spread, again.spread);
  KernelDistanceOptions other = options;
  other.seed = 6;
  EXPECT_NE(KernelDistanceOf(a, b, other, one).value, first.value);
}

TEST(KernelDistance, RefusesTooFewAndNotFinite) {
  ThreadPool pool(1);
  const Tensor a = Normal(10, 4, 1);
  EXPECT_EQ(ErrorOf([&] { KernelDistanceOf(a, Normal(1, 4, 1), {}, pool); }),
            "[kid] wants at least 2 pictures on each side, got 1");
  EXPECT_TRUE(Contains(ErrorOf([&] { KernelDistanceOf(WithNan(Normal(10, 4, 1)), a, {}, pool); }),
                       "[kid] wants finite features, got nan"));
  EXPECT_TRUE(Contains(ErrorOf([&] { KernelDistanceOf(a, Normal(10, 5, 1), {}, pool); }),
                       "features of one network, got 4 of the reference, 5"));
  EXPECT_EQ(KernelDistanceOf(Constant(9, 2, 1), Constant(8, 2, 1), {}, pool).value, 0);
}

}  // namespace
}  // namespace gan::core
