#include "training/losses/adversarial_loss.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"non-saturating", "hinge", "least-squares",
                                                    "wasserstein"};
constexpr std::array<double, 3> kReal = {0.5, -1.5, 2.0};
constexpr std::array<double, 3> kFake = {-0.25, 1.0, -3.0};

at::Tensor Logits(const std::array<double, 3>& values) {
  return at::tensor({values[0], values[1], values[2]}).reshape({3, 1});
}

template <class Function>
double MeanOf(const std::array<double, 3>& values, Function&& function) {
  return (function(values[0]) + function(values[1]) + function(values[2])) / 3;
}

template <class RealLoss, class FakeLoss, class GeneratorLoss>
void ExpectForms(std::string_view name, RealLoss real, FakeLoss fake, GeneratorLoss generator) {
  const AdversarialLoss loss(name, false);
  EXPECT_FALSE(loss.pairs());
  const at::Tensor r = Logits(kReal), f = Logits(kFake);
  EXPECT_NEAR(loss.Discriminator(r, f).item<double>(), MeanOf(kReal, real) + MeanOf(kFake, fake),
              1e-9);
  EXPECT_NEAR(loss.Generator({}, f).item<double>(), MeanOf(kFake, generator), 1e-9);

  const AdversarialLoss pairs(name, true);
  EXPECT_TRUE(pairs.pairs());
  std::array<double, 3> forward, backward;
  for (size_t i = 0; i < 3; ++i) {
    forward[i] = kReal[i] - kFake[i];
    backward[i] = -forward[i];
  }
  EXPECT_NEAR(pairs.Discriminator(r, f).item<double>(), MeanOf(forward, real), 1e-9);
  EXPECT_NEAR(pairs.Generator(r, f).item<double>(), MeanOf(backward, real), 1e-9);
}

double Softplus(double x) { return std::log1p(std::exp(x)); }

TEST(AdversarialLoss, NonSaturating) {
  const auto real = [](double x) { return Softplus(-x); };
  ExpectForms("non-saturating", real, Softplus, real);
}

TEST(AdversarialLoss, Hinge) {
  ExpectForms(
      "hinge", [](double x) { return std::max(0.0, 1 - x); },
      [](double x) { return std::max(0.0, 1 + x); }, [](double x) { return -x; });
}

TEST(AdversarialLoss, LeastSquares) {
  const auto real = [](double x) { return (x - 1) * (x - 1) / 2; };
  ExpectForms(
      "least-squares", real, [](double x) { return x * x / 2; }, real);
}

TEST(AdversarialLoss, Wasserstein) {
  const auto real = [](double x) { return -x; };
  ExpectForms(
      "wasserstein", real, [](double x) { return x; }, real);
}

TEST(AdversarialLoss, OnlyLogitsWithAZeroJudge) {
  for (const std::string_view name : kNames) {
    EXPECT_EQ(AdversarialLoss(name, false).judges(), name != "wasserstein") << name;
    EXPECT_FALSE(AdversarialLoss(name, true).judges()) << name;
  }
}

TEST(AdversarialLoss, UnknownNameIsAConfigurationError) {
  for (const std::string_view name : {"", "Hinge", "least_squares"}) {
    try {
      AdversarialLoss(name, false);
      ADD_FAILURE() << "accepted " << name;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kConfiguration);
    }
  }
}

TEST(AdversarialLoss, GradientsPullTheRightWay) {
  for (const std::string_view name : kNames) {
    for (const bool relativistic : {false, true}) {
      const AdversarialLoss loss(name, relativistic);
      at::Tensor real = at::full({2, 1}, 0.6), fake = at::full({2, 1}, 0.3);
      real.set_requires_grad(true);
      fake.set_requires_grad(true);
      const auto of_discriminator =
          torch::autograd::grad({loss.Discriminator(real, fake)}, {real, fake});
      EXPECT_TRUE(of_discriminator[0].lt(0).all().item<bool>()) << name;
      EXPECT_TRUE(of_discriminator[1].gt(0).all().item<bool>()) << name;
      const auto of_generator = torch::autograd::grad({loss.Generator(real, fake)}, {fake});
      EXPECT_TRUE(of_generator[0].lt(0).all().item<bool>()) << name;
    }
  }
}

}  // namespace
}  // namespace gan::core
