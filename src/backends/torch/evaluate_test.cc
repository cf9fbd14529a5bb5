// What ATen does not offer as such is composed here: checked against small sums done by hand and
// against ATen where the two meet. (tests/conformance compares every op with the CPU engine.)
#include "backends/torch/evaluate.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core::torch_backend {
namespace {

at::Tensor Apply(const Op& op, const std::vector<at::Tensor>& in) {
  return std::visit([&](const auto& typed) { return Evaluate(typed, in); }, op);
}

at::Tensor Row(const std::vector<float>& values) {
  return at::tensor(values).reshape({1, 1, 1, -1});
}

void ExpectEqual(const at::Tensor& got, const at::Tensor& wanted, double tolerance = 0) {
  ASSERT_EQ(got.sizes(), wanted.sizes());
  EXPECT_LE((got - wanted).abs().max().item<double>(), tolerance) << got << "\nwanted\n" << wanted;
}

TEST(TorchEvaluate, UnevenPaddingOfConvolutions) {
  const at::Tensor x = at::randn({2, 4, 6, 7}), weight = at::randn({6, 2, 3, 3});
  const at::Tensor bias = at::randn({6});
  const Conv2d op{.kernel = {3, 3}, .padding = {2, 0, 1, 3}, .groups = 2};
  const at::Tensor even = at::conv2d(x, weight, bias, 1, 3, 1, 2);
  ExpectEqual(Apply(op, {x, weight, bias}),
              even.slice(2, 1, even.size(2) - 2).slice(3, 3, even.size(3)), 1e-5);
}

TEST(TorchEvaluate, UnevenPaddingOfTransposedConvolutions) {
  const at::Tensor x = at::randn({1, 2, 3, 4}), weight = at::randn({2, 5, 3, 3});
  const at::Tensor bias = at::randn({5});
  ConvTranspose2d op{.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 0, 0, 1}};
  const at::Tensor whole = at::conv_transpose2d(x, weight, bias, 2);
  ExpectEqual(Apply(op, {x, weight, bias}),
              whole.slice(2, 1, whole.size(2)).slice(3, 0, whole.size(3) - 1), 1e-5);
  // One row more than anything reaches: the bias alone.
  op.output_padding = {1, 0};
  const at::Tensor longer = Apply(op, {x, weight, bias});
  ExpectEqual(longer.select(2, longer.size(2) - 1),
              bias.reshape({1, 5, 1}).expand({1, 5, longer.size(3)}));
  // Where ATen has the case itself, both ways agree.
  op.padding = {1, 1, 1, 1};
  const at::Tensor native = Apply(op, {x, weight, bias});
  op.padding = {1, 1, 1, 0};
  ExpectEqual(Apply(op, {x, weight, bias}).slice(3, 0, native.size(3)), native, 1e-5);
}

TEST(TorchEvaluate, PoolsLeaveOutOrCountTheBorder) {
  const at::Tensor x = Row({1, 2, 6});
  Pool2d op{.kind = PoolKind::kAverage, .kernel = {1, 2}, .padding = {0, 1, 0, 0}};
  ExpectEqual(Apply(op, {x}), Row({0.5, 1.5, 4}));
  op.count_padding = false;
  ExpectEqual(Apply(op, {x}), Row({1, 1.5, 4}), 1e-6);
  op.kind = PoolKind::kMax;
  ExpectEqual(Apply(op, {-x}), Row({-1, -1, -2}));
}

TEST(TorchEvaluate, NearestAgreesWithATen) {
  const at::Tensor x = at::randn({1, 2, 5, 6});
  for (const int64_t scale : {1, 2, 3, 4, 5, 8}) {
    ExpectEqual(Apply(Resize{.num = {scale, scale}}, {x}),
                at::upsample_nearest2d(x, {5 * scale, 6 * scale}));
  }
  ExpectEqual(Apply(Resize{.num = {1, 3}, .den = {2, 2}}, {Row({1, 2, 3, 4}).expand({1, 1, 2, 4})}),
              Row({1, 1, 2, 3, 3, 4}));
  ExpectEqual(Apply(Resize{.coordinates = ResizeCoordinates::kHalfPixel, .den = {1, 3}},
                    {Row({1, 2, 3, 4, 5, 6})}),
              Row({2, 5}));
}

TEST(TorchEvaluate, AsymmetricResizing) {
  Resize op{.mode = ResizeMode::kBilinear, .num = {1, 2}};
  ExpectEqual(Apply(op, {Row({1, 3, 7})}), Row({1, 2, 3, 5, 7, 7}), 1e-6);
  op.mode = ResizeMode::kBicubic;
  // Halfway between two pixels the weights are -3/32, 19/32, 19/32, -3/32.
  ExpectEqual(Apply(op, {Row({32, 0, 0, 0})}), Row({32, 16, 0, -3, 0, 0, 0, 0}), 1e-5);
  // A picture of one colour keeps it.
  op.num = {7, 5}, op.den = {3, 4};
  ExpectEqual(Apply(op, {at::full({1, 1, 6, 8}, 0.5)}), at::full({1, 1, 14, 10}, 0.5), 1e-6);
}

TEST(TorchEvaluate, ReflectionNeedsRoom) {
  const Pad2d op{.mode = PadMode::kReflect, .padding = {0, 2, 0, 1}};
  ExpectEqual(Apply(op, {Row({1, 2, 3})}), Row({3, 2, 1, 2, 3, 2}));
  EXPECT_THROW(Apply(op, {Row({1, 2})}), Error);
}

TEST(TorchEvaluate, RampsUseTheirAttributes) {
  const Activation op{.kind = ActivationKind::kHardSwish, .alpha = 0.5f, .beta = 0.25f};
  ExpectEqual(Apply(op, {Row({-2, 1, 4})}), Row({0, 0.75, 4}));
}

}  // namespace
}  // namespace gan::core::torch_backend
