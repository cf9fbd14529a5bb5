#include "metrics/gaussian.h"

#include <gtest/gtest.h>

#include "metrics/feature_matrix.h"
#include "metrics/feature_testing.h"

namespace gan::core {
namespace {

TEST(Gaussian, TakesMeanAndCovariance) {
  const Gaussian g = GaussianOf(Tensor::FromFloats({3, 2}, std::vector<float>{1, 2, 3, 2, 5, 8}));
  EXPECT_EQ(g.count, 3);
  EXPECT_EQ(g.mean, (std::vector<double>{3, 4}));
  EXPECT_EQ(g.covariance, (std::vector<double>{4, 6, 6, 12}));
}

TEST(Gaussian, PiecesGiveWhatTheWholeGives) {
  const Tensor all = Wave(1300, 7, 0.2);  // more than a block
  const Gaussian whole = GaussianOf(all);
  GaussianSum sum(7);
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < 1300; ++i) {
    rows.push_back(i);
    if (rows.size() < 77 && i != 1299) continue;
    sum.Add(TakeRows(all, rows));
    rows.clear();
  }
  const Gaussian pieces = sum.Finish();
  ASSERT_EQ(pieces.count, 1300);
  for (size_t i = 0; i < whole.mean.size(); ++i) {
    EXPECT_NEAR(pieces.mean[i], whole.mean[i], 1e-13);
  }
  for (size_t i = 0; i < whole.covariance.size(); ++i) {
    EXPECT_NEAR(pieces.covariance[i], whole.covariance[i], 1e-12);
  }
}

TEST(Gaussian, KeepsItsDigitsFarFromZero) {
  Tensor far = Normal(2000, 3, 5);
  const Gaussian near = GaussianOf(far);
  for (float& value : far.floats()) value = std::round(value * 4096) / 4096 + 1024;
  const Gaussian g = GaussianOf(far);
  for (size_t i = 0; i < 9; ++i) EXPECT_NEAR(g.covariance[i], near.covariance[i], 1e-3);
}

TEST(Gaussian, RefusesWhatHasNoCovariance) {
  EXPECT_EQ(ErrorOf([] { GaussianOf(Constant(1, 4, 0)); }),
            "[fid] wants at least 2 pictures on each side, got 1");
  EXPECT_TRUE(Contains(ErrorOf([] { GaussianOf(WithNan(Constant(4, 4, 0))); }),
                       "[fid] wants finite features, got nan in feature 0 of picture 2"));
  EXPECT_TRUE(Contains(ErrorOf([] { GaussianSum(3).Finish(); }), "got 0"));
}

}  // namespace
}  // namespace gan::core
