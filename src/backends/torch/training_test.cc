// Training runs: statistics against closed forms, and second derivatives against differences.
#include "backends/torch/training.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "backends/torch/run_graph.h"
#include "base/error.h"

namespace gan::core::torch_backend {
namespace {

void ExpectClose(const at::Tensor& got, const at::Tensor& wanted, double tolerance = 1e-5) {
  ASSERT_EQ(got.sizes(), wanted.sizes());
  EXPECT_LE((got - wanted).abs().max().item<double>(), tolerance) << got << "\nwanted\n" << wanted;
}

// x normalised by weight 2 and bias 1, the moving mean and variance starting at 3 and 5.
struct Normed {
  at::Tensor mean = at::full({2}, 3.0), variance = at::full({2}, 5.0);

  at::Tensor Run(const at::Tensor& x, const RunOptions& options, float momentum = 0.25f) {
    const std::vector<at::Tensor> in{x, at::full({2}, 2.0), at::full({2}, 1.0), mean, variance};
    const BatchNorm op{.epsilon = 0.5f, .momentum = momentum};
    return options.training ? Train(op, in, options) : Evaluate(op, in);
  }
};

// Channel 0 has mean 2 and variances 2 (of the batch) and 8/3 (unbiased), channel 1 is constant.
at::Tensor Batch() {
  return at::tensor({0.f, 2.f, 7.f, 7.f, 2.f, 4.f, 7.f, 7.f}).reshape({2, 2, 1, 2});
}

TEST(TrainBatchNorm, TakesTheBatchAndMovesTheStatistics) {
  Normed normed;
  const at::Tensor out = normed.Run(Batch(), {.training = true});
  const double spread = std::sqrt(2.5);
  EXPECT_NEAR(out[0][0][0][0].item<double>(), -2 / spread * 2 + 1, 1e-5);
  EXPECT_NEAR(out[1][0][0][1].item<double>(), 2 / spread * 2 + 1, 1e-5);
  EXPECT_NEAR(out[1][1][0][0].item<double>(), 1, 1e-5);
  ExpectClose(normed.mean, at::tensor({0.75 * 3 + 0.25 * 2, 0.75 * 3 + 0.25 * 7}, at::kFloat));
  ExpectClose(normed.variance, at::tensor({0.75 * 5 + 0.25 * 8 / 3, 0.75 * 5}, at::kFloat));
}

TEST(TrainBatchNorm, EvaluationTakesTheMovingStatisticsAndLeavesThem) {
  Normed normed;
  const at::Tensor out = normed.Run(Batch(), {});
  ExpectClose(out, (Batch() - 3) / std::sqrt(5.5) * 2 + 1);
  ExpectClose(normed.mean, at::full({2}, 3.0), 0);
  normed.Run(Batch(), {.training = true, .update_statistics = false});
  ExpectClose(normed.mean, at::full({2}, 3.0), 0);
  ExpectClose(normed.variance, at::full({2}, 5.0), 0);
}

// Two processes that see the same numbers: every sum doubles.
TEST(TrainBatchNorm, StatisticsOverProcessesAreThoseOfTheWholeBatch) {
  const auto twice = [](const at::Tensor& t) { return t * 2; };
  const RunOptions over{.training = true, .sum_over_processes = twice, .processes = 2};
  Normed one, two;
  const at::Tensor x = at::randn({3, 2, 2, 2}) + 4;
  const at::Tensor whole = one.Run(at::cat({x, x}), {.training = true});
  ExpectClose(two.Run(x, over), whole.slice(0, 0, 3));
  ExpectClose(two.mean, one.mean);
  ExpectClose(two.variance, one.variance);
}

TEST(TrainBatchNorm, GradientsOverOneProcessAreATens) {
  const auto alone = [](const at::Tensor& t) { return t; };
  Normed one, two;
  at::Tensor x = at::randn({3, 2, 2, 2}).requires_grad_(true), y = x.detach().clone();
  y.requires_grad_(true);
  const at::Tensor weights = at::randn({3, 2, 2, 2});
  (one.Run(x, {.training = true}) * weights).sum().backward();
  (two.Run(y, {.training = true, .sum_over_processes = alone}) * weights).sum().backward();
  ExpectClose(x.grad(), y.grad());
}

TEST(TrainBatchNorm, ASingleValueHasNoVariance) {
  Normed normed;
  EXPECT_THROW(normed.Run(at::randn({1, 2, 1, 1}), {.training = true}), Error);
}

TEST(TrainDropout, KeepsTheMeanAndFollowsTheGenerator) {
  const at::Tensor x = at::ones({50, 20, 4, 4});
  const auto run = [&](uint64_t seed, bool channels) {
    const RunOptions options{.training = true, .generator = at::detail::createCPUGenerator(seed)};
    return Train(Dropout{.probability = 0.2f, .channels = channels}, std::vector{x}, options);
  };
  const at::Tensor out = run(1, false);
  EXPECT_NEAR(out.mean().item<double>(), 1, 0.05);
  EXPECT_NEAR((out == 0).to(at::kFloat).mean().item<double>(), 0.2, 0.02);
  EXPECT_TRUE(at::equal(out, run(1, false)));
  EXPECT_FALSE(at::equal(out, run(2, false)));
  const at::Tensor whole = run(1, true);
  EXPECT_TRUE(at::equal(whole, whole.slice(3, 0, 1).slice(2, 0, 1).expand_as(whole)));
  EXPECT_TRUE(at::equal(Evaluate(Dropout{}, std::vector{x}), x));
}

// A network with batch normalisation and dropout, through the runner.
TEST(GraphRunner, TrainsAndEvaluates) {
  GraphBuilder b("small");
  const ValueId x = b.Input("x", {Dim::Symbol("N"), 3});
  const ValueId mean = b.Parameter("running_mean", {3}), variance = b.Parameter("running_var", {3});
  const ValueId y = b.Add(BatchNorm{}, {x, mean, variance});
  const GraphRunner runner(b.Finish({b.Add(Dropout{.probability = 0.5f}, {y})}));
  const ParameterTensors parameters{{"running_mean", at::zeros({3})},
                                    {"running_var", at::ones({3})}};
  const std::vector<at::Tensor> in{at::randn({64, 3}) + 5};
  ExpectClose(runner.Run(parameters, in)[0], in[0], 1e-3);
  const at::Tensor trained = runner.Run(parameters, in, {.training = true})[0];
  EXPECT_GT((trained == 0).sum().item<int64_t>(), 30);
  ExpectClose(parameters.at("running_mean"), 0.1 * in[0].mean(0));
  EXPECT_THROW(runner.Run(parameters, std::vector{at::randn({2, 4})}), Error);
  EXPECT_THROW(runner.Run(parameters, std::vector{at::randn({2, 4})}), Error);
}

using Derivatives = std::vector<at::Tensor>;

// What a gradient penalty is made of: the squared gradient of a function of `in` by all of `in`.
template <class Function>
at::Tensor SquaredGradient(const Function& function, const Derivatives& in) {
  const at::Tensor out = function(in);
  // A square, so that the gradient depends on the result too.
  const Derivatives gradients =
      torch::autograd::grad({(out * out).sum()}, in, {}, /*retain_graph=*/true, true);
  at::Tensor sum = at::zeros({}, in[0].options().requires_grad(false));
  for (const at::Tensor& gradient : gradients) sum = sum + (gradient * gradient).sum();
  return sum;
}

// The second derivatives that autograd gives along a random direction, against differences of first
// ones. Numbers of 64 bits, since differences lose half of them.
template <class Function>
void ExpectSecondDerivatives(const Function& function, Derivatives in) {
  for (at::Tensor& tensor : in) tensor.requires_grad_(true);
  const Derivatives gradients = torch::autograd::grad({SquaredGradient(function, in)}, in);
  double along = 0;
  Derivatives forward, back;
  constexpr double kStep = 1e-5;
  for (size_t i = 0; i < in.size(); ++i) {
    const at::Tensor direction = at::randn_like(in[i].detach());
    along += (gradients[i] * direction).sum().template item<double>();
    forward.push_back((in[i].detach() + kStep * direction).requires_grad_(true));
    back.push_back((in[i].detach() - kStep * direction).requires_grad_(true));
  }
  const double difference = (SquaredGradient(function, forward) - SquaredGradient(function, back))
                                .template item<double>() /
                            (2 * kStep);
  EXPECT_NE(along, 0);
  EXPECT_NEAR(along, difference, 1e-5 * std::max(1.0, std::abs(difference)));
}

at::Tensor Random(at::IntArrayRef sizes) { return at::randn(sizes, at::kDouble); }

template <class Type>
void ExpectTwiceDifferentiable(const Type& op, const Derivatives& in,
                               const RunOptions& options = {.training = true}) {
  SCOPED_TRACE(Type::kName);
  ExpectSecondDerivatives([&](const Derivatives& given) { return Train(op, given, options); }, in);
}

TEST(SecondDerivatives, OfTheOpsOfNetworks) {
  at::manual_seed(1);
  const Padding2d border{1, 1, 1, 1};
  ExpectTwiceDifferentiable(Conv2d{.kernel = {4, 4}, .stride = {2, 2}, .padding = border},
                            {Random({2, 3, 6, 6}), Random({4, 3, 4, 4}), Random({4})});
  ExpectTwiceDifferentiable(Conv2d{.kernel = {3, 3}, .padding = border, .groups = 2},
                            {Random({2, 4, 4, 4}), Random({4, 2, 3, 3}), Random({4})});
  ExpectTwiceDifferentiable(ConvTranspose2d{.kernel = {4, 4}, .stride = {2, 2}, .padding = border},
                            {Random({2, 3, 3, 3}), Random({3, 2, 4, 4}), Random({2})});
  ExpectTwiceDifferentiable(Linear{}, {Random({3, 5}), Random({2, 5}), Random({2})});
  ExpectTwiceDifferentiable(Attention{0.5f},
                            {Random({2, 2, 3, 3}), Random({2, 2, 2, 2}), Random({2, 3, 2, 2})});
  ExpectTwiceDifferentiable(Pool2d{.kind = PoolKind::kAverage, .kernel = {2, 2}, .stride = {2, 2}},
                            {Random({2, 2, 4, 4})});
  ExpectTwiceDifferentiable(GlobalPool{PoolKind::kAverage}, {Random({2, 2, 4, 4})});
  ExpectTwiceDifferentiable(Reshape{{4, 2, 2}}, {Random({2, 16})});
  ExpectTwiceDifferentiable(PixelShuffle{2}, {Random({1, 8, 2, 2})});
  ExpectTwiceDifferentiable(Binary{BinaryKind::kMultiply},
                            {Random({2, 3, 2, 2}), Random({2, 3, 1, 1})});
  ExpectTwiceDifferentiable(Concat{}, {Random({2, 3, 2, 2}), Random({2, 1, 2, 2})});
  ExpectTwiceDifferentiable(Prelu{}, {Random({2, 3, 2, 2}), Random({3})});
}

TEST(SecondDerivatives, OfActivations) {
  at::manual_seed(2);
  for (const ActivationKind kind :
       {ActivationKind::kRelu, ActivationKind::kLeakyRelu, ActivationKind::kSigmoid,
        ActivationKind::kTanh, ActivationKind::kSilu, ActivationKind::kGelu, ActivationKind::kElu,
        ActivationKind::kSoftplus}) {
    SCOPED_TRACE(NameOf(kind));
    ExpectTwiceDifferentiable(Activation{kind, 0.2f}, {Random({2, 3, 2, 2})});
  }
}

TEST(SecondDerivatives, OfResizing) {
  at::manual_seed(3);
  for (const ResizeMode mode :
       {ResizeMode::kNearest, ResizeMode::kBilinear, ResizeMode::kBicubic}) {
    SCOPED_TRACE(NameOf(mode));
    for (const auto rule : {ResizeCoordinates::kHalfPixel, ResizeCoordinates::kAsymmetric}) {
      ExpectTwiceDifferentiable(Resize{.mode = mode, .coordinates = rule, .num = {2, 2}},
                                {Random({1, 2, 3, 3})});
    }
  }
}

TEST(SecondDerivatives, OfBatchNorm) {
  at::manual_seed(4);
  const Derivatives terms{Random({3}), Random({3})};
  const at::Tensor mean = at::zeros({3}, at::kDouble), variance = at::ones({3}, at::kDouble);
  // The moving statistics are no variables, hence not ExpectTwiceDifferentiable.
  for (const bool training : {true, false}) {
    SCOPED_TRACE(training);
    ExpectSecondDerivatives(
        [&](const Derivatives& in) {
          const std::vector<at::Tensor> all{in[0], in[1], in[2], mean, variance};
          return training ? Train(BatchNorm{}, all, {.training = true})
                          : Evaluate(BatchNorm{}, all);
        },
        {Random({4, 3, 2, 2}), terms[0], terms[1]});
  }
}

}  // namespace
}  // namespace gan::core::torch_backend
