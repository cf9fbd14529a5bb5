#include "kernels/row_conv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "kernels/pixel_rows_testing.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

// A convolution, or a transposed one where `transposed` is there.
struct Case {
  Shape x;
  int64_t outputs = 1;
  int64_t kernel_h = 1, kernel_w = 1;
  Conv2dParams params = {};
  std::optional<ConvTranspose2dParams> transposed = {};

  Shape WeightShape() const {
    return transposed ? Shape{x[1], outputs / transposed->groups, kernel_h, kernel_w}
                      : Shape{outputs, x[1] / params.groups, kernel_h, kernel_w};
  }
  Shape OutShape() const {
    return transposed ? ConvTranspose2dOutputShape(x, WeightShape(), *transposed)
                      : Conv2dOutputShape(x, WeightShape(), params);
  }
  RowConvFilter Packed(const Tensor& weight) const {
    return transposed ? PackRowConv(weight.view(), *transposed)
                      : PackRowConv(weight.view(), params);
  }
};

// Numbers for a case, and what the plain loops make of them.
struct Example {
  explicit Example(const Case& c) : out_shape(c.OutShape()), wanted(DType::kF32, out_shape) {
    Random random(7);
    x = RandomTensor(c.x, random);
    const int64_t terms = c.WeightShape().elements() / c.outputs;
    weight = RandomTensor(c.WeightShape(), random, 1 / std::sqrt(static_cast<float>(terms)));
    bias = RandomTensor({c.outputs}, random);
    if (c.transposed) {
      reference::ConvTranspose2d(x.view(), weight.view(), bias.view(), *c.transposed,
                                 wanted.view());
    } else {
      reference::Conv2d(x.view(), weight.view(), bias.view(), c.params, wanted.view());
    }
  }

  Shape out_shape;
  Tensor x, weight, bias, wanted;
};

Tensor PaddedBias(const Tensor& bias) {
  const int64_t count = bias.shape().elements();
  Tensor padded = Tensor::Zeros(DType::kF32, {PaddedChannels(count)});
  std::copy_n(bias.floats().begin(), count, padded.floats().begin());
  return padded;
}

// How the work is cut into jobs.
struct Jobs {
  int64_t rows = 1 << 20;
  int64_t panels = 1 << 20;
  std::span<const PixelOp> ops = {};
};

Tensor RowConv(const Case& c, const Example& e, const Jobs& jobs = {}) {
  const Shape &s = e.x.shape(), &o = e.out_shape;
  const RowConvFilter filter = c.Packed(e.weight);
  RowsOf x(s[0] * s[2], s[3], s[1]), out(o[0] * o[2], o[3], o[1]);
  std::fill(out.memory.floats().begin(), out.memory.floats().end(), 99.0f);
  PlanesToPixels(e.x.view(), 0, s[0] * s[2], x.rows());
  const Tensor bias = PaddedBias(e.bias);
  Tensor zeros(DType::kF32, {PaddedChannels(s[1])});
  const int64_t rows = o[0] * o[2];
  for (int64_t begin = 0; begin < rows; begin += jobs.rows) {
    for (int64_t panel = 0; panel < filter.Panels(); panel += jobs.panels) {
      RunRowConv({.filter = &filter,
                  .x = x.rows(),
                  .height = s[2],
                  .width = s[3],
                  .out = out.rows(),
                  .out_height = o[2],
                  .out_width = o[3],
                  .bias = bias.floats().data(),
                  .begin = begin,
                  .end = std::min(begin + jobs.rows, rows),
                  .panel = panel,
                  .panels = std::min(jobs.panels, filter.Panels() - panel),
                  .ops = jobs.ops,
                  .zeros = zeros.floats().data()});
    }
  }
  for (int64_t pixel = 0; pixel < rows * o[3]; ++pixel) {
    for (int64_t channel = o[1]; channel < PaddedChannels(o[1]); ++channel) {
      EXPECT_EQ(out.rows().data[pixel * PaddedChannels(o[1]) + channel], 0.0f);
    }
  }
  Tensor result(DType::kF32, o);
  PixelsToPlanes(out.rows(), 0, rows, result.view());
  return result;
}

void ExpectReferenceEverywhere(const Case& c) {
  SCOPED_TRACE("x " + c.x.ToString() + ", weight " + c.WeightShape().ToString());
  const Example example(c);
  OnEveryTarget([&] {
    if (ChannelLanes() == 0) return;
    ExpectClose(RowConv(c, example).floats(), example.wanted.floats(), 1e-5f);
  });
}

// On pictures of every size up to 12x12 that the filter fits into.
// Up to 12 x 12; up to 70 x 70 with GAN_SOAK=1 in the environment.
void ExpectReferenceForEverySize(Case c) {
  const int64_t most = std::getenv("GAN_SOAK") == nullptr ? 12 : 70;
  for (int64_t height = 1; height <= most; ++height) {
    for (int64_t width = 1; width <= most; ++width) {
      c.x = {1 + (height + width) % 2, c.x[1], height, width};
      const Padding2d& p = c.params.padding;
      const bool fits = height + p.top + p.bottom > (c.kernel_h - 1) * c.params.dilation_h &&
                        width + p.left + p.right > (c.kernel_w - 1) * c.params.dilation_w;
      if (c.transposed || fits) ExpectReferenceEverywhere(c);
    }
  }
}

TEST(RowConv, OneByOne) { ExpectReferenceForEverySize({{1, 3, 1, 1}, 19, 1, 1}); }

TEST(RowConv, ThreeByThree) {
  ExpectReferenceForEverySize({{1, 3, 1, 1}, 17, 3, 3, {.padding = {1, 1, 1, 1}}});
}

TEST(RowConv, DilatedThreeByThree) {
  ExpectReferenceForEverySize(
      {{1, 2, 1, 1}, 9, 3, 3, {.dilation_h = 2, .dilation_w = 2, .padding = {2, 2, 2, 2}}});
}

TEST(RowConv, FourByFourThatHalves) {
  ExpectReferenceForEverySize(
      {{1, 3, 1, 1}, 8, 4, 4, {.stride_h = 2, .stride_w = 2, .padding = {1, 1, 1, 1}}});
}

TEST(RowConv, SevenBySeven) {
  ExpectReferenceForEverySize({{1, 2, 1, 1}, 3, 7, 7, {.padding = {3, 3, 3, 3}}});
}

TEST(RowConv, UnevenFilterStrideAndPadding) {
  ExpectReferenceForEverySize(
      {{1, 3, 1, 1}, 24, 2, 3, {.stride_h = 1, .stride_w = 3, .padding = {2, 0, 1, 4}}});
  ExpectReferenceForEverySize({{1, 1, 1, 1}, 5, 3, 2, {.stride_h = 3, .stride_w = 2}});
}

TEST(RowConv, TransposedFourByFourThatDoubles) {
  ExpectReferenceForEverySize(
      {.x = {1, 3, 1, 1},
       .outputs = 17,
       .kernel_h = 4,
       .kernel_w = 4,
       .transposed = {{.stride_h = 2, .stride_w = 2, .padding = {1, 1, 1, 1}}}});
}

TEST(RowConv, TransposedWithOutputPadding) {
  ExpectReferenceForEverySize({.x = {1, 2, 1, 1},
                               .outputs = 8,
                               .kernel_h = 3,
                               .kernel_w = 3,
                               .transposed = {{.stride_h = 2,
                                               .stride_w = 2,
                                               .padding = {1, 1, 1, 1},
                                               .output_padding_h = 1,
                                               .output_padding_w = 1}}});
}

TEST(RowConv, TransposedWithPixelsThatNothingReaches) {
  ExpectReferenceForEverySize({.x = {1, 3, 1, 1},
                               .outputs = 20,
                               .kernel_h = 2,
                               .kernel_w = 1,
                               .transposed = {{.stride_h = 3, .stride_w = 3}}});
}

TEST(RowConv, OnePixelGrows) {
  for (const int64_t outputs : {1, 16, 70}) {
    ExpectReferenceEverywhere({.x = {3, 100, 1, 1},
                               .outputs = outputs,
                               .kernel_h = 4,
                               .kernel_w = 4,
                               .transposed = ConvTranspose2dParams{}});
  }
}

TEST(RowConv, ChannelCounts) {
  for (const int64_t outputs : {1, 3, 8, 16, 17, 24, 64, 70}) {
    for (const int64_t inputs : {1, 3, 64, 300}) {
      for (const int64_t width : {1, 3, 7}) {
        ExpectReferenceEverywhere(
            {{1, inputs, 2, width}, outputs, 3, 3, {.padding = {1, 1, 1, 1}}});
      }
    }
  }
}

TEST(RowConv, SoFewOutputsThatVectorsRunOverInputs) {
  for (const int64_t outputs : {1, 2, 3, 4}) {
    ExpectReferenceForEverySize({{1, 20, 1, 1}, outputs, 3, 3, {.padding = {1, 1, 1, 1}}});
    ExpectReferenceEverywhere(
        {.x = {2, 16, 5, 9},
         .outputs = outputs,
         .kernel_h = 4,
         .kernel_w = 4,
         .transposed = {{.stride_h = 2, .stride_w = 2, .padding = {1, 1, 1, 1}}}});
    ExpectReferenceEverywhere({.x = {1, 40, 1, 1},
                               .outputs = outputs,
                               .kernel_h = 4,
                               .kernel_w = 2,
                               .transposed = {{.stride_h = 5, .stride_w = 1}}});
  }
}

TEST(RowConv, Depthwise) {
  for (const int64_t channels : {2, 16, 35, 70}) {
    const Conv2dParams params{.groups = channels, .padding = {1, 1, 1, 1}};
    ExpectReferenceForEverySize({{1, channels, 1, 1}, channels, 3, 3, params});
    ExpectReferenceEverywhere({.x = {1, channels, 5, 6},
                               .outputs = channels,
                               .kernel_h = 4,
                               .kernel_w = 4,
                               .transposed = {{.stride_h = 2, .stride_w = 2, .groups = channels}}});
  }
}

TEST(RowConv, Groups) {
  for (const int64_t outputs : {32, 64}) {
    const Conv2dParams params{.groups = 2, .padding = {1, 1, 1, 1}};
    ExpectReferenceEverywhere({{2, 10, 6, 7}, outputs, 3, 3, params});
    ExpectReferenceEverywhere({.x = {2, 140, 3, 5},
                               .outputs = outputs,
                               .kernel_h = 4,
                               .kernel_w = 4,
                               .transposed = {{.stride_h = 2, .stride_w = 2, .groups = 2}}});
  }
}

TEST(RowConv, SaysWhichChannelsItTakes) {
  EXPECT_TRUE(RowConvTakes(5, 7, 1));
  EXPECT_TRUE(RowConvTakes(7, 7, 7));
  EXPECT_TRUE(RowConvTakes(6, 32, 2));
  EXPECT_FALSE(RowConvTakes(6, 34, 2));
  EXPECT_FALSE(RowConvTakes(7, 14, 7));
}

TEST(RowConv, BandsOfLargePictures) {
  ExpectReferenceEverywhere({{1, 130, 24, 40}, 20, 3, 3, {.padding = {1, 1, 1, 1}}});
  ExpectReferenceEverywhere(
      {.x = {2, 70, 19, 33},
       .outputs = 40,
       .kernel_h = 4,
       .kernel_w = 4,
       .transposed = {{.stride_h = 2, .stride_w = 2, .padding = {1, 1, 1, 1}}}});
}

TEST(RowConv, JobsOfAnySizeGiveTheSameBits) {
  const ConvTranspose2dParams doubles{.stride_h = 2, .stride_w = 2, .padding = {1, 1, 1, 1}};
  for (const Case& c : {Case{{2, 150, 7, 9}, 70, 3, 3, {.padding = {1, 1, 1, 1}}},
                        Case{{2, 40, 7, 3}, 40, 4, 4, {}, doubles},
                        Case{{2, 40, 1, 1}, 70, 4, 4, {}, ConvTranspose2dParams{}},
                        Case{{2, 40, 7, 9}, 3, 3, 3, {.padding = {1, 1, 1, 1}}},
                        Case{{2, 40, 7, 9}, 40, 3, 3, {.groups = 40}}}) {
    const Example example(c);
    OnEveryTarget([&] {
      if (ChannelLanes() == 0) return;
      const Tensor whole = RowConv(c, example);
      for (const Jobs& jobs : {Jobs{.rows = 1}, {.rows = 4}, {.panels = 1}, {.panels = 3}}) {
        ExpectSameBits(RowConv(c, example, jobs).floats(), whole.floats());
      }
    });
  }
}

TEST(RowConv, StepsFollow) {
  const Case c{{2, 20, 7, 9}, 20, 3, 3, {.padding = {1, 1, 1, 1}}};
  const Example example(c);
  OnEveryTarget([&] {
    if (ChannelLanes() == 0) return;
    RowsOf x(14, 9, 20);
    PlanesToPixels(example.x.view(), 0, 14, x.rows());
    const std::vector<PixelOp> ops = {{.kind = PixelOpKind::kLeakyRelu, .alpha = 0.2f},
                                      {.kind = PixelOpKind::kAdd, .other = x.rows()}};
    Tensor wanted = example.wanted.Clone();
    for (size_t i = 0; i < wanted.floats().size(); ++i) {
      float& value = wanted.floats()[i];
      value = (value < 0 ? 0.2f * value : value) + example.x.floats()[i];
    }
    ExpectClose(RowConv(c, example, {.rows = 5, .ops = ops}).floats(), wanted.floats(), 1e-5f);
  });
}

// Input rows are made as they are needed, in memory for four, and each output row is used at once.
TEST(RowConv, RowsInRings) {
  const Case c{{2, 20, 9, 7}, 24, 3, 3, {.stride_h = 2, .padding = {1, 1, 1, 1}}};
  const Example example(c);
  const Shape& o = example.out_shape;
  OnEveryTarget([&] {
    if (ChannelLanes() == 0) return;
    const RowConvFilter filter = c.Packed(example.weight);
    const Tensor bias = PaddedBias(example.bias);
    Tensor zeros(DType::kF32, {PaddedChannels(20)});
    RowsOf x(4, 7, 20), out(1, o[3], o[1]);
    Tensor result(DType::kF32, o);
    int64_t made = 0;
    for (int64_t row = 0; row < o[0] * o[2]; ++row) {
      const int64_t needed = row / o[2] * 9 + std::min<int64_t>(row % o[2] * 2 + 2, 9);
      PlanesToPixels(example.x.view(), made, needed, x.rows());
      made = needed;
      RunRowConv({.filter = &filter,
                  .x = x.rows(),
                  .height = 9,
                  .width = 7,
                  .out = out.rows(),
                  .out_height = o[2],
                  .out_width = o[3],
                  .bias = bias.floats().data(),
                  .begin = row,
                  .end = row + 1,
                  .panels = filter.Panels(),
                  .zeros = zeros.floats().data()});
      PixelsToPlanes(out.rows(), row, row + 1, result.view());
    }
    ExpectSameBits(result.floats(), RowConv(c, example).floats());
  });
}

}  // namespace
}  // namespace gan::core::kernels
