#include "kernels/row_resize.h"

#include <gtest/gtest.h>

#include "kernels/pixel_rows_testing.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

Tensor ByRows(const Tensor& x, const ResizeParams& p, const Shape& made) {
  const Shape& s = x.shape();
  RowsOf in(s[0] * s[2], s[3], s[1]), out(made[0] * made[2], made[3], s[1]), blended(1, s[3], s[1]);
  PlanesToPixels(x.view(), 0, s[0] * s[2], in.rows());
  const auto down = MakeResizeAxis(p.mode, p.coordinates, p.num_h, p.den_h, s[2], made[2]);
  const auto across = MakeResizeAxis(p.mode, p.coordinates, p.num_w, p.den_w, s[3], made[3]);
  for (int64_t y = 0; y < made[0] * made[2]; ++y) {
    ResizePixels(in.rows(), s[2], s[3], down, across, y, y + 1, blended.rows().data, out.rows());
  }
  Tensor planes(DType::kF32, made);
  PixelsToPlanes(out.rows(), 0, made[0] * made[2], planes.view());
  return planes;
}

TEST(RowResize, DoesWhatPlanesDo) {
  Random random(8);
  const Tensor x = RandomTensor({2, 5, 6, 7}, random);
  for (const ResizeMode mode :
       {ResizeMode::kNearest, ResizeMode::kBilinear, ResizeMode::kBicubic}) {
    for (const ResizeCoordinates coordinates :
         {ResizeCoordinates::kAsymmetric, ResizeCoordinates::kHalfPixel,
          ResizeCoordinates::kAlignCorners}) {
      const ResizeParams params{mode, coordinates, 2, 1, 3, 2};
      const Shape made{2, 5, 12, 10};
      Tensor wanted(DType::kF32, made);
      reference::Resize(x.view(), params, wanted.view());
      OnEveryTarget([&] {
        if (ChannelLanes() == 0) return;
        ExpectClose(ByRows(x, params, made).floats(), wanted.floats(), 1e-6);
      });
    }
  }
}

}  // namespace
}  // namespace gan::core::kernels
