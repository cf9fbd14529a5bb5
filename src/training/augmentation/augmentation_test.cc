#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "training/augmentation/ada.h"
#include "training/augmentation/diff_augment.h"

namespace gan::core {
namespace {

StepRandom Numbers(int64_t count, uint64_t step = 0) {
  return StepRandom(7, StepRandom::Purpose::kAugment, step, {0, count, count}, at::kCPU);
}

at::Tensor Pictures(int64_t count, int64_t channels = 3, int64_t side = 16) {
  return at::sin(at::arange(count * channels * side * side, at::kFloat) * 0.37)
      .reshape({count, channels, side, side});
}

at::Tensor Augmented(const DiffAugment& augment, const at::Tensor& x, uint64_t step = 0) {
  StepRandom random = Numbers(x.size(0), step);
  return augment.Apply(x, random);
}

at::Tensor Augmented(const AdaPipeline& pipeline, const at::Tensor& x, double probability,
                     uint64_t step = 0) {
  StepRandom random = Numbers(x.size(0), step);
  return pipeline.Apply(x, probability, random);
}

template <class Policy>
void ExpectUnknown(const std::vector<std::string>& operations) {
  try {
    Policy policy(operations);
    ADD_FAILURE() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kConfiguration);
    EXPECT_NE(std::string(e.what()).find(operations.back()), std::string::npos) << e.what();
  }
}

double Dot(const at::Tensor& a, const at::Tensor& b) { return (a * b).sum().item<double>(); }

TEST(DiffAugment, KeepsShapesAndRepeats) {
  const DiffAugment augment({});
  for (const int64_t channels : {1, 3}) {
    const at::Tensor x = Pictures(4, channels);
    const at::Tensor y = Augmented(augment, x);
    EXPECT_EQ(y.sizes(), x.sizes());
    EXPECT_FALSE(at::equal(y, x));
    EXPECT_TRUE(at::equal(y, Augmented(augment, x)));
    EXPECT_FALSE(at::equal(y, Augmented(augment, x, 1)));
  }
}

TEST(DiffAugment, EachPictureInItsOwnWay) {
  const at::Tensor same = Pictures(1).repeat({8, 1, 1, 1});
  for (const char* operation : {"color", "translation", "cutout"}) {
    const at::Tensor y = Augmented(DiffAugment({operation}), same);
    bool differ = false;
    for (int64_t i = 1; i < 8; ++i) differ |= !at::equal(y[i], y[0]);
    EXPECT_TRUE(differ) << operation;
  }
}

TEST(DiffAugment, CutoutZerosASquareOfHalfTheSide) {
  const int64_t count = 64, side = 16;
  const at::Tensor y = Augmented(DiffAugment({"cutout"}), at::ones({count, 3, side, side}));
  int whole = 0;
  for (int64_t i = 0; i < count; ++i) {
    const at::Tensor hole = y[i].eq(0);
    EXPECT_TRUE(at::equal(hole.logical_not(), y[i].eq(1)));
    const at::Tensor rows = hole.any(2).any(0), columns = hole.any(1).any(0);
    const int64_t height = rows.sum().item<int64_t>(), width = columns.sum().item<int64_t>();
    // The border may cut off up to half of it.
    EXPECT_GE(height, 4);
    EXPECT_LE(height, 8);
    EXPECT_GE(width, 4);
    EXPECT_LE(width, 8);
    EXPECT_EQ(hole.sum().item<int64_t>(), 3 * height * width);  // a full rectangle
    whole += height == 8 && width == 8;
  }
  EXPECT_GT(whole, 0);
}

TEST(DiffAugment, TranslationOnlyMovesPixels) {
  const int64_t count = 16, side = 16, reach = 2;
  const at::Tensor picture = at::arange(1, side * side + 1, at::kFloat).reshape({1, 1, side, side});
  const at::Tensor y = Augmented(DiffAugment({"translation"}), picture.repeat({count, 1, 1, 1}));
  const at::Tensor padded = at::constant_pad_nd(picture, {reach, reach, reach, reach}, -1);
  for (int64_t i = 0; i < count; ++i) {
    int found = 0;
    for (int64_t dy = 0; dy <= 2 * reach; ++dy) {
      for (int64_t dx = 0; dx <= 2 * reach; ++dx) {
        found += at::equal(y[i], padded[0].narrow(1, dy, side).narrow(2, dx, side));
      }
    }
    EXPECT_EQ(found, 1) << "picture " << i;
  }
}

TEST(DiffAugment, DoubleBackward) {
  // Augmentation is y = A x + b: the second derivative of |y|^2 along c is 2 |A c|^2.
  const DiffAugment augment({});
  at::Tensor x = Pictures(3);
  x.set_requires_grad(true);
  const at::Tensor loss = Augmented(augment, x).square().sum();
  const at::Tensor first = torch::autograd::grad({loss}, {x}, {}, true, true)[0];
  const at::Tensor c = at::cos(x.detach() * 5);
  const at::Tensor second = torch::autograd::grad({(first * c).sum()}, {x})[0];
  const at::Tensor moved = Augmented(augment, c) - Augmented(augment, at::zeros_like(c));
  const double wanted = 2 * moved.square().sum().item<double>();
  ASSERT_GT(wanted, 1);
  EXPECT_NEAR(Dot(second, c), wanted, 1e-3 * wanted);
}

TEST(DiffAugment, UnknownOperation) { ExpectUnknown<DiffAugment>({"color", "flip"}); }

TEST(AdaController, RisesFallsAndStaysInBounds) {
  AdaController ada(0.6, 2560);
  ada.Observe(0.9, 128);
  EXPECT_EQ(ada.probability(), 0);  // too early
  ada.Observe(0.9, 128);
  EXPECT_NEAR(ada.probability(), 0.1, 1e-12);
  ada.Observe(0.9, 512);
  EXPECT_NEAR(ada.probability(), 0.3, 1e-12);
  ada.Observe(0.1, 256);
  EXPECT_NEAR(ada.probability(), 0.2, 1e-12);
  // The mean over the interval decides, weighted by images: (0.9 * 64 + 0.4 * 192) / 256 < 0.6.
  ada.Observe(0.9, 64);
  ada.Observe(0.4, 192);
  EXPECT_NEAR(ada.probability(), 0.1, 1e-12);
  for (int i = 0; i < 3; ++i) ada.Observe(-1, 256);
  EXPECT_EQ(ada.probability(), 0);
  for (int i = 0; i < 30; ++i) ada.Observe(1, 256);
  EXPECT_EQ(ada.probability(), 1);
}

TEST(AdaController, StateRoundTrip) {
  AdaController one(0.6, 2560);
  one.Observe(0.9, 300);
  one.Observe(0.2, 100);
  AdaController two(0.6, 2560);
  two.Restore(one.state());
  EXPECT_EQ(two.state(), one.state());
  EXPECT_EQ(one.state().images, 100);
  for (AdaController* ada : {&one, &two}) ada->Observe(0.7, 200);
  EXPECT_EQ(two.state(), one.state());
  EXPECT_EQ(one.state().images, 0);
}

TEST(AdaPipeline, ProbabilityZeroIsTheIdentity) {
  const at::Tensor x = Pictures(4);
  EXPECT_TRUE(at::equal(Augmented(AdaPipeline({}), x, 0), x));
}

TEST(AdaPipeline, KeepsShapesAndRepeats) {
  for (const std::vector<std::string>& operations : {std::vector<std::string>{},
                                                     {"flip"},
                                                     {"rotate90"},
                                                     {"translate"},
                                                     {"scale"},
                                                     {"rotate"},
                                                     {"color"},
                                                     {"cutout"}}) {
    const AdaPipeline pipeline(operations);
    for (const int64_t channels : {1, 3}) {
      const at::Tensor x = Pictures(8, channels);
      const at::Tensor y = Augmented(pipeline, x, 0.8);
      EXPECT_EQ(y.sizes(), x.sizes());
      EXPECT_FALSE(at::allclose(y, x, 1e-3, 1e-3));
      EXPECT_TRUE(at::equal(y, Augmented(pipeline, x, 0.8)));
    }
  }
}

TEST(AdaPipeline, FlipAndQuarterTurnsOnlyMovePixels) {
  const int64_t count = 32;
  const at::Tensor x = Pictures(1).repeat({count, 1, 1, 1});
  const at::Tensor flipped = Augmented(AdaPipeline({"flip"}), x, 1);
  const at::Tensor turned = Augmented(AdaPipeline({"rotate90"}), x, 1);
  int flips = 0;
  std::vector<int> turns(4);
  for (int64_t i = 0; i < count; ++i) {
    const bool flip = at::allclose(flipped[i], x[i].flip({2}), 1e-3, 1e-3);
    EXPECT_TRUE(flip || at::allclose(flipped[i], x[i], 1e-3, 1e-3));
    flips += flip;
    int found = 0;
    for (int64_t k = 0; k < 4; ++k) {
      const bool same = at::allclose(turned[i], x[i].rot90(k, {1, 2}), 1e-3, 1e-3);
      found += same;
      turns[static_cast<size_t>(k)] += same;
    }
    EXPECT_EQ(found, 1) << "picture " << i;
  }
  EXPECT_GT(flips, 0);
  EXPECT_LT(flips, count);
  for (const int turn : turns) EXPECT_GT(turn, 0);
}

TEST(AdaPipeline, GradientFlows) {
  // y = A x + b: the gradient of w.y along c is w.(A c).
  const AdaPipeline pipeline(
      {"flip", "rotate90", "translate", "scale", "rotate", "color", "cutout"});
  at::Tensor x = Pictures(6);
  x.set_requires_grad(true);
  const at::Tensor c = at::cos(x.detach() * 5);
  const at::Tensor moved =
      (Augmented(pipeline, c, 0.8) - Augmented(pipeline, at::zeros_like(c), 0.8));
  const at::Tensor loss = (Augmented(pipeline, x, 0.8) * moved).sum();
  const at::Tensor slope = torch::autograd::grad({loss}, {x})[0];
  const double wanted = Dot(moved, moved);
  ASSERT_GT(wanted, 1);
  EXPECT_NEAR(Dot(slope, c), wanted, 1e-3 * wanted);
}

TEST(AdaPipeline, UnknownOperation) { ExpectUnknown<AdaPipeline>({"flip", "translation"}); }

}  // namespace
}  // namespace gan::core
