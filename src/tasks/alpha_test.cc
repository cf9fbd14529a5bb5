#include "tasks/alpha.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace gan::core {
namespace {

// One colour and alpha, transparent but for what `set` makes opaque.
Tensor Transparent(int64_t height, int64_t width, float colour) {
  Tensor block = Tensor::Zeros(DType::kF32, {2, height, width});
  std::ranges::fill(block.floats().first(static_cast<size_t>(height * width)), colour);
  return block;
}

TEST(BleedColours, ReachesAsFarAsItSaysAndNoFurther) {
  Tensor block = Transparent(1, 60, 0.25f);
  block.floats()[10] = 0.75f;
  block.floats()[60 + 10] = 1;
  BleedColours(block.view());
  for (int64_t x = 0; x < 60; ++x) {
    const float expected = std::abs(x - 10) <= kAlphaReach ? 0.75f : 0.25f;
    EXPECT_EQ(block.floats()[static_cast<size_t>(x)], expected) << x;
  }
}

TEST(BleedColours, MixesNeighboursByNearness) {
  Tensor block = Transparent(3, 3, 0);
  block.floats()[1] = 0.9f;      // above the middle
  block.floats()[8] = 0.3f;      // across its corner
  block.floats()[9 + 1] = 0.5f;  // half transparent is not transparent
  block.floats()[9 + 8] = 1;
  BleedColours(block.view());
  EXPECT_FLOAT_EQ(block.floats()[4], (2 * 0.9f + 0.3f) / 3);
  EXPECT_EQ(block.floats()[1], 0.9f);
  EXPECT_EQ(block.floats()[8], 0.3f);
}

TEST(BleedColours, LeavesAlphaAndOpaquePixelsAlone) {
  Tensor block(DType::kF32, {4, 9, 7});
  Random(3).FillUniform(block.floats(), 0.1f, 1);
  const Tensor before = block.Clone();
  BleedColours(block.view());
  EXPECT_TRUE(std::ranges::equal(block.raw(), before.raw()));
}

TEST(BleedColours, WorksWithNothingToBleedFrom) {
  Tensor block = Transparent(5, 5, 0.5f);
  BleedColours(block.view());
  EXPECT_TRUE(std::ranges::all_of(block.floats().first(25), [](float v) { return v == 0.5f; }));
}

TEST(ConstantValue, IsOneValueOrNone) {
  EXPECT_EQ(ConstantValue(std::vector<float>{0.5f, 0.5f}), 0.5f);
  EXPECT_FALSE(ConstantValue(std::vector<float>{0.5f, 0.5f, 0.6f}));
}

TileWindow Whole(int64_t length, int64_t scale) {
  return {.block = {0, length}, .length = length, .scale_num = scale, .out_size = length * scale};
}

TEST(EnlargeAlpha, KeepsFlatAlphaFlatAndStaysInRange) {
  const TileWindow axis = Whole(20, 3);
  std::vector<float> alpha(400, 0.4f), out(3600);
  EnlargeAlpha(alpha, axis, axis, out);
  for (const float value : out) ASSERT_NEAR(value, 0.4f, 1e-6);
  Random(5).FillUniform(alpha, 0, 1);
  for (float& value : alpha) value = value > 0.5f ? 1.0f : 0.0f;
  EnlargeAlpha(alpha, axis, axis, out);
  for (const float value : out) ASSERT_TRUE(value >= 0 && value <= 1);
}

TEST(EnlargeAlpha, PartsAgreeWithTheWhole) {
  std::vector<float> alpha(100 * 100), whole(200 * 200);
  Random(5).FillUniform(alpha, 0, 1);
  EnlargeAlpha(alpha, Whole(100, 2), Whole(100, 2), whole);
  TileWindow rows = Whole(100, 2);
  rows.block = {24, 76};
  rows.out_begin = 80;
  rows.out_size = 40;
  std::vector<float> part(40 * 200);
  EnlargeAlpha(std::span(alpha).subspan(24 * 100, 52 * 100), rows, Whole(100, 2), part);
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + 80 * 200));
}

TEST(KeepCertainAlpha, ChangesOnlyWhatIsCertain) {
  const TileWindow axis = Whole(12, 2);
  std::vector<float> alpha(144, 1.0f), out(576, 0.996f);
  alpha[5 * 12 + 5] = 0.5f;
  KeepCertainAlpha(alpha, axis, axis, out);
  for (int64_t y = 0; y < 24; ++y) {
    for (int64_t x = 0; x < 24; ++x) {
      const bool near = std::abs(y / 2 - 5) <= 2 && std::abs(x / 2 - 5) <= 2;
      EXPECT_EQ(out[static_cast<size_t>(y * 24 + x)], near ? 0.996f : 1.0f) << y << " " << x;
    }
  }
}

}  // namespace
}  // namespace gan::core
