#include "metrics/distances.h"

#include <gtest/gtest.h>

#include <vector>

#include "metrics/feature_matrix.h"
#include "metrics/feature_testing.h"

namespace gan::core {
namespace {

std::vector<float> AllDistances(const Tensor& a, const Tensor& b, int threads) {
  ThreadPool pool(threads);
  const int64_t columns = b.shape()[0];
  std::vector<float> all(static_cast<size_t>(a.shape()[0] * columns), -1.0f);
  ForEachDistance(a, b, pool, [&](int64_t row, int64_t first, std::span<const float> distances) {
    std::ranges::copy(distances, all.begin() + row * columns + first);
  });
  return all;
}

TEST(Distances, AreThoseOfPlainLoops) {
  const Tensor a = Wave(150, 9, 0.1);
  const Tensor b = Wave(700, 9, 0.9);  // more than one block of each
  const std::vector<float> all = AllDistances(a, b, 2);
  for (int64_t i = 0; i < 150; ++i) {
    for (int64_t j = 0; j < 700; ++j) {
      double sum = 0;
      for (size_t f = 0; f < 9; ++f) {
        const double d = static_cast<double>(RowOf(a, i)[f]) - RowOf(b, j)[f];
        sum += d * d;
      }
      ASSERT_NEAR(all[static_cast<size_t>(i * 700 + j)], std::sqrt(sum), 1e-6);
    }
  }
  EXPECT_EQ(all, AllDistances(a, b, 1));
  EXPECT_EQ(all, AllDistances(a, b, 3));
}

TEST(Distances, AreExactWhereTheProductCancels) {
  Tensor a = Constant(3, 4, 1000);
  a.floats()[4] += 0.001f;  // row 1
  const float apart = a.floats()[4] - 1000;
  const std::vector<float> all = AllDistances(a, a, 1);
  EXPECT_EQ(all, (std::vector<float>{0, apart, 0, apart, 0, apart, 0, apart, 0}));
}

}  // namespace
}  // namespace gan::core
