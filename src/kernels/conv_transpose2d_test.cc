#include "kernels/conv_transpose2d.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

Tensor Enlarge(const ConstTensorView& x, const ConstTensorView& weight, const ConstTensorView& bias,
               const ConvTranspose2dParams& params, ThreadPool& pool) {
  const ConvTranspose2dFilter filter = PackConvTranspose2d(weight, params);
  std::vector<std::byte> workspace(
      ConvTranspose2dWorkspaceBytes(x.shape, weight.shape, params, pool.threads()));
  GappedTensor out(ConvTranspose2dOutputShape(x.shape, weight.shape, params));
  ConvTranspose2d(x, filter, bias, out.view(), workspace, pool);
  EXPECT_EQ(out.DamagedGaps(), 0u);
  return out.Values();
}

void ExpectReferenceEverywhere(const Shape& x_shape, const Shape& weight_shape,
                               const ConvTranspose2dParams& params) {
  SCOPED_TRACE("x " + x_shape.ToString() + ", weight " + weight_shape.ToString());
  Random random(11);
  ThreadPool pool(2);
  const GappedTensor x(RandomTensor(x_shape, random));
  const auto terms = static_cast<float>(weight_shape[0] * weight_shape[2] * weight_shape[3]);
  const Tensor weight = RandomTensor(weight_shape, random, 1 / std::sqrt(terms));
  const Tensor bias = RandomTensor({weight_shape[1] * params.groups}, random);
  Tensor wanted(DType::kF32, ConvTranspose2dOutputShape(x_shape, weight_shape, params));
  reference::ConvTranspose2d(x.view(), weight.view(), bias.view(), params, wanted.view());
  OnEveryTarget([&] {
    const Tensor got = Enlarge(x.view(), weight.view(), bias.view(), params, pool);
    ExpectClose(got.floats(), wanted.floats(), 1e-5f);
  });
}

TEST(ConvTranspose2d, KnownResult) {
  const Tensor x = Tensor::FromFloats({1, 1, 1, 2}, std::vector<float>{1, 2});
  const Tensor weight = Tensor::FromFloats({1, 1, 1, 3}, std::vector<float>{1, 10, 100});
  ThreadPool pool(1);
  OnEveryTarget([&] {
    ConvTranspose2dParams params;
    params.stride_w = 2;
    const Tensor out = Enlarge(x.view(), weight.view(), {}, params, pool);
    ExpectSameBits(out.floats(), std::vector<float>{1, 10, 102, 20, 200});
    params.padding = {0, 1, 0, 1};
    params.output_padding_w = 1;
    const Tensor cut = Enlarge(x.view(), weight.view(), {}, params, pool);
    ExpectSameBits(cut.floats(), std::vector<float>{10, 102, 20, 200});
  });
}

TEST(ConvTranspose2d, SmallPicturesOfEverySize) {
  ConvTranspose2dParams params;
  params.stride_h = params.stride_w = 2;
  params.padding = {1, 1, 1, 1};
  for (int64_t size = 1; size <= 20; ++size) {
    ExpectReferenceEverywhere({1, 2, 21 - size, size}, {2, 3, 4, 4}, params);
  }
}

TEST(ConvTranspose2d, EveryParameter) {
  for (int64_t stride = 1; stride <= 3; ++stride) {
    for (int64_t dilation = 1; dilation <= 2; ++dilation) {
      for (const int64_t kernel : {1, 2, 3, 5}) {
        ConvTranspose2dParams params;
        params.stride_h = stride;
        params.stride_w = 4 - stride;
        params.dilation_h = dilation;
        params.dilation_w = 3 - dilation;
        params.groups = 2;
        params.output_padding_h = stride - 1;
        ExpectReferenceEverywhere({2, 4, 5, 9}, {4, 5, kernel, 3}, params);
        if (kernel < 2) continue;
        params.padding = {1, 0, 0, 1};
        ExpectReferenceEverywhere({1, 2, 6, 9}, {2, 1, kernel, kernel}, params);
      }
    }
  }
}

TEST(ConvTranspose2d, LargePicturesAndManyThreads) {
  ConvTranspose2dParams params;
  params.stride_h = params.stride_w = 2;
  ExpectReferenceEverywhere({1, 3, 60, 150}, {3, 6, 2, 2}, params);
  Random random(12);
  const Tensor x = RandomTensor({1, 8, 33, 40}, random);
  const Tensor weight = RandomTensor({8, 6, 4, 4}, random);
  OnEveryTarget([&] {
    ThreadPool one(1), four(4);
    ExpectSameBits(Enlarge(x.view(), weight.view(), {}, params, four).floats(),
                   Enlarge(x.view(), weight.view(), {}, params, one).floats());
  });
}

TEST(ConvTranspose2d, AStrideFarLongerThanTheFilterCostsNothing) {
  ConvTranspose2dParams params;
  params.stride_h = params.stride_w = 1 << 16;
  params.output_padding_h = 5;
  ExpectReferenceEverywhere({1, 2, 1, 1}, {2, 3, 2, 3}, params);
  params.stride_h = params.stride_w = 5;
  ExpectReferenceEverywhere({2, 2, 4, 3}, {2, 3, 2, 3}, params);
}

TEST(ConvTranspose2d, PackingKeepsEveryWeight) {
  Random random(13);
  const Tensor weight = RandomTensor({6, 3, 2, 5}, random);
  for (int64_t stride = 1; stride <= 3; ++stride) {
    ConvTranspose2dParams params;
    params.stride_h = params.stride_w = stride;
    params.groups = 2;
    params.padding = {1, 2, 3, 4};
    const ConvTranspose2dFilter filter = PackConvTranspose2d(weight.view(), params);
    ExpectSameBits(UnpackConvTranspose2d(filter).floats(), weight.floats());
  }
}

TEST(ConvTranspose2d, RefusesWhatDoesNotFit) {
  EXPECT_THROW(ConvTranspose2dOutputShape({1, 3, 8, 8}, {4, 2, 3, 3}, {}), Error);
  ConvTranspose2dParams params;
  params.padding = {1, 1, 0, 0};
  EXPECT_THROW(ConvTranspose2dOutputShape({1, 3, 1, 1}, {3, 2, 1, 1}, params), Error);
}

}  // namespace
}  // namespace gan::core::kernels
