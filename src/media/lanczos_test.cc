#include "media/lanczos.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "media/picture_testing.h"

namespace gan::core {
namespace {

// Rows in uneven portions, to show that they do not matter.
Tensor Resample(const Tensor& picture, int64_t width, int64_t height) {
  const RowProducer rows = ResampledRows(InfoOf(picture), RowsOf(picture), width, height);
  Tensor out(DType::kF32, {picture.shape()[0], height, width});
  for (int64_t y = 0, count = 1; y < height; y += count, count = 1 + y % 5) {
    count = std::min(count, height - y);
    rows(y, count, out.view().Slice(1, y, count));
  }
  return out;
}

// The definition, in double and in one piece: sum of lanczos(distance) over the inputs in reach.
double Reference(const Tensor& picture, int64_t channel, double cx, double cy, double scale_x,
                 double scale_y) {
  const auto lanczos = [](double x) {
    const double a = std::numbers::pi * x;
    return std::fabs(x) >= 3 ? 0 : x == 0 ? 1 : 3 * std::sin(a) * std::sin(a / 3) / (a * a);
  };
  const int64_t height = picture.shape()[1];
  const int64_t width = picture.shape()[2];
  double sum = 0;
  double weights = 0;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const double weight = lanczos((static_cast<double>(x) + 0.5 - cx) / std::max(1.0, scale_x)) *
                            lanczos((static_cast<double>(y) + 0.5 - cy) / std::max(1.0, scale_y));
      const auto at = static_cast<size_t>((channel * height + y) * width + x);
      sum += weight * static_cast<double>(picture.floats()[at]);
      weights += weight;
    }
  }
  return sum / weights;
}

TEST(Lanczos, EqualsItsDefinition) {
  const Tensor picture = TestPicture(3, 17, 23);
  for (const auto& [width, height] :
       {std::pair<int64_t, int64_t>{23, 17}, {11, 40}, {69, 5}, {1, 1}, {24, 16}}) {
    const Tensor out = Resample(picture, width, height);
    const double sx = 23.0 / static_cast<double>(width);
    const double sy = 17.0 / static_cast<double>(height);
    const float* sample = out.floats().data();
    for (int64_t c = 0; c < 3; ++c) {
      for (int64_t y = 0; y < height; ++y) {
        for (int64_t x = 0; x < width; ++x) {
          const double wanted = Reference(picture, c, (static_cast<double>(x) + 0.5) * sx,
                                          (static_cast<double>(y) + 0.5) * sy, sx, sy);
          ASSERT_NEAR(*sample++, wanted, 1e-5) << width << "x" << height << " at " << x << "," << y;
        }
      }
    }
  }
}

TEST(Lanczos, SameSizeIsUntouched) {
  const Tensor picture = TestPicture(3, 9, 31);
  EXPECT_EQ(LargestDifference(Resample(picture, 31, 9), picture), 0);
}

TEST(Lanczos, ConstantStaysConstant) {
  Tensor picture(DType::kF32, {1, 13, 7});
  for (float& sample : picture.floats()) sample = 0.625f;
  const Tensor out = Resample(picture, 50, 3);
  for (const float sample : out.floats()) EXPECT_NEAR(sample, 0.625f, 1e-6);
}

TEST(Lanczos, ColourOfTransparentPixelsDoesNotBleed) {
  // Left half: opaque grey 0.5. Right half: transparent, white.
  Tensor picture(DType::kF32, {4, 8, 16});
  for (size_t i = 0; i < picture.floats().size(); ++i) {
    const bool alpha = i / 128 == 3;
    const bool right = i % 16 >= 8;
    picture.floats()[i] = alpha ? (right ? 0.0f : 1.0f) : (right ? 1.0f : 0.5f);
  }
  const Tensor out = Resample(picture, 37, 19);
  const size_t plane = 37 * 19;
  for (size_t i = 0; i < plane; ++i) {
    if (out.floats()[3 * plane + i] < 1e-3f) continue;
    for (size_t c = 0; c < 3; ++c) ASSERT_NEAR(out.floats()[c * plane + i], 0.5f, 1e-3f) << i;
  }
}

TEST(Lanczos, AsksForRowsInOrderOnce) {
  const Tensor picture = TestPicture(1, 100, 3);
  int64_t next = 0;
  const RowProducer rows = ResampledRows(
      InfoOf(picture),
      [&](int64_t first, int64_t count, const TensorView& out) {
        EXPECT_EQ(first, next);
        next += count;
        RowsOf(picture)(first, count, out);
      },
      3, 33);
  Tensor out(DType::kF32, {1, 33, 3});
  rows(0, 1, out.view().Slice(1, 0, 1));
  // Half the picture's height must not be read for its first row.
  EXPECT_LT(next, 20);
  rows(1, 32, out.view().Slice(1, 1, 32));
  EXPECT_LE(next, 100);
}

TEST(Lanczos, GreatestReduction) {
  const Tensor picture = TestPicture(1, 64, 320);
  const Tensor out = Resample(picture, 10, 2);
  for (const float sample : out.floats()) EXPECT_TRUE(sample > -0.2f && sample < 1.2f);
  EXPECT_THROW(ResampledRows(InfoOf(picture), RowsOf(picture), 9, 2), Error);
}

}  // namespace
}  // namespace gan::core
