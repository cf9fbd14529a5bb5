// Every op with every attribute set to a value of its own, against the plain loops that define it:
// an attribute that is lost or swapped on the way from the graph to the kernel shows here.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "backends/cpu/backend.h"
#include "base/error.h"
#include "base/random.h"
#include "kernels/activation.h"
#include "kernels/affine.h"
#include "kernels/attention.h"
#include "kernels/batch_norm.h"
#include "kernels/binary.h"
#include "kernels/conv2d.h"
#include "kernels/conv_transpose2d.h"
#include "kernels/demodulate.h"
#include "kernels/global_pool.h"
#include "kernels/group_norm.h"
#include "kernels/linear.h"
#include "kernels/pad2d.h"
#include "kernels/pixel_norm.h"
#include "kernels/pixel_shuffle.h"
#include "kernels/pixel_unshuffle.h"
#include "kernels/pool2d.h"
#include "kernels/prelu.h"
#include "kernels/resize.h"
#include "kernels/upfirdn2d.h"

namespace gan::core {
namespace {

Tensor RandomTensor(const Shape& shape) {
  static Random random(28);
  Tensor tensor(DType::kF32, shape);
  random.FillNormal(tensor.floats(), 1);
  return tensor;
}

// Runs a network of one op, the first `given` operands as inputs and the others as parameters.
Tensor RunOp(const Op& op, const std::vector<Tensor>& operands, size_t given = 1) {
  GraphBuilder b("one op");
  NamedTensors parameters;
  std::vector<ValueId> ids;
  for (size_t i = 0; i < operands.size(); ++i) {
    const std::string name = "operand" + std::to_string(i);
    const Shape& shape = operands[i].shape();
    if (i < given) {
      ids.push_back(b.Input(name, SymbolicShape(shape.sizes().begin(), shape.sizes().end())));
    } else {
      ids.push_back(b.Parameter(name, shape));
      parameters.Add(name, operands[i]);
    }
  }
  const Graph graph = b.Finish({b.Add(op, ids)});
  ThreadPool pool(2);
  const auto executable = MakeCpuBackend(pool)->Compile(graph, parameters);
  return RunOnce(*executable, std::span(operands).first(given))[0];
}

// The reference's answer, which must have the size that the graph's shape rule gave.
template <class Reference>
void ExpectReference(const Tensor& got, const Reference& reference) {
  Tensor wanted(DType::kF32, got.shape());
  reference(wanted.view());
  for (size_t i = 0; i < got.floats().size(); ++i) {
    ASSERT_NEAR(got.floats()[i], wanted.floats()[i], 1e-5 * (1 + std::abs(wanted.floats()[i])))
        << "element " << i;
  }
}

TEST(CpuOps, Conv2d) {
  const Tensor x = RandomTensor({2, 6, 13, 11}), weight = RandomTensor({4, 3, 3, 2});
  const Tensor bias = RandomTensor({4});
  const Conv2d op{
      .kernel = {3, 2}, .stride = {2, 3}, .dilation = {3, 2}, .padding = {1, 2, 3, 4}, .groups = 2};
  const kernels::Conv2dParams params{2, 3, 3, 2, 2, {1, 2, 3, 4}};
  ExpectReference(RunOp(op, {x, weight, bias}), [&](const TensorView& out) {
    kernels::reference::Conv2d(x.view(), weight.view(), bias.view(), params, out);
  });
  ExpectReference(RunOp(op, {x, weight}), [&](const TensorView& out) {
    kernels::reference::Conv2d(x.view(), weight.view(), {}, params, out);
  });
}

TEST(CpuOps, ConvTranspose2d) {
  const Tensor x = RandomTensor({2, 6, 5, 4}), weight = RandomTensor({6, 2, 3, 2});
  const Tensor bias = RandomTensor({4});
  const ConvTranspose2d op{.kernel = {3, 2},
                           .stride = {2, 3},
                           .dilation = {3, 2},
                           .padding = {0, 1, 2, 1},
                           .output_padding = {1, 2},
                           .groups = 2};
  const kernels::ConvTranspose2dParams params{2, 3, 3, 2, 2, {0, 1, 2, 1}, 1, 2};
  ExpectReference(RunOp(op, {x, weight, bias}), [&](const TensorView& out) {
    kernels::reference::ConvTranspose2d(x.view(), weight.view(), bias.view(), params, out);
  });
}

TEST(CpuOps, WeightsThatANetworkComputesAreRefused) {
  const Tensor x = RandomTensor({1, 2, 4, 4}), weight = RandomTensor({2, 2, 1, 1});
  EXPECT_THROW(RunOp(Conv2d{}, {x, weight}, 2), Error);
  EXPECT_THROW(RunOp(ConvTranspose2d{}, {x, weight}, 2), Error);
}

TEST(CpuOps, Linear) {
  const Tensor x = RandomTensor({3, 20}), weight = RandomTensor({7, 20}), bias = RandomTensor({7});
  for (const size_t given : {1, 2, 3}) {
    ExpectReference(RunOp(Linear{}, {x, weight, bias}, given), [&](const TensorView& out) {
      kernels::reference::Linear(x.view(), weight.view(), bias.view(), out);
    });
  }
}

TEST(CpuOps, Activation) {
  using K = ActivationKind;
  using R = kernels::ActivationKind;
  const std::pair<K, R> kinds[] = {{K::kRelu, R::kRelu},
                                   {K::kLeakyRelu, R::kLeakyRelu},
                                   {K::kSigmoid, R::kSigmoid},
                                   {K::kTanh, R::kTanh},
                                   {K::kSilu, R::kSilu},
                                   {K::kGelu, R::kGelu},
                                   {K::kElu, R::kElu},
                                   {K::kSoftplus, R::kSoftplus},
                                   {K::kClip, R::kClip},
                                   {K::kHardSigmoid, R::kHardSigmoid},
                                   {K::kHardSwish, R::kHardSwish}};
  const Tensor x = RandomTensor({1, 3, 5, 7});
  for (const auto& [kind, reference] : kinds) {
    SCOPED_TRACE(NameOf(kind));
    const Tensor got = RunOp(Activation{kind, 0.25f, 0.75f}, {x});
    const kernels::ActivationParams params{reference, 0.25f, 0.75f};
    ExpectReference(
        got, [&](const TensorView& out) { kernels::reference::Activation(x.view(), params, out); });
  }
}

TEST(CpuOps, Prelu) {
  const Tensor x = RandomTensor({2, 3, 5, 7});
  for (const int64_t slopes : {1, 3}) {
    const Tensor slope = RandomTensor({slopes});
    ExpectReference(RunOp(Prelu{}, {x, slope}), [&](const TensorView& out) {
      kernels::reference::Prelu(x.view(), slope.view(), out);
    });
  }
}

TEST(CpuOps, BinaryOfResultsAndParametersInBothOrders) {
  using K = BinaryKind;
  using R = kernels::BinaryKind;
  const std::pair<K, R> kinds[] = {{K::kAdd, R::kAdd},      {K::kSubtract, R::kSub},
                                   {K::kMultiply, R::kMul}, {K::kDivide, R::kDiv},
                                   {K::kMaximum, R::kMax},  {K::kMinimum, R::kMin}};
  const Tensor a = RandomTensor({2, 3, 4, 5}), b = RandomTensor({1, 3, 1, 1});
  for (const auto& kind : kinds) {
    SCOPED_TRACE(NameOf(kind.first));
    for (const size_t given : {1, 2}) {
      ExpectReference(RunOp(Binary{kind.first}, {a, b}, given), [&](const TensorView& out) {
        kernels::reference::Binary(a.view(), b.view(), kind.second, out);
      });
      ExpectReference(RunOp(Binary{kind.first}, {b, a}, given), [&](const TensorView& out) {
        kernels::reference::Binary(b.view(), a.view(), kind.second, out);
      });
    }
  }
}

TEST(CpuOps, Affine) {
  const Tensor x = RandomTensor({2, 30});
  ExpectReference(RunOp(Affine{.scale = 0.3f, .shift = -2}, {x}), [&](const TensorView& out) {
    kernels::reference::Affine(x.view(), 0.3f, -2, out);
  });
}

TEST(CpuOps, BatchNorm) {
  const Tensor x = RandomTensor({2, 3, 5, 7});
  const auto terms = [](std::initializer_list<float> values) {
    return Tensor::FromFloats({3}, std::vector<float>(values));
  };
  const Tensor weight = terms({1, 2, -3}), bias = terms({4, 5, 6});
  const Tensor mean = terms({0.5f, -1, 2}), variance = terms({1, 4, 0.25f});
  const auto expect = [&](const Tensor& got, const kernels::BatchNormTerms& wanted) {
    ExpectReference(got, [&](const TensorView& out) {
      kernels::reference::BatchNorm(x.view(), kernels::FoldBatchNorm(wanted), out);
    });
  };
  const BatchNorm op{.epsilon = 0.5f};
  expect(RunOp(op, {x, weight, bias, mean, variance}),
         {weight.view(), bias.view(), mean.view(), variance.view(), 0.5f});
  expect(RunOp(op, {x, mean, variance}), {{}, {}, mean.view(), variance.view(), 0.5f});
  EXPECT_THROW(RunOp(op, {x, mean, variance}, 2), Error);
}

TEST(CpuOps, GroupNorm) {
  const Tensor x = RandomTensor({2, 6, 4, 5}), weight = RandomTensor({6}), bias = RandomTensor({6});
  const GroupNorm op{.groups = 3, .epsilon = 0.2f};
  for (const size_t given : {1, 3}) {
    const Tensor got = RunOp(op, {x, weight, bias}, given);
    ExpectReference(got, [&](const TensorView& out) {
      kernels::reference::GroupNorm(x.view(), {weight.view(), bias.view(), 3, 0.2f}, out);
    });
  }
  ExpectReference(RunOp(op, {x}), [&](const TensorView& out) {
    kernels::reference::GroupNorm(x.view(), {.groups = 3, .epsilon = 0.2f}, out);
  });
}

TEST(CpuOps, PixelNorm) {
  const Tensor x = RandomTensor({3, 7});
  ExpectReference(RunOp(PixelNorm{.epsilon = 0.5f}, {x}), [&](const TensorView& out) {
    kernels::reference::PixelNorm(x.view(), 0.5f, out);
  });
}

TEST(CpuOps, Demodulate) {
  for (const bool transposed : {false, true}) {
    const Tensor style = RandomTensor({2, 5});
    const Tensor weight = RandomTensor(transposed ? Shape{5, 4, 2, 3} : Shape{4, 5, 2, 3});
    const Demodulate op{.scale = 0.5f, .epsilon = 0.25f, .transposed = transposed};
    ExpectReference(RunOp(op, {style, weight}), [&](const TensorView& out) {
      const Tensor squares = kernels::SquaresOfTaps(weight.view(), 0.5f, transposed);
      kernels::reference::Demodulate(style.view(), squares.view(), 0.25f, out);
    });
  }
}

TEST(CpuOps, Upfirdn2d) {
  const Tensor x = RandomTensor({2, 3, 5, 6}), filter = RandomTensor({4, 3});
  const Upfirdn2d op{
      .up = {2, 3}, .down = {3, 2}, .filter = {4, 3}, .padding = {2, 1, 4, 0}, .gain = 1.5f};
  for (const size_t given : {1, 2}) {
    ExpectReference(RunOp(op, {x, filter}, given), [&](const TensorView& out) {
      kernels::reference::Upfirdn2d(x.view(), filter.view(), {{2, 3}, {3, 2}, {2, 1}, 1.5f}, out);
    });
  }
}

TEST(CpuOps, Attention) {
  const Tensor queries = RandomTensor({2, 3, 4, 5}), keys = RandomTensor({2, 3, 2, 3});
  const Tensor values = RandomTensor({2, 6, 2, 3});
  for (const size_t given : {1, 3}) {
    const Tensor got = RunOp(Attention{0.7f}, {queries, keys, values}, given);
    ExpectReference(got, [&](const TensorView& out) {
      kernels::reference::Attention(queries.view(), keys.view(), values.view(), 0.7f, out);
    });
  }
}

TEST(CpuOps, ReshapeAndDropoutKeepTheNumbers) {
  const Tensor x = RandomTensor({2, 3, 4, 5});
  for (const size_t given : {0, 1}) {
    const Tensor flat = RunOp(Reshape{{60}}, {x}, given);
    ASSERT_EQ(flat.shape(), (Shape{2, 60}));
    ExpectReference(flat.Reshaped(x.shape()),
                    [&](const TensorView& out) { CopyElements(x.view(), out); });
    ExpectReference(RunOp(Dropout{.probability = 0.9f}, {x}, given),
                    [&](const TensorView& out) { CopyElements(x.view(), out); });
  }
}

TEST(CpuOps, ConcatAndSliceUndoEachOther) {
  const Tensor a = RandomTensor({2, 3, 4, 5}), b = RandomTensor({2, 2, 4, 5});
  for (const size_t given : {1, 2}) {
    const Tensor both = RunOp(Concat{}, {a, b}, given);
    ASSERT_EQ(both.shape(), (Shape{2, 5, 4, 5}));
    ExpectReference(RunOp(Slice{.axis = 1, .begin = 0, .end_margin = 2}, {both}),
                    [&](const TensorView& out) { CopyElements(a.view(), out); });
    ExpectReference(RunOp(Slice{.axis = 1, .begin = 3, .end_margin = 0}, {both}),
                    [&](const TensorView& out) { CopyElements(b.view(), out); });
  }
  ExpectReference(RunOp(Slice{.axis = 3, .begin = 1, .end_margin = 2}, {a}),
                  [&](const TensorView& out) { CopyElements(a.view().Slice(3, 1, 2), out); });
}

TEST(CpuOps, Pad2d) {
  using R = kernels::PadMode;
  const Tensor x = RandomTensor({1, 2, 6, 7});
  for (const auto& [mode, reference] : {std::pair{PadMode::kConstant, R::kConstant},
                                        {PadMode::kReflect, R::kReflect},
                                        {PadMode::kReplicate, R::kReplicate}}) {
    SCOPED_TRACE(NameOf(mode));
    const Tensor got = RunOp(Pad2d{mode, {1, 2, 3, 4}, 0.5f}, {x});
    ExpectReference(got, [&, kind = reference](const TensorView& out) {
      kernels::reference::Pad2d(x.view(), kind, {1, 2, 3, 4}, 0.5f, out);
    });
  }
}

TEST(CpuOps, Resize) {
  const Tensor x = RandomTensor({1, 2, 6, 8});
  const std::pair<ResizeMode, kernels::ResizeMode> modes[] = {
      {ResizeMode::kNearest, kernels::ResizeMode::kNearest},
      {ResizeMode::kBilinear, kernels::ResizeMode::kBilinear},
      {ResizeMode::kBicubic, kernels::ResizeMode::kBicubic}};
  const std::pair<ResizeCoordinates, kernels::ResizeCoordinates> rules[] = {
      {ResizeCoordinates::kAsymmetric, kernels::ResizeCoordinates::kAsymmetric},
      {ResizeCoordinates::kHalfPixel, kernels::ResizeCoordinates::kHalfPixel},
      {ResizeCoordinates::kAlignCorners, kernels::ResizeCoordinates::kAlignCorners}};
  for (const auto& mode : modes) {
    for (const auto& rule : rules) {
      const Tensor got = RunOp(
          Resize{.mode = mode.first, .coordinates = rule.first, .num = {3, 5}, .den = {2, 4}}, {x});
      ASSERT_EQ(got.shape(), (Shape{1, 2, 9, 10}));
      const kernels::ResizeParams params{mode.second, rule.second, 3, 2, 5, 4};
      ExpectReference(
          got, [&](const TensorView& out) { kernels::reference::Resize(x.view(), params, out); });
    }
  }
}

TEST(CpuOps, PixelShuffles) {
  const Tensor x = RandomTensor({1, 18, 3, 6});
  ExpectReference(RunOp(PixelShuffle{3}, {x}), [&](const TensorView& out) {
    kernels::reference::PixelShuffle(x.view(), 3, out);
  });
  ExpectReference(RunOp(PixelUnshuffle{3}, {x}), [&](const TensorView& out) {
    kernels::reference::PixelUnshuffle(x.view(), 3, out);
  });
}

TEST(CpuOps, Pools) {
  const Tensor x = RandomTensor({2, 3, 11, 13});
  for (const auto& [kind, reference] : {std::pair{PoolKind::kMax, kernels::PoolKind::kMax},
                                        {PoolKind::kAverage, kernels::PoolKind::kAverage}}) {
    const kernels::PoolKind wanted = reference;
    for (const bool count : {false, true}) {
      const Pool2d op{kind, {4, 5}, {2, 3}, {1, 0, 2, 1}, count};
      const kernels::Pool2dParams params{wanted, 4, 5, 2, 3, {1, 0, 2, 1}, count};
      ExpectReference(RunOp(op, {x}), [&](const TensorView& out) {
        kernels::reference::Pool2d(x.view(), params, out);
      });
    }
    ExpectReference(RunOp(GlobalPool{kind}, {x}), [&](const TensorView& out) {
      kernels::reference::GlobalPool(x.view(), wanted, out);
    });
  }
}

}  // namespace
}  // namespace gan::core
