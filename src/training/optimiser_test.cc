#include "training/optimiser.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr std::array<double, 3> kFirst = {1.0, -2.0, 0.5};
constexpr std::array<double, 3> kRates = {1.0, 0.5, 0.25};

double Gradient(size_t step, size_t i) {
  return std::sin(1.0 + 2.0 * static_cast<double>(step) + 0.7 * static_cast<double>(i));
}

at::Tensor GradientBlock(size_t step) {
  return at::tensor({Gradient(step, 0), Gradient(step, 1), Gradient(step, 2)}).to(at::kFloat);
}

at::Tensor FirstValues() { return at::tensor({kFirst[0], kFirst[1], kFirst[2]}).to(at::kFloat); }

Recipe::Optimiser Options(const char* kind, double beta1, double weight_decay) {
  Recipe::Optimiser options;
  options.kind = kind;
  options.learning_rate = 0.05;
  options.beta1 = beta1;
  options.beta2 = 0.9;
  options.epsilon = 1e-3;  // large enough to see where it is added
  options.weight_decay = weight_decay;
  return options;
}

// One number after three steps, as PyTorch's documentation writes the algorithms.
double Wanted(const Recipe::Optimiser& o, size_t i) {
  double p = kFirst[i], m = 0, v = 0;
  for (size_t t = 1; t <= 3; ++t) {
    const double rate = o.learning_rate * kRates[t - 1];
    double g = Gradient(t - 1, i);
    if (o.kind == "adamw") {
      p -= rate * o.weight_decay * p;
    } else {
      g += o.weight_decay * p;
    }
    if (o.kind == "sgd") {
      m = o.beta1 * m + g;
      p -= rate * m;
      continue;
    }
    v = o.beta2 * v + (1 - o.beta2) * g * g;
    if (o.kind == "rmsprop") {
      p -= rate * g / (std::sqrt(v) + o.epsilon);
      continue;
    }
    m = o.beta1 * m + (1 - o.beta1) * g;
    const double steps = static_cast<double>(t);
    const double mean = m / (1 - std::pow(o.beta1, steps));
    const double variance = v / (1 - std::pow(o.beta2, steps));
    p -= rate * mean / (std::sqrt(variance) + o.epsilon);
  }
  return p;
}

TEST(Optimiser, ThreeStepsOfEach) {
  for (const char* kind : {"adam", "adamw", "rmsprop", "sgd"}) {
    for (const double beta1 : {0.0, 0.6}) {
      for (const double decay : {0.0, 0.1}) {
        const Recipe::Optimiser options = Options(kind, beta1, decay);
        const at::Tensor values = FirstValues();
        Optimiser optimiser(options, values);
        for (size_t t = 0; t < 3; ++t) optimiser.Step(values, GradientBlock(t), kRates[t]);
        EXPECT_EQ(optimiser.steps(), 3);
        for (size_t i = 0; i < 3; ++i) {
          EXPECT_NEAR(values[static_cast<int64_t>(i)].item<double>(), Wanted(options, i), 2e-6)
              << kind << " beta1 " << beta1 << " decay " << decay;
        }
      }
    }
  }
}

TEST(Optimiser, GradientIsLeftAlone) {
  for (const char* kind : {"adam", "adamw", "rmsprop", "sgd"}) {
    const at::Tensor values = FirstValues(), gradient = GradientBlock(0);
    Optimiser(Options(kind, 0.6, 0.1), values).Step(values, gradient, 1);
    EXPECT_TRUE(at::equal(gradient, GradientBlock(0))) << kind;
  }
}

TEST(Optimiser, RestoredContinuesEqual) {
  for (const char* kind : {"adam", "adamw", "rmsprop", "sgd"}) {
    const Recipe::Optimiser options = Options(kind, 0.6, 0.1);
    const at::Tensor values = FirstValues();
    Optimiser one(options, values);
    for (size_t t = 0; t < 2; ++t) one.Step(values, GradientBlock(t), 1);
    const at::Tensor resumed = values.clone();
    Optimiser two(options, resumed);
    two.Restore(one.State(), one.steps());
    EXPECT_EQ(two.steps(), 2);
    // The state was copied: stepping one does not move the other's.
    for (size_t t = 2; t < 4; ++t) one.Step(values, GradientBlock(t), 1);
    for (size_t t = 2; t < 4; ++t) two.Step(resumed, GradientBlock(t), 1);
    EXPECT_TRUE(at::equal(values, resumed)) << kind;
  }
}

TEST(Optimiser, StateOfAnotherKindOrSizeIsBadData) {
  const at::Tensor values = FirstValues();
  Optimiser adam(Options("adam", 0.6, 0), values);
  const Optimiser sgd(Options("sgd", 0.6, 0), values);
  const Optimiser larger(Options("adam", 0.6, 0), at::zeros({4}));
  for (const Optimiser* other : {&sgd, &larger}) {
    try {
      adam.Restore(other->State(), 1);
      ADD_FAILURE() << "accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kBadData);
    }
  }
}

TEST(Optimiser, UnknownKindIsAConfigurationError) {
  try {
    Optimiser(Options("lion", 0.6, 0), FirstValues());
    ADD_FAILURE() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kConfiguration);
  }
}

}  // namespace
}  // namespace gan::core
