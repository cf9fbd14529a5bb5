#include "kernels/pixel_rows.h"

#include <gtest/gtest.h>

#include "kernels/pixel_ops.h"
#include "kernels/pixel_shuffle.h"
#include "kernels/resize.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

// Rows with room for `pixel` channels, filled with something that must go.
struct Rows {
  Rows(int64_t count, int64_t width, int64_t pixel) : memory(DType::kF32, {count, width, pixel}) {
    for (float& value : memory.floats()) value = 99;
  }
  PixelRows rows() {
    const Shape& s = memory.shape();
    return {memory.floats().data(), s[2], s[1] * s[2], s[0]};
  }
  Tensor memory;
};

Rows FromPlanes(const Tensor& x, int64_t pixel) {
  Rows rows(x.shape()[0] * x.shape()[2], x.shape()[3], pixel);
  PlanesToPixels(x.view(), 0, x.shape()[0] * x.shape()[2], rows.rows());
  return rows;
}

Tensor ToPlanes(Rows& rows, const Shape& shape) {
  Tensor planes(DType::kF32, shape);
  PixelsToPlanes(rows.rows(), 0, shape[0] * shape[2], planes.view());
  return planes;
}

TEST(PixelRows, ThereAndBack) {
  Random random(1);
  const Tensor x = RandomTensor({2, 5, 3, 7}, random);
  Rows rows = FromPlanes(x, 8);
  ExpectSameBits(ToPlanes(rows, x.shape()).floats(), x.floats());
  EXPECT_EQ(rows.rows().At(0, 0)[5], 0.0f);
  EXPECT_EQ(rows.rows().At(5, 6)[7], 0.0f);
}

TEST(PixelRows, RowsStandInARing) {
  std::vector<float> memory(12);
  const PixelRows rows{memory.data(), 2, 4, 3};
  EXPECT_EQ(rows.Row(4), memory.data() + 4);
  EXPECT_EQ(rows.At(5, 1), memory.data() + 10);
}

TEST(PixelRows, ShuffleIsThatOfPlanes) {
  Random random(2);
  ThreadPool pool(1);
  for (const int64_t factor : {1, 2, 3, 4}) {
    const Tensor x = RandomTensor({2, 3 * factor * factor, 5, 4}, random);
    Tensor wanted(DType::kF32, {2, 3, 5 * factor, 4 * factor});
    PixelShuffle(x.view(), factor, wanted.view(), pool);
    Rows in = FromPlanes(x, x.shape()[1] + 1);
    Rows out(2 * 5 * factor, 4 * factor, 4);
    ShufflePixels(in.rows(), factor, 3, 4, 0, 2 * 5 * factor, out.rows());
    ExpectSameBits(ToPlanes(out, wanted.shape()).floats(), wanted.floats());
    EXPECT_EQ(out.rows().At(1, 1)[3], factor == 1 ? 0.0f : out.rows().At(0, 0)[3]);
  }
}

TEST(PixelRows, RepeatIsNearest) {
  Random random(3);
  const Tensor x = RandomTensor({1, 2, 3, 4}, random);
  Rows in = FromPlanes(x, 2);
  Rows out(6, 12, 2);
  RepeatPixels(in.rows(), 2, 3, 4, 0, 6, out.rows());
  for (int64_t y = 0; y < 6; ++y) {
    for (int64_t i = 0; i < 12; ++i) {
      EXPECT_EQ(out.rows().At(y, i)[1], in.rows().At(y / 2, i / 3)[1]);
    }
  }
}

TEST(PixelRows, BorderIsThatOfPlanes) {
  Random random(6);
  const Tensor x = RandomTensor({2, 3, 4, 5}, random);
  for (const PadMode mode : {PadMode::kConstant, PadMode::kReplicate, PadMode::kReflect}) {
    for (const Padding2d& p : {Padding2d{1, 2, 3, 4}, Padding2d{3, 0, 0, 1}, Padding2d{}}) {
      Tensor wanted(DType::kF32, {2, 3, 4 + p.top + p.bottom, 5 + p.left + p.right});
      reference::Pad2d(x.view(), mode, p, 7.5f, wanted.view());
      Rows in = FromPlanes(x, 4);
      const int64_t rows = 2 * wanted.shape()[2];
      Rows out(rows, wanted.shape()[3], 4);
      PadPixels(in.rows(), mode, p, 7.5f, 4, 5, rows / 3, rows, out.rows());
      PadPixels(in.rows(), mode, p, 7.5f, 4, 5, 0, rows / 3, out.rows());
      ExpectSameBits(ToPlanes(out, wanted.shape()).floats(), wanted.floats());
    }
  }
}

TEST(PixelOps, EachDoesWhatItSays) {
  OnEveryTarget([&] {
    const int64_t lanes = ChannelLanes();
    if (lanes == 0) return;
    const auto n = static_cast<size_t>(2 * lanes);
    std::vector<float> v(n, -2.0f), w(n, 3.0f), slope(static_cast<size_t>(lanes), 0.5f), got(n);
    v[1 % n] = std::nanf("");
    const ConstPixelRows other{w.data(), lanes, 2 * lanes, 1};
    std::vector<float> moments(3 * slope.size(), 4.0f);  // (v - 4) * 4 + 4
    const ConstPixelRows normalise{moments.data(), lanes, 3 * lanes, 1};
    const auto run = [&](const PixelOp& op) {
      ApplyPixelOps({&op, 1}, v.data(), lanes, 0, 0, 2, got.data());
      EXPECT_TRUE(std::isnan(got[1 % n]));
      return got[0];
    };
    if (n > 2) {
      EXPECT_EQ(run({.kind = PixelOpKind::kLeakyRelu, .alpha = 0.25f}), -0.5f);
      EXPECT_EQ(run({.kind = PixelOpKind::kPrelu, .slope = slope.data()}), -1.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kClip, .alpha = -1, .beta = 1}), -1.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kAffine, .alpha = 2, .beta = 1}), -3.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kScaleShift, .slope = slope.data(), .shift = w.data()}),
                2.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kNormalize, .other = normalise, .height = 1}), -20.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kActivation,
                     .activation = {.kind = ActivationKind::kElu, .alpha = 0}}),
                0.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kAdd, .other = other}), 1.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kSubtract, .other = other}), -5.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kSubtractFrom, .other = other}), 5.0f);
      EXPECT_EQ(run({.kind = PixelOpKind::kMultiply, .other = other}), -6.0f);
    }
    if (n > 2) {
      // Two pixels of pictures of one row: what is repeated is read at 0 whatever the row.
      std::vector<float> pixel(slope.size(), 10.0f), plane(n, 20.0f);
      plane[static_cast<size_t>(lanes)] = 30.0f;
      PixelOp add{.kind = PixelOpKind::kAdd, .height = 1, .other_rows = 1};
      add.other = {pixel.data(), lanes, lanes, 1};
      add.operand = PixelOperand::kPixel;
      ApplyPixelOps({&add, 1}, v.data(), lanes, 3, 0, 2, got.data());
      EXPECT_EQ(got[n - 1], 8.0f);
      add.other = {plane.data(), lanes, 2 * lanes, 1};
      add.operand = PixelOperand::kChannel;
      ApplyPixelOps({&add, 1}, v.data(), lanes, 3, 0, 2, got.data());
      EXPECT_EQ(got[0], 18.0f);
      EXPECT_EQ(got[n - 1], 28.0f);
    }
    const PixelOp two[] = {{.kind = PixelOpKind::kAffine, .alpha = 2, .beta = 0},
                           {.kind = PixelOpKind::kAdd, .other = other}};
    ApplyPixelOps(two, v.data(), lanes, 0, 0, 2, got.data());
    EXPECT_EQ(got[0], -1.0f);
    ApplyPixelOps({}, v.data(), lanes, 0, 0, 2, got.data());
    EXPECT_EQ(got[0], -2.0f);
  });
}

}  // namespace
}  // namespace gan::core::kernels
