#include "kernels/winograd.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "kernels/conv2d.h"
#include "kernels/conv_transpose2d.h"
#include "kernels/pixel_rows_testing.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

struct Case {
  Shape x;
  int64_t outputs = 1;
  Padding2d padding = {1, 1, 1, 1};
  std::vector<int64_t> parts;  // of the input channels; empty for one
  bool doubled = false;
  int64_t tiles = 7;  // of one job
  int64_t size = 4;   // of a tile
  int64_t taps = 3;
  int64_t stride = 1;  // 2: of size 3 with 4 taps
  bool transposed = false;
  WinogradNumbers numbers = WinogradNumbers::kFloat;
};

Tensor Doubled(const Tensor& x) {
  const Shape& s = x.shape();
  Tensor out(DType::kF32, {s[0], s[1], 2 * s[2], 2 * s[3]});
  for (int64_t i = 0; i < out.shape().elements(); ++i) {
    const int64_t column = i % (2 * s[3]) / 2, row = i / (2 * s[3]) % (2 * s[2]) / 2;
    const int64_t plane = i / (4 * s[2] * s[3]);
    out.floats()[static_cast<size_t>(i)] =
        x.floats()[static_cast<size_t>((plane * s[2] + row) * s[3] + column)];
  }
  return out;
}

Tensor TransformedFilters(const Tensor& weight, const std::vector<int64_t>& parts,
                          const WinogradShape& shape) {
  Tensor filters(DType::kF32, {WinogradFilterFloats(shape)});
  for (int64_t block = 0; block < shape.outputs / ChannelLanes(); ++block) {
    TransformWinogradFilters(weight.view(), parts, shape, block, filters.floats().data());
  }
  return filters;
}

Tensor Winograd(const Case& c, const Tensor& x, const Tensor& weight, const Tensor& bias,
                const Shape& out_shape) {
  const Shape& s = x.shape();
  const std::vector<int64_t> parts = c.parts.empty() ? std::vector{s[1]} : c.parts;
  std::vector<RowsOf> held;
  std::vector<WinogradInput> inputs;
  WinogradShape shape{.tile = c.size,
                      .taps = c.taps,
                      .stride = c.stride,
                      .transposed = c.transposed,
                      .height = s[2] * (c.doubled ? 2 : 1),
                      .width = s[3] * (c.doubled ? 2 : 1),
                      .top = c.padding.top,
                      .left = c.padding.left,
                      .out_height = out_shape[2],
                      .out_width = out_shape[3],
                      .doubled = c.doubled,
                      .numbers = c.numbers,
                      .outputs = PaddedChannels(c.outputs)};
  held.reserve(parts.size());
  int64_t first = 0;
  for (const int64_t part : parts) {
    RowsOf& rows = held.emplace_back(s[0] * s[2], s[3], part);
    PlanesToPixels(x.view().Slice(1, first, part), 0, s[0] * s[2], rows.rows());
    inputs.push_back({rows.rows(), PaddedChannels(part)});
    shape.inputs += PaddedChannels(part);
    first += part;
  }
  const Tensor filters = TransformedFilters(weight, parts, shape);
  Tensor padded_bias = Tensor::Zeros(DType::kF32, {shape.outputs});
  std::copy_n(bias.floats().begin(), c.outputs, padded_bias.floats().begin());
  RowsOf out(out_shape[0] * out_shape[2], out_shape[3], c.outputs);
  Tensor scratch(DType::kF32, {WinogradScratchFloats(shape, c.tiles)});
  const int64_t tiles = shape.TilesDown() * shape.TilesAcross() * s[0];
  for (int64_t t = 0; t < tiles; t += c.tiles) {
    RunWinograd({shape,
                 inputs,
                 filters.floats().data(),
                 padded_bias.floats().data(),
                 {},
                 out.rows(),
                 t,
                 std::min(c.tiles, tiles - t),
                 scratch.floats().data()});
  }
  Tensor result(DType::kF32, out_shape);
  PixelsToPlanes(out.rows(), 0, out_shape[0] * out_shape[2], result.view());
  return result;
}

void ExpectReferenceEverywhere(Case c) {
  SCOPED_TRACE("x " + c.x.ToString() + ", outputs " + std::to_string(c.outputs));
  Random random(7);
  const Tensor x = RandomTensor(c.x, random);
  const auto terms = static_cast<float>(c.x[1] * c.taps * c.taps);
  const Tensor weight =
      RandomTensor({c.outputs, c.x[1], c.taps, c.taps}, random, 1 / std::sqrt(terms));
  const Tensor bias = RandomTensor({c.outputs}, random);
  const Tensor seen = c.doubled ? Doubled(x) : x;
  const Conv2dParams params{1, 1, 1, 1, 1, c.padding};
  Tensor wanted(DType::kF32, Conv2dOutputShape(seen.shape(), weight.shape(), params));
  reference::Conv2d(seen.view(), weight.view(), bias.view(), params, wanted.view());
  OnEveryTarget([&] {
    if (ChannelLanes() == 0) return;
    // Transforms cost about two digits: 1e-4 is what the project promises of a result's range.
    c.size = 4;
    ExpectClose(Winograd(c, x, weight, bias, wanted.shape()).floats(), wanted.floats(), 3e-5f);
    if (c.doubled) return;
    c.size = 6;
    ExpectClose(Winograd(c, x, weight, bias, wanted.shape()).floats(), wanted.floats(), 1e-4f);
  });
}

// 4x4, stride 2.
void ExpectStridedReference(Case c) {
  SCOPED_TRACE("x " + c.x.ToString() + ", outputs " + std::to_string(c.outputs));
  c.size = 3;
  c.taps = 4;
  c.stride = c.transposed ? 1 : 2;
  Random random(7);
  const Tensor x = RandomTensor(c.x, random), bias = RandomTensor({c.outputs}, random);
  const Shape filters =
      c.transposed ? Shape{c.x[1], c.outputs, 4, 4} : Shape{c.outputs, c.x[1], 4, 4};
  const float size = 1 / std::sqrt(static_cast<float>(c.x[1] * (c.transposed ? 4 : 16)));
  const Tensor weight = RandomTensor(filters, random, size);
  const Conv2dParams params{2, 2, 1, 1, 1, c.padding};
  const ConvTranspose2dParams transposed{2, 2, 1, 1, 1, c.padding};
  Tensor wanted(DType::kF32, c.transposed
                                 ? ConvTranspose2dOutputShape(x.shape(), weight.shape(), transposed)
                                 : Conv2dOutputShape(x.shape(), weight.shape(), params));
  if (c.transposed) {
    reference::ConvTranspose2d(x.view(), weight.view(), bias.view(), transposed, wanted.view());
  } else {
    reference::Conv2d(x.view(), weight.view(), bias.view(), params, wanted.view());
  }
  OnEveryTarget([&] {
    if (ChannelLanes() == 0) return;
    ExpectClose(Winograd(c, x, weight, bias, wanted.shape()).floats(), wanted.floats(), 1e-5f);
  });
}

// Every third; all with GAN_SOAK=1 in the environment.
TEST(Winograd, PicturesOfEverySize) {
  const int64_t step = std::getenv("GAN_SOAK") == nullptr ? 3 : 1;
  for (int64_t height = 1; height <= 70; ++height) {
    for (int64_t width = 1 + height % step; width <= 70; width += step) {
      ExpectReferenceEverywhere({.x = {1, 2, height, width}, .outputs = 3, .tiles = 40});
    }
  }
}

TEST(Winograd, ChannelCounts) {
  for (const int64_t outputs : {1, 3, 8, 9, 16, 17, 24, 32, 33, 48, 64}) {
    for (const int64_t inputs : {1, 3, 8, 20}) {
      ExpectReferenceEverywhere({.x = {2, inputs, 7, 11}, .outputs = outputs});
    }
  }
  ExpectReferenceEverywhere({.x = {1, 300, 11, 20}, .outputs = 70});
}

TEST(Winograd, UnevenPadding) {
  for (const Padding2d& padding : {Padding2d{0, 0, 0, 0}, {2, 0, 1, 2}, {0, 2, 2, 1}}) {
    ExpectReferenceEverywhere({.x = {2, 3, 9, 10}, .outputs = 5, .padding = padding});
  }
}

TEST(Winograd, PartsAreJoined) {
  ExpectReferenceEverywhere({.x = {1, 20, 13, 9}, .outputs = 9, .parts = {3, 16, 1}});
  ExpectReferenceEverywhere({.x = {1, 96, 13, 9}, .outputs = 32, .parts = {64, 32}});
}

TEST(Winograd, DoubledPictures) {
  for (int64_t size = 1; size <= 20; ++size) {
    ExpectReferenceEverywhere(
        {.x = {2, 5, size, 21 - size}, .outputs = 9, .parts = {}, .doubled = true});
  }
}

TEST(Winograd, FiltersOfStride2) {
  for (const Padding2d& padding : {Padding2d{1, 1, 1, 1}, {0, 3, 2, 0}, {2, 0, 1, 3}}) {
    for (const int64_t height : {4, 5, 6, 12, 15}) {
      ExpectStridedReference(
          {.x = {2, 10, height, 17}, .outputs = 9, .padding = padding, .parts = {4, 6}});
    }
  }
  ExpectStridedReference({.x = {1, 130, 16, 16}, .outputs = 40});
}

TEST(Winograd, TransposedFilters) {
  for (const Padding2d& padding : {Padding2d{1, 1, 1, 1}, {0, 3, 2, 0}, {2, 0, 1, 3}}) {
    for (const int64_t height : {2, 3, 4, 9, 14}) {
      ExpectStridedReference({.x = {2, 10, height, 7},
                              .outputs = 9,
                              .padding = padding,
                              .parts = {4, 6},
                              .transposed = true});
    }
  }
  ExpectStridedReference({.x = {1, 500, 8, 9}, .outputs = 40, .transposed = true});
}

TEST(Winograd, LargerFilters) {
  for (const int64_t taps : {4, 5, 6, 7, 8, 9, 11}) {
    const int64_t before = taps / 2, after = taps - 1 - before;
    for (const int64_t height : {1, 4, 13}) {
      ExpectReferenceEverywhere({.x = {2, 5, height, 20},
                                 .outputs = 9,
                                 .padding = {before, after, after, before},
                                 .parts = {2, 3},
                                 .taps = taps});
    }
  }
  ExpectReferenceEverywhere({.x = {1, 70, 20, 9}, .outputs = 24, .padding = {}, .taps = 7});
}

// Of the wanted numbers' size to the difference's.
double Decibels(std::span<const float> got, std::span<const float> wanted) {
  double size = 0, difference = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    size += double{wanted[i]} * wanted[i];
    difference += (double{got[i]} - wanted[i]) * (double{got[i]} - wanted[i]);
  }
  return 10 * std::log10(size / difference);
}

// Those are the plain version of what some processors multiply in pairs.
TEST(Winograd, PairsAreRoundedNumbers) {
  SetTarget("auto");
  if (Bf16Numbers() != WinogradNumbers::kPairs) {
    GTEST_SKIP() << "this processor has no AVX-512 BF16";
  }
  Random random(11);
  for (const int64_t outputs : {16, 32, 48, 64, 70}) {
    for (const int64_t inputs : {3, 32, 200}) {
      for (const int64_t size : {3, 4, 6}) {
        SCOPED_TRACE(fmt::format("{} to {}, tile {}", inputs, outputs, size));
        const int64_t taps = size == 3 ? 4 : 3, stride = size == 3 ? 2 : 1;
        Case c{.x = {1, inputs, 12, 18}, .outputs = outputs, .size = size, .taps = taps};
        c.stride = stride;
        const Tensor x = RandomTensor(c.x, random), bias = RandomTensor({outputs}, random);
        const Tensor weight = RandomTensor({outputs, inputs, taps, taps}, random, 0.1f);
        const Shape made{1, outputs, 12 / stride, 18 / stride};
        c.numbers = WinogradNumbers::kRounded;
        const Tensor rounded = Winograd(c, x, weight, bias, made);
        c.numbers = WinogradNumbers::kPairs;
        ExpectClose(Winograd(c, x, weight, bias, made).floats(), rounded.floats(), 1e-4f);
      }
    }
  }
}

TEST(Winograd, RoundedNumbersAreNearTheReference) {
  Random random(12);
  const Tensor x = RandomTensor({1, 64, 20, 31}, random), bias = RandomTensor({32}, random);
  const Tensor weight = RandomTensor({32, 64, 3, 3}, random, 0.04f);
  Tensor wanted(DType::kF32, {1, 32, 20, 31});
  reference::Conv2d(x.view(), weight.view(), bias.view(), {1, 1, 1, 1, 1, {1, 1, 1, 1}},
                    wanted.view());
  OnEveryTarget([&] {
    if (ChannelLanes() == 0) return;
    const auto decibels = [&](int64_t size) {
      const Case c{.x = x.shape(), .outputs = 32, .size = size, .numbers = Bf16Numbers()};
      return Decibels(Winograd(c, x, weight, bias, wanted.shape()).floats(), wanted.floats());
    };
    EXPECT_NEAR(decibels(4), 42, 2);
    EXPECT_NEAR(decibels(6), 30, 2);
  });
}

TEST(Winograd, JobsOfAnySizeGiveTheSameBits) {
  Random random(3);
  const Tensor x = RandomTensor({2, 120, 19, 33}, random);
  const Tensor weight = RandomTensor({24, 120, 3, 3}, random);
  const Tensor bias = RandomTensor({24}, random);
  OnEveryTarget([&] {
    if (ChannelLanes() == 0) return;
    for (const int64_t size : {4, 6}) {
      Case c{.x = x.shape(), .outputs = 24, .tiles = 1, .size = size};
      const Tensor first = Winograd(c, x, weight, bias, {2, 24, 19, 33});
      for (const int64_t tiles : {2, 3, 5, 6, 13, 100}) {
        c.tiles = tiles;
        const Tensor got = Winograd(c, x, weight, bias, {2, 24, 19, 33});
        ExpectSameBits(got.floats(), first.floats());
      }
    }
  });
}

}  // namespace
}  // namespace gan::core::kernels
