#include "metrics/frechet_distance.h"

#include <gtest/gtest.h>

#include "metrics/feature_testing.h"

namespace gan::core {
namespace {

Gaussian Diagonal(std::vector<double> mean, const std::vector<double>& variances) {
  Gaussian g{1000, static_cast<int64_t>(mean.size()), std::move(mean), {}};
  g.covariance.assign(variances.size() * variances.size(), 0.0);
  for (size_t i = 0; i < variances.size(); ++i) {
    g.covariance[i * variances.size() + i] = variances[i];
  }
  return g;
}

// Along an axis, the squared distance is (difference of means)^2 + (difference of deviations)^2.
TEST(FrechetDistance, IsTheClosedFormOfIndependentGaussians) {
  const Gaussian a = Diagonal({0, 1, 2}, {1, 4, 9});
  EXPECT_NEAR(FrechetDistance(a, a), 0, 1e-12);
  EXPECT_NEAR(FrechetDistance(a, Diagonal({3, 1, 2}, {1, 4, 9})), 9, 1e-12);
  EXPECT_NEAR(FrechetDistance(a, Diagonal({0, 1, 2}, {4, 1, 25})), 1 + 1 + 4, 1e-12);
  EXPECT_NEAR(FrechetDistance(a, Diagonal({1, 0, 5}, {0, 0, 0})), 1 + 1 + 9 + 1 + 4 + 9, 1e-12);
}

// For covariances that commute not: tr((AB)^(1/2)) of 2 x 2 is sqrt(tr(AB) + 2 sqrt(det(AB))).
TEST(FrechetDistance, IsTheClosedFormOfTwoDimensions) {
  Gaussian a = Diagonal({0, 0}, {2, 1});
  Gaussian b = Diagonal({0, 0}, {1, 3});
  a.covariance = {2, 0.5, 0.5, 1};
  b.covariance = {1, -0.7, -0.7, 3};
  const double trace = 2 * 1 + 2 * 0.5 * -0.7 + 1 * 3;
  const double determinant = (2 - 0.25) * (3 - 0.49);
  const double wanted = 3 + 4 - 2 * std::sqrt(trace + 2 * std::sqrt(determinant));
  EXPECT_NEAR(FrechetDistance(a, b), wanted, 1e-12);
  EXPECT_NEAR(FrechetDistance(b, a), wanted, 1e-12);
}

// NumPy 1.24: np.cov, and the real parts of np.linalg.eigvals(A @ B), of Wave's arrays.
TEST(FrechetDistance, AgreesWithNumPy) {
  EXPECT_NEAR(FrechetDistance(GaussianOf(Wave(60, 5, 0)), GaussianOf(Wave(40, 5, 0.7, 1.1f))),
              0.26717118887415836, 1e-9);
  // Fewer pictures than features.
  EXPECT_NEAR(FrechetDistance(GaussianOf(Wave(8, 12, 0)), GaussianOf(Wave(9, 12, 0.7))),
              8.07776925316702, 1e-5);
}

TEST(FrechetDistance, FindsSamplesOfKnownGaussians) {
  const Gaussian a = GaussianOf(Normal(40'000, 4, 1, 0, 1));
  const Gaussian b = GaussianOf(Normal(40'000, 4, 2, 0.5f, 2));
  EXPECT_NEAR(FrechetDistance(a, b), 4 * (0.25 + 1), 0.1);
  EXPECT_LT(FrechetDistance(a, GaussianOf(Normal(40'000, 4, 3))), 0.001);
}

TEST(FrechetDistance, SurvivesWhatHasNoFullRank) {
  const Gaussian few = GaussianOf(Normal(5, 64, 4));
  EXPECT_NEAR(FrechetDistance(few, few), 0, 1e-9);
  const Gaussian constant = GaussianOf(Constant(10, 3, 2));
  EXPECT_NEAR(FrechetDistance(constant, constant), 0, 1e-12);
  EXPECT_NEAR(FrechetDistance(constant, GaussianOf(Constant(7, 3, 4))), 12, 1e-12);
  const Gaussian spread = Diagonal({2, 2, 2}, {1, 2, 3});
  EXPECT_NEAR(FrechetDistance(constant, spread), 6, 1e-12);
  Tensor half = Normal(100, 6, 9);
  for (size_t i = 0; i < half.floats().size(); i += 2) half.floats()[i] = 7;
  EXPECT_NEAR(FrechetDistance(GaussianOf(half), GaussianOf(half)), 0, 1e-9);
}

TEST(FrechetDistance, RefusesStrangers) {
  EXPECT_EQ(ErrorOf([] {
              FrechetDistance(Diagonal({0}, {1}), Diagonal({0, 0}, {1, 1}));
            }),
            "[fid] wants features of one network, got 1 and 2");
}

}  // namespace
}  // namespace gan::core
