#include "metrics/picture_resize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

Tensor Picture() {
  Tensor out(DType::kF32, {1, 1, 5, 6});
  for (size_t i = 0; i < 30; ++i) {
    out.floats()[i] = static_cast<float>(0.9 * std::sin(1.3 * static_cast<double>(i + 1)));
  }
  return out;
}

void ExpectStart(const Tensor& got, const std::vector<double>& wanted) {
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got.floats()[i], wanted[i], 2e-6) << i;
}

// PyTorch 1.13: interpolate(x, size, mode='bilinear', align_corners=False, antialias=False).
TEST(PictureResize, IsPyTorchsBilinear) {
  ExpectStart(ResizePictures(Picture(), 3, 4, Resizer::kBilinear),
              {0.520636, -0.465703, -0.196741, 0.579865, -0.763246, 0.272652, 0.602494, -0.690611,
               0.463645, 0.114091, -0.580234, 0.310747});
  ExpectStart(ResizePictures(Picture(), 7, 9, Resizer::kBilinear),
              {0.867202, 0.665577, 0.283461, -0.438499, -0.707049, -0.630323, 0.028822, 0.546149,
               0.898689, 0.535766, 0.154431, -0.298612});
  ExpectStart(ResizePictures(Picture(), 2, 2, Resizer::kBilinear),
              {-0.442795, 0.714473, 0.669329, -0.673784});
}

// The same with antialias=True.
TEST(PictureResize, IsPyTorchsAntialias) {
  ExpectStart(ResizePictures(Picture(), 3, 4, Resizer::kAntialias),
              {0.36632, -0.410326, -0.070589, 0.531154, -0.421185, 0.124136, 0.285341, -0.342972,
               0.42582, 0.176858, -0.466062, 0.113887});
  ExpectStart(ResizePictures(Picture(), 7, 9, Resizer::kAntialias),
              {0.867202, 0.665577, 0.283461, -0.4385, -0.707049, -0.630323, 0.028822, 0.546149});
  ExpectStart(ResizePictures(Picture(), 2, 2, Resizer::kAntialias),
              {-0.117205, 0.144114, 0.139461, -0.146487});
}

TEST(PictureResize, LeavesWhatFitsAndTakesEveryPlane) {
  const Tensor picture = Picture();
  EXPECT_EQ(ResizePictures(picture, 5, 6, Resizer::kAntialias).raw().data(), picture.raw().data());
  Tensor many = Tensor::Zeros(DType::kF32, {2, 3, 5, 6});
  std::copy_n(picture.floats().data(), 30, many.floats().data() + 5 * 30);
  const Tensor small = ResizePictures(many, 2, 2, Resizer::kBilinear);
  EXPECT_EQ(small.shape(), (Shape{2, 3, 2, 2}));
  EXPECT_EQ(small.floats()[0], 0);
  EXPECT_NEAR(small.floats()[20], -0.442795, 2e-6);
}

TEST(PictureResize, IsKnownByName) {
  EXPECT_EQ(ResizerFromName("antialias"), Resizer::kAntialias);
  EXPECT_EQ(ResizerFromName("bilinear"), Resizer::kBilinear);
  EXPECT_THROW(ResizerFromName("bicubic"), Error);
}

}  // namespace
}  // namespace gan::core
