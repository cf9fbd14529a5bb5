#include "tasks/latent_sheet.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tasks/test_generator.h"

namespace gan::core {
namespace {

TEST(LatentSheet, PutsPicturesInOrderAroundTheEmptyPlace) {
  TestGenerator network({.latent = 2, .classes = 3, .side = 2});
  const Tensor z = Tensor::FromFloats({3, 2}, std::vector<float>{0, 8, 0, 4, 0, -8});
  const Tensor sheet = LatentSheet(
      network, z, {.labels = {2, 0, 1}, .classes = 3, .columns = 2, .empty = int64_t{0}});
  ASSERT_EQ(sheet.shape(), (Shape{1, 5, 5}));
  // The first pixel is the class, the second a number: in [-1, 1], so [0, 1] in the sheet.
  const auto at = [&](size_t y, size_t x) { return sheet.floats()[y * 5 + x]; };
  EXPECT_EQ(at(0, 0), 1);
  EXPECT_EQ(at(1, 1), 1);
  EXPECT_FLOAT_EQ(at(0, 3), (1 + 2 / 16.0f) / 2);
  EXPECT_FLOAT_EQ(at(0, 4), 1);
  EXPECT_FLOAT_EQ(at(3, 0), 0.5f);
  EXPECT_FLOAT_EQ(at(3, 1), 0.75f);
  EXPECT_FLOAT_EQ(at(3, 4), 0);
}

TEST(LatentSheet, RefusesLatentsOfAnotherLength) {
  TestGenerator network({.latent = 2});
  EXPECT_THROW(LatentSheet(network, Tensor::Zeros(DType::kF32, {1, 3}), {}), Error);
}

}  // namespace
}  // namespace gan::core
