#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "training/regularisers/gradient_penalty.h"
#include "training/regularisers/lecam.h"
#include "training/regularisers/slope_penalty.h"

namespace gan::core {
namespace {

// [rows, 2, 2, 3] f64, all different and between -1 and 1.
at::Tensor Pictures(int64_t rows, double phase) {
  return at::sin(at::arange(rows * 12, at::kDouble) * 0.7 + phase).reshape({rows, 2, 2, 3});
}

double MeanSquaredLength(const at::Tensor& x) {
  return x.square().sum().item<double>() / static_cast<double>(x.size(0));
}

TEST(GradientPenalty, OfALinearDiscriminator) {
  at::Tensor w = Pictures(1, 0.3);
  w.set_requires_grad(true);
  const auto linear = [&](const at::Tensor& x) { return (x * w).sum({1, 2, 3}).reshape({-1, 1}); };
  const at::Tensor mix = at::tensor({0.0, 0.25, 1.0});
  const double length = w.norm().item<double>();
  ASSERT_GT(std::abs(length - 1), 0.1);

  const at::Tensor one = GradientPenalty(linear, Pictures(3, 1), Pictures(3, 2), mix, 1);
  EXPECT_NEAR(one.item<double>(), (length - 1) * (length - 1), 1e-9);
  const at::Tensor slope = torch::autograd::grad({one}, {w})[0];
  EXPECT_TRUE(at::allclose(slope, 2 * (length - 1) / length * w.detach(), 1e-7, 1e-9));

  const at::Tensor zero = GradientPenalty(linear, Pictures(3, 1), Pictures(3, 2), mix, 0);
  EXPECT_NEAR(zero.item<double>(), length * length, 1e-9);
  EXPECT_TRUE(at::allclose(torch::autograd::grad({zero}, {w})[0], 2 * w.detach(), 1e-7, 1e-9));
}

TEST(GradientPenalty, IsTakenBetweenTheTwo) {
  // The slope of |x|^2 / 2 is x, so that the penalty tells where it was taken.
  const auto bowl = [](const at::Tensor& x) {
    return (0.5 * x.square()).sum({1, 2, 3}).reshape({-1, 1});
  };
  const at::Tensor real = Pictures(3, 1), fake = Pictures(3, 2);
  const at::Tensor mix = at::tensor({0.0, 0.25, 1.0});
  const at::Tensor between = real + mix.reshape({3, 1, 1, 1}) * (fake - real);
  EXPECT_NEAR(GradientPenalty(bowl, real, fake, mix, 0).item<double>(), MeanSquaredLength(between),
              1e-9);
}

TEST(GradientPenalty, FlatDiscriminatorHasAFiniteGradient) {
  at::Tensor w = at::zeros({1, 2, 2, 3}, at::kDouble);
  w.set_requires_grad(true);
  const auto linear = [&](const at::Tensor& x) { return (x * w).sum({1, 2, 3}).reshape({-1, 1}); };
  const at::Tensor penalty =
      GradientPenalty(linear, Pictures(2, 1), Pictures(2, 2), at::tensor({0.5, 0.5}), 1);
  EXPECT_NEAR(penalty.item<double>(), 1, 1e-5);
  EXPECT_TRUE(torch::autograd::grad({penalty}, {w})[0].isfinite().all().item<bool>());
}

TEST(SlopePenalty, PartsOfAQuadraticDiscriminator) {
  at::Tensor x = Pictures(5, 0.4);
  x.set_requires_grad(true);
  const double a = 1.7;
  const auto penalty = [&](double r1, double r2) {
    const at::Tensor logits = (0.5 * a * x.square()).sum({1, 2, 3}).reshape({-1, 1});
    return SlopePenalty(logits, x, 2, r1, r2).item<double>();
  };
  const double real = a * a * MeanSquaredLength(x.detach().narrow(0, 0, 2));
  const double fake = a * a * MeanSquaredLength(x.detach().narrow(0, 2, 3));
  ASSERT_GT(std::abs(real - fake), 0.01);
  EXPECT_NEAR(penalty(3, 0), 1.5 * real, 1e-9);
  EXPECT_NEAR(penalty(0, 0.5), 0.25 * fake, 1e-9);
  EXPECT_NEAR(penalty(3, 0.5), 1.5 * real + 0.25 * fake, 1e-9);
  EXPECT_EQ(penalty(0, 0), 0);
}

TEST(SlopePenalty, GradientAgainstFiniteDifferences) {
  at::Tensor x = Pictures(4, 0.9);
  x.set_requires_grad(true);
  const auto penalty = [&](const at::Tensor& p) {
    const at::Tensor logits = (p * x.square() + at::sin(p * x)).sum({1, 2, 3}).reshape({-1, 1});
    return SlopePenalty(logits, x, 2, 2, 0.7);
  };
  at::Tensor p = at::full({}, 0.8, at::kDouble);
  p.set_requires_grad(true);
  const double slope = torch::autograd::grad({penalty(p)}, {p})[0].item<double>();
  const auto at_value = [&](double value) {
    return penalty(at::full({}, value, at::kDouble)).item<double>();
  };
  const double h = 1e-5;
  const double wanted = (at_value(0.8 + h) - at_value(0.8 - h)) / (2 * h);
  ASSERT_GT(std::abs(wanted), 0.1);
  EXPECT_NEAR(slope, wanted, 1e-6 * std::abs(wanted));
}

TEST(LeCam, AnchorsAreMovingAverages) {
  LeCam lecam(0.3, 0.9);
  EXPECT_EQ(lecam.anchors(), LeCam::Anchors{});
  lecam.Update(2, -1);
  EXPECT_NEAR(lecam.anchors().real, 0.2, 1e-12);
  EXPECT_NEAR(lecam.anchors().fake, -0.1, 1e-12);
  lecam.Update(1, 3);
  EXPECT_NEAR(lecam.anchors().real, 0.28, 1e-12);
  EXPECT_NEAR(lecam.anchors().fake, 0.21, 1e-12);
  LeCam other(0.3, 0.9);
  other.Restore(lecam.anchors());
  EXPECT_EQ(other.anchors(), lecam.anchors());
}

TEST(LeCam, PenaltyPullsEachTowardsTheOthersAnchor) {
  LeCam lecam(0.3, 0.9);
  lecam.Restore({1.0, -0.5});
  at::Tensor real = at::tensor({2.0, -1.0}), fake = at::tensor({-1.0, 3.0});
  real.set_requires_grad(true);
  fake.set_requires_grad(true);
  const at::Tensor penalty = lecam.Penalty(real, fake);
  // (2 + 0.5)^2 and nothing; (1 + 1)^2 and nothing.
  EXPECT_NEAR(penalty.item<double>(), 0.3 * (6.25 / 2 + 4.0 / 2), 1e-9);
  const auto slopes = torch::autograd::grad({penalty}, {real, fake});
  EXPECT_TRUE(at::allclose(slopes[0], at::tensor({0.3 * 2.5, 0.0})));
  EXPECT_TRUE(at::allclose(slopes[1], at::tensor({-0.3 * 2.0, 0.0})));
}

}  // namespace
}  // namespace gan::core
