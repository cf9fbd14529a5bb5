#include "kernels/row_moments.h"

#include <gtest/gtest.h>

#include "kernels/pixel_ops.h"
#include "kernels/pixel_rows_testing.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

// Normalised through rows; `x` is [N, C, H, W].
Tensor ByRows(const Tensor& x, const GroupNormParams& params) {
  const Shape& s = x.shape();
  const int64_t rows = s[0] * s[2];
  RowsOf in(rows, s[3], s[1]), moments(rows, kRowMoments, s[1]), out(rows, s[3], s[1]);
  PlanesToPixels(x.view(), 0, rows, in.rows());
  // In two parts, as two threads would.
  RowMoments(in.rows(), s[3], rows / 2, rows, moments.rows());
  RowMoments(in.rows(), s[3], 0, rows / 2, moments.rows());
  for (int64_t n = 0; n < s[0]; ++n) {
    FinishMoments(params, s[1], s[2], s[3], n * s[2], moments.rows());
  }
  const PixelOp op{.kind = PixelOpKind::kNormalize, .other = moments.rows(), .height = s[2]};
  for (int64_t y = 0; y < rows; ++y) {
    ApplyPixelOps({&op, 1}, in.rows().Row(y), in.rows().pixel, y, 0, s[3], out.rows().Row(y));
  }
  Tensor planes(DType::kF32, s);
  PixelsToPlanes(out.rows(), 0, rows, planes.view());
  return planes;
}

TEST(RowMoments, NormalisesAsGroupNormDoes) {
  Random random(4);
  for (const Shape& shape : {Shape{1, 6, 5, 7}, Shape{3, 12, 1, 9}, Shape{2, 4, 8, 1}}) {
    const Tensor x = RandomTensor(shape, random);
    const Tensor weight = RandomTensor({shape[1]}, random), bias = RandomTensor({shape[1]}, random);
    for (const int64_t groups : {int64_t{1}, int64_t{2}, shape[1]}) {
      GroupNormParams params{weight.view(), bias.view(), groups, 1e-3f};
      Tensor wanted(DType::kF32, shape), plain(DType::kF32, shape);
      reference::GroupNorm(x.view(), params, wanted.view());
      const GroupNormParams bare{{}, {}, groups, 1e-3f};
      reference::GroupNorm(x.view(), bare, plain.view());
      OnEveryTarget([&] {
        if (ChannelLanes() == 0) return;
        ExpectClose(ByRows(x, params).floats(), wanted.floats(), 1e-5);
        ExpectClose(ByRows(x, bare).floats(), plain.floats(), 1e-5);
      });
    }
  }
}

// The sum of squares less the square of the sum would have no digit left.
TEST(RowMoments, StandLargeMeans) {
  Random random(5);
  Tensor x = RandomTensor({1, 2, 16, 16}, random);
  for (float& value : x.floats()) value = 10000 + std::round(value * 64) / 64;
  Tensor wanted(DType::kF32, x.shape());
  const GroupNormParams params{{}, {}, 2, 0};
  reference::GroupNorm(x.view(), params, wanted.view());
  OnEveryTarget([&] {
    if (ChannelLanes() != 0) ExpectClose(ByRows(x, params).floats(), wanted.floats(), 2e-3);
  });
}

}  // namespace
}  // namespace gan::core::kernels
