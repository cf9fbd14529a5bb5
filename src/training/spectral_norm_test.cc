#include "training/spectral_norm.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

namespace gan::core {
namespace {

// Singular values 3 sqrt(5), of u = (1, 3) / sqrt(10) and v = (1, 1) / sqrt(2), and sqrt(5).
at::Tensor KnownMatrix() { return at::tensor({3.0, 0.0, 4.0, 5.0}).reshape({2, 2}); }

const double kSigma = 3 * std::sqrt(5.0);

SpectralNorm Iterated(const at::Tensor& weight, int64_t row_axis, int times = 40) {
  SpectralNorm norm(row_axis, at::ones({weight.size(row_axis)}, weight.options()));
  for (int i = 0; i < times; ++i) norm.Iterate(weight);
  return norm;
}

TEST(SpectralNorm, FindsTheLargestSingularValue) {
  const at::Tensor w = KnownMatrix();
  const SpectralNorm norm = Iterated(w, 0);
  EXPECT_TRUE(at::allclose(norm.u(), at::tensor({1.0, 3.0}) / std::sqrt(10.0), 1e-9, 1e-9));
  EXPECT_TRUE(at::allclose(norm.Normalised(w), w / kSigma, 1e-9, 1e-9));
}

TEST(SpectralNorm, GradientFlowsThroughSigma) {
  at::Tensor w = KnownMatrix();
  const SpectralNorm norm = Iterated(w, 0);
  w.set_requires_grad(true);
  const at::Tensor slope = torch::autograd::grad({norm.Normalised(w)[0][0]}, {w})[0];
  // d (w00 / sigma) = e00 / sigma - w00 / sigma^2 u v^T.
  const at::Tensor uv = at::tensor({1.0, 1.0, 3.0, 3.0}).reshape({2, 2}) / std::sqrt(20.0);
  const at::Tensor e00 = at::tensor({1.0, 0.0, 0.0, 0.0}).reshape({2, 2});
  EXPECT_TRUE(at::allclose(slope, e00 / kSigma - 3.0 / 45 * uv, 1e-8, 1e-9));
}

TEST(SpectralNorm, IteratingBetweenForwardAndBackwardIsAllowed) {
  at::Tensor w = KnownMatrix();
  SpectralNorm norm = Iterated(w, 0, 1);
  w.set_requires_grad(true);
  const at::Tensor loss = norm.Normalised(w).square().sum();
  const at::Tensor twice = norm.Normalised(w).square().sum();
  const at::Tensor wanted = torch::autograd::grad({twice}, {w})[0];
  norm.Iterate(w);
  EXPECT_TRUE(at::equal(torch::autograd::grad({loss}, {w})[0], wanted));
  EXPECT_FALSE(norm.u().requires_grad());
}

TEST(SpectralNorm, RowsOfTransposedConvolutions) {
  const at::Tensor w = at::sin(at::arange(24, at::kDouble).square()).reshape({3, 2, 2, 2});
  const SpectralNorm norm = Iterated(w, 1);
  EXPECT_EQ(norm.u().numel(), 2);
  const at::Tensor normalised = norm.Normalised(w);
  EXPECT_EQ(normalised.sizes(), w.sizes());
  const at::Tensor turned = w.transpose(0, 1).contiguous();
  EXPECT_TRUE(at::allclose(normalised.transpose(0, 1), Iterated(turned, 0).Normalised(turned)));
  EXPECT_FALSE(at::allclose(normalised, Iterated(w, 0).Normalised(w)));
}

TEST(SpectralNorm, Restore) {
  const at::Tensor w = KnownMatrix();
  const SpectralNorm one = Iterated(w, 0, 2);
  SpectralNorm two(0, at::ones({2}, at::kDouble));
  EXPECT_FALSE(at::equal(two.Normalised(w), one.Normalised(w)));
  two.Restore(one.u());
  EXPECT_TRUE(at::equal(two.Normalised(w), one.Normalised(w)));
  two.Iterate(w.flip({0}));
  EXPECT_FALSE(at::equal(two.u(), one.u()));  // a copy
}

TEST(SpectralNorm, ZeroWeightStaysFinite) {
  const at::Tensor w = at::zeros({2, 3}, at::kDouble);
  EXPECT_TRUE(at::equal(Iterated(w, 0, 2).Normalised(w), w));
}

}  // namespace
}  // namespace gan::core
