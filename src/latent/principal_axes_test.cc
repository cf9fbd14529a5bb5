#include "latent/principal_axes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace gan::core {
namespace {

// n rows that are long along given coordinates: `lengths[i]` along coordinate i, 0.1 elsewhere.
Tensor Stretched(int64_t n, int64_t size, std::initializer_list<float> lengths) {
  Tensor rows(DType::kF32, {n, size});
  Random random(4);
  random.FillNormal(rows.floats(), 0.1f);
  for (int64_t row = 0; row < n; ++row) {
    int64_t i = row * size;
    for (const float length : lengths) {
      rows.floats()[static_cast<size_t>(i++)] = length * random.Normal();
    }
  }
  return rows;
}

double At(const PrincipalAxes& axes, int64_t k, int64_t i) {
  return axes.vectors.floats()[static_cast<size_t>(k * axes.vectors.shape()[1] + i)];
}

double LengthOf(const PrincipalAxes& axes, int64_t k) {
  double sum = 0;
  for (int64_t i = 0; i < axes.vectors.shape()[1]; ++i) sum += At(axes, k, i) * At(axes, k, i);
  return std::sqrt(sum);
}

// Both ways of working them out: by the covariance, and above 1024 numbers on a subspace.
TEST(PrincipalAxes, AreFoundLongestFirst) {
  for (const int64_t size : {5, 1500}) {
    SCOPED_TRACE(size);
    const PrincipalAxes axes = PrincipalAxesOf(Stretched(400, size, {3, 40, 11}), 3);
    ASSERT_EQ(axes.vectors.shape(), (Shape{3, size}));
    for (const auto& [k, coordinate] : {std::pair{0, 1}, {1, 2}, {2, 0}}) {
      EXPECT_GT(At(axes, k, coordinate), 0.99) << "and its sign is positive";
      EXPECT_NEAR(LengthOf(axes, k), 1, 1e-5);
    }
    EXPECT_NEAR(axes.values[0] / 400, 1600, 200);
    EXPECT_GT(axes.values[0], axes.values[1]);
    EXPECT_GT(axes.total, axes.values[0] + axes.values[1] + axes.values[2]);
  }
}

TEST(PrincipalAxes, AreTheSameEachTime) {
  const Tensor rows = Stretched(50, 1100, {2, 1});
  const PrincipalAxes one = PrincipalAxesOf(rows, 4), other = PrincipalAxesOf(rows, 4);
  EXPECT_TRUE(std::ranges::equal(one.vectors.floats(), other.vectors.floats()));
}

TEST(PrincipalAxes, AreAsManyAsThereAre) {
  EXPECT_EQ(PrincipalAxesOf(Stretched(3, 8, {1}), 100).vectors.shape(), (Shape{3, 8}));
  EXPECT_EQ(PrincipalAxesOf(Stretched(30, 8, {1}), 100).vectors.shape(), (Shape{8, 8}));
  EXPECT_EQ(PrincipalAxesOf(Stretched(3, 1200, {1}), 100).vectors.shape(), (Shape{3, 1200}));
  const PrincipalAxes none = PrincipalAxesOf(Tensor::Zeros(DType::kF32, {2, 3}), 2);
  EXPECT_EQ(none.values, (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace gan::core
