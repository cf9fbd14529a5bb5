#include "kernels/conv2d.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

struct Case {
  Shape x;
  Shape weight;
  Conv2dParams params;
};

Tensor Convolve(const ConstTensorView& x, const ConstTensorView& weight,
                const ConstTensorView& bias, const Conv2dParams& params, ThreadPool& pool) {
  const Conv2dFilter filter = PackConv2d(weight, params);
  std::vector<std::byte> workspace(
      Conv2dWorkspaceBytes(x.shape, weight.shape, params, pool.threads()));
  GappedTensor out(Conv2dOutputShape(x.shape, weight.shape, params));
  Conv2d(x, filter, bias, out.view(), workspace, pool);
  EXPECT_EQ(out.DamagedGaps(), 0u);
  return out.Values();
}

void ExpectReferenceEverywhere(const Case& c) {
  SCOPED_TRACE("x " + c.x.ToString() + ", weight " + c.weight.ToString());
  Random random(7);
  ThreadPool pool(2);
  const GappedTensor x(RandomTensor(c.x, random));
  // Weights small enough that every result is of the order of 1.
  const auto terms = static_cast<float>(c.weight.elements() / c.weight[0]);
  const Tensor weight = RandomTensor(c.weight, random, 1 / std::sqrt(terms));
  const Tensor bias = RandomTensor({c.weight[0]}, random);
  Tensor wanted(DType::kF32, Conv2dOutputShape(c.x, c.weight, c.params));
  reference::Conv2d(x.view(), weight.view(), bias.view(), c.params, wanted.view());
  OnEveryTarget([&] {
    const Tensor got = Convolve(x.view(), weight.view(), bias.view(), c.params, pool);
    ExpectClose(got.floats(), wanted.floats(), 1e-5f);
  });
}

TEST(Conv2d, KnownResult) {
  const Tensor x = Tensor::FromFloats({1, 1, 2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
  const Tensor weight = Tensor::FromFloats({1, 1, 1, 2}, std::vector<float>{10, 1});
  const Tensor bias = Tensor::FromFloats({1}, std::vector<float>{100});
  ThreadPool pool(1);
  OnEveryTarget([&] {
    Conv2dParams params;
    params.padding.left = 1;
    const Tensor out = Convolve(x.view(), weight.view(), bias.view(), params, pool);
    ExpectSameBits(out.floats(), std::vector<float>{101, 112, 123, 104, 145, 156});
    const Tensor bare = Convolve(x.view(), weight.view(), {}, params, pool);
    ExpectSameBits(bare.floats(), std::vector<float>{1, 12, 23, 4, 45, 56});
  });
}

TEST(Conv2d, SmallPicturesOfEverySize) {
  for (int64_t size = 1; size <= 40; ++size) {
    ExpectReferenceEverywhere(
        {{1, 2, 41 - size, size}, {5, 2, 3, 3}, {1, 1, 1, 1, 1, {1, 1, 1, 1}}});
    ExpectReferenceEverywhere({{1, 3, size, size}, {2, 3, 1, 1}, {}});
  }
}

TEST(Conv2d, ChannelCounts) {
  for (const int64_t outputs : {1, 2, 3, 4, 5, 7, 8, 12, 13}) {
    for (const int64_t inputs : {1, 3, 16}) {
      ExpectReferenceEverywhere(
          {{2, inputs, 7, 11}, {outputs, inputs, 3, 3}, {1, 1, 1, 1, 1, {1, 1, 1, 1}}});
    }
  }
  // More input channels than fit a tile of full size.
  ExpectReferenceEverywhere({{1, 300, 11, 70}, {4, 300, 3, 3}, {1, 1, 1, 1, 1, {1, 1, 1, 1}}});
}

TEST(Conv2d, StridesDilationsGroupsAndUnevenPadding) {
  for (int64_t stride = 1; stride <= 3; ++stride) {
    for (int64_t dilation = 1; dilation <= 3; ++dilation) {
      for (const int64_t kernel : {1, 2, 3, 4, 5}) {
        Conv2dParams params{stride, 4 - stride, dilation, 1, 1, {2, 0, 3, 1}};
        ExpectReferenceEverywhere({{1, 2, 14, 19}, {3, 2, kernel, 6 - kernel}, params});
        params.dilation_w = dilation;
        params.groups = 3;
        params.padding = {5, 6, 7, 9};
        ExpectReferenceEverywhere({{2, 6, 10, 15}, {9, 2, kernel, 3}, params});
      }
    }
  }
  // Depthwise.
  ExpectReferenceEverywhere({{1, 9, 10, 12}, {9, 1, 3, 3}, {1, 1, 1, 1, 9, {1, 1, 1, 1}}});
}

TEST(Conv2d, SeveralTiles) {
  ExpectReferenceEverywhere({{1, 2, 40, 300}, {5, 2, 3, 3}, {1, 1, 1, 1, 1, {1, 1, 1, 1}}});
  ExpectReferenceEverywhere({{1, 2, 70, 290}, {5, 2, 4, 4}, {2, 2, 1, 1, 1, {1, 1, 1, 1}}});
  ExpectReferenceEverywhere({{1, 2, 1000, 3}, {5, 2, 3, 3}, {1, 1, 1, 1, 1, {1, 1, 1, 1}}});
}

TEST(Conv2d, AnElementDoesNotDependOnItsPlaceOrTheThreads) {
  Random random(8);
  const Conv2dParams params{1, 1, 1, 1, 1, {0, 0, 0, 0}};
  const Tensor x = RandomTensor({1, 20, 50, 290}, random);
  const Tensor weight = RandomTensor({6, 20, 3, 3}, random);
  const Tensor bias = RandomTensor({6}, random);
  OnEveryTarget([&] {
    ThreadPool one(1), three(3);
    const Tensor whole = Convolve(x.view(), weight.view(), bias.view(), params, one);
    const Tensor again = Convolve(x.view(), weight.view(), bias.view(), params, three);
    ExpectSameBits(again.floats(), whole.floats());
    for (const int64_t at : {0, 1, 5, 127, 131}) {
      const int64_t height = 3 + at % 7, width = 3 + at % 31;
      const ConstTensorView part = x.view().Slice(2, at % 40, height).Slice(3, at, width);
      const Tensor got = Convolve(part, weight.view(), bias.view(), params, three);
      Tensor wanted(DType::kF32, got.shape());
      CopyElements(whole.view().Slice(2, at % 40, got.shape()[2]).Slice(3, at, got.shape()[3]),
                   wanted.view());
      ExpectSameBits(got.floats(), wanted.floats());
    }
  });
}

TEST(Conv2d, NaNReachesExactlyTheOutputsThatReadIt) {
  Random random(9);
  Tensor x = RandomTensor({1, 2, 9, 30}, random);
  x.floats()[4 * 30 + 17] = std::nanf("");
  const Tensor weight = RandomTensor({5, 2, 3, 3}, random);
  ThreadPool pool(2);
  OnEveryTarget([&] {
    const Tensor out = Convolve(x.view(), weight.view(), {}, {1, 1, 1, 1, 1, {1, 1, 1, 1}}, pool);
    for (int64_t i = 0; i < out.shape().elements(); ++i) {
      const int64_t y = i / 30 % 9, column = i % 30;
      const bool reads = y >= 3 && y <= 5 && column >= 16 && column <= 18;
      EXPECT_EQ(std::isnan(out.floats()[static_cast<size_t>(i)]), reads) << y << " " << column;
    }
  });
}

TEST(Conv2d, PackingKeepsEveryWeight) {
  Random random(10);
  const Tensor weight = RandomTensor({6, 3, 2, 5}, random);
  Conv2dParams params;
  params.groups = 2;
  ExpectSameBits(UnpackConv2d(PackConv2d(weight.view(), params)).floats(), weight.floats());
}

TEST(Conv2d, RefusesWhatDoesNotFit) {
  EXPECT_THROW(Conv2dOutputShape({1, 3, 8, 8}, {4, 2, 3, 3}, {}), Error);
  EXPECT_THROW(Conv2dOutputShape({1, 3, 2, 8}, {4, 3, 3, 3}, {}), Error);
  ThreadPool pool(1);
  const Tensor x = Tensor::Zeros(DType::kF32, {1, 1, 4, 4});
  const Tensor weight = Tensor::Zeros(DType::kF32, {1, 1, 3, 3});
  Tensor out(DType::kF32, {1, 1, 2, 2});
  EXPECT_THROW(Conv2d(x.view(), PackConv2d(weight.view(), {}), {}, out.view(), {}, pool), Error);
}

}  // namespace
}  // namespace gan::core::kernels
