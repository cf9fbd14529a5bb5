#include "kernels/activation.h"

#include <gtest/gtest.h>

#include <limits>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

const ActivationParams kAll[] = {
    {ActivationKind::kRelu},
    {ActivationKind::kLeakyRelu, 0.2f},
    {ActivationKind::kSigmoid},
    {ActivationKind::kTanh},
    {ActivationKind::kSilu},
    {ActivationKind::kGelu},
    {ActivationKind::kElu, 1.5f},
    {ActivationKind::kSoftplus},
    {ActivationKind::kClip, -1, 0.5},
    {ActivationKind::kHardSigmoid, 1.0f / 6, 0.5f},
    {ActivationKind::kHardSwish, 0.2f, 0.5f},
};

// Every size up to three vectors, and every magnitude that matters.
Tensor Inputs() {
  Random random(1);
  Tensor x(DType::kF32, {1, 3, 40, 37});
  random.FillUniform(x.floats(), -12, 12);
  for (size_t i = 0; i < 400; ++i) x.floats()[i] *= 1e-3f;
  for (size_t i = 400; i < 500; ++i) x.floats()[i] *= 20.0f;
  const float edges[] = {0.0f, -0.0f, 3.0f, -3.0f, 1e-40f, 1e30f, -1e30f, 0.927734375f, -1.5f};
  std::copy(std::begin(edges), std::end(edges), x.floats().begin() + 500);
  return x;
}

TEST(Activation, EveryKindIsCloseToTheReference) {
  const Tensor x = Inputs();
  ThreadPool pool(2);
  for (const ActivationParams& params : kAll) {
    SCOPED_TRACE(static_cast<int>(params.kind));
    Tensor wanted(DType::kF32, x.shape());
    reference::Activation(x.view(), params, wanted.view());
    OnEveryTarget([&] {
      Tensor got(DType::kF32, x.shape());
      Activation(x.view(), params, got.view(), pool);
      ExpectClose(got.floats(), wanted.floats(), 4e-7f);
    });
  }
}

TEST(Activation, NaNStaysAndInfinityHasItsLimit) {
  const Tensor x =
      Tensor::FromFloats({3}, std::vector<float>{std::nanf(""), kInfinity, -kInfinity});
  ThreadPool pool(1);
  for (const ActivationParams& params : kAll) {
    SCOPED_TRACE(static_cast<int>(params.kind));
    Tensor wanted(DType::kF32, {3});
    reference::Activation(x.view(), params, wanted.view());
    OnEveryTarget([&] {
      Tensor got(DType::kF32, {3});
      Activation(x.view(), params, got.view(), pool);
      EXPECT_TRUE(std::isnan(got.floats()[0]));
      ExpectClose(got.floats(), wanted.floats(), 1e-6f);
    });
  }
}

TEST(Activation, ResultDoesNotDependOnThePlace) {
  const Tensor x = Inputs();
  ThreadPool pool(1);
  for (const ActivationParams& params : kAll) {
    OnEveryTarget([&] {
      Tensor whole(DType::kF32, x.shape());
      Activation(x.view(), params, whole.view(), pool);
      for (const int64_t size : {1, 2, 3, 5, 7, 8, 9, 15, 17, 31}) {
        const ConstTensorView part = x.view().Slice(3, 2, size);
        GappedTensor got(part.shape);
        Activation(part, params, got.view(), pool);
        Tensor wanted(DType::kF32, part.shape);
        CopyElements(ConstTensorView(whole.view()).Slice(3, 2, size), wanted.view());
        ExpectSameBits(got.Values().floats(), wanted.floats());
        EXPECT_EQ(got.DamagedGaps(), 0u);
      }
    });
  }
}

TEST(Activation, WorksInPlace) {
  const Tensor x = Inputs();
  ThreadPool pool(2);
  OnEveryTarget([&] {
    Tensor wanted(DType::kF32, x.shape());
    const ActivationParams params{ActivationKind::kSilu};
    Activation(x.view(), params, wanted.view(), pool);
    Tensor y = x.Clone();
    Activation(y.view(), params, y.view(), pool);
    ExpectSameBits(y.floats(), wanted.floats());
  });
}

}  // namespace
}  // namespace gan::core::kernels
