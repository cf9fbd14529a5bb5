#include "backends/cpu/passes.h"

#include <gtest/gtest.h>

#include "backends/cpu/row_lowering.h"
#include "backends/cpu/row_plan.h"
#include "backends/cpu/row_text.h"

namespace gan::core {
namespace {

constexpr CpuPasses kNone{.join_concats = false, .fuse_maps = false, .fuse_doublings = false};

// Builds networks of 3x3 convolutions with weights of zeros.
class Builder {
 public:
  Builder() : x_(b_.Input("x", {Dim::Symbol("N"), 16, Dim::Symbol("H"), Dim::Symbol("W")})) {}

  ValueId x() const { return x_; }
  ValueId Conv(ValueId in, int64_t outputs, const Conv2d& op = kSame) {
    const std::string name = fmt::format("conv{}", count_++);
    const Shape shape{outputs, b_.ShapeOf(in)[1].constant(), op.kernel.h, op.kernel.w};
    tensors_.Add(name, Tensor::Zeros(DType::kF32, shape));
    return b_.Add(op, {in, b_.Parameter(name, shape)}, name);
  }
  ValueId Leaky(ValueId in) { return b_.Add(Activation{ActivationKind::kLeakyRelu, 0.2f}, {in}); }
  ValueId Add(const Op& op, const std::vector<ValueId>& inputs) { return b_.Add(op, inputs); }

  Graph Finish(ValueId out) { return b_.Finish({out}); }
  RowProgram Lower(ValueId out, const CpuPasses& passes) {
    const Graph graph = Finish(out);
    const std::vector<RowStretch> stretches = FindRowStretches(graph);
    EXPECT_EQ(stretches.size(), 1u);
    WeightSupply weights(graph, tensors_);
    return LowerToRows(graph, stretches.at(0), weights, passes);
  }

  static constexpr Conv2d kSame{.kernel = {3, 3}, .padding = {1, 1, 1, 1}};

 private:
  GraphBuilder b_{"test"};
  ValueId x_;
  NamedTensors tensors_;
  int count_ = 0;
};

std::vector<RowStepKind> KindsOf(const RowProgram& program) {
  std::vector<RowStepKind> kinds;
  for (const RowStep& step : program.steps) kinds.push_back(step.kind);
  return kinds;
}

using Kind = RowStepKind;
using Kinds = std::vector<RowStepKind>;

TEST(Passes, NoneLeaveAStepANode) {
  Builder b;
  const ValueId out = b.Leaky(b.Conv(b.x(), 16));
  EXPECT_EQ(KindsOf(b.Lower(out, kNone)),
            (Kinds{Kind::kLoad, Kind::kConvolve, Kind::kMap, Kind::kStore}));
}

TEST(Passes, MapsAreFusedIntoTheConvolution) {
  Builder b;
  const ValueId conv = b.Conv(b.x(), 16);
  // x + 0.2 leaky(conv(x)), with the convolution's side as either operand.
  const ValueId scaled = b.Add(Affine{.scale = 0.2f}, {b.Leaky(conv)});
  const ValueId out = b.Add(Binary{BinaryKind::kSubtract}, {b.x(), scaled});
  const RowProgram program = b.Lower(out, {});
  EXPECT_EQ(KindsOf(program), (Kinds{Kind::kLoad, Kind::kConvolve, Kind::kStore}));
  ASSERT_EQ(program.steps[1].ops.size(), 3u);
  EXPECT_EQ(program.steps[1].ops[2].kind, kernels::PixelOpKind::kSubtractFrom);
  EXPECT_EQ(program.steps[1].ops[2].other, program.steps[0].output);
  EXPECT_EQ(program.steps[1].nodes.size(), 4u);
}

TEST(Passes, WhatIsReadTwiceIsNotFused) {
  Builder b;
  const ValueId conv = b.Conv(b.x(), 16);
  const ValueId out = b.Add(Binary{}, {b.Leaky(conv), conv});
  const RowProgram program = b.Lower(out, {});
  ASSERT_EQ(KindsOf(program), (Kinds{Kind::kLoad, Kind::kConvolve, Kind::kMap, Kind::kStore}));
  EXPECT_EQ(program.steps[2].ops.size(), 2u);
}

TEST(Passes, ConcatsAreReadWhereTheirPartsLie) {
  Builder b;
  const ValueId first = b.Conv(b.x(), 8);
  const ValueId both = b.Add(Concat{}, {b.x(), first});
  const RowProgram program = b.Lower(b.Conv(both, 16), {});
  ASSERT_EQ(KindsOf(program), (Kinds{Kind::kLoad, Kind::kConvolve, Kind::kConvolve, Kind::kStore}));
  EXPECT_EQ(program.steps[2].inputs, (std::vector{0, 1}));
  // Something else reads it too.
  Builder c;
  const ValueId part = c.Conv(c.x(), 16);
  const ValueId joined = c.Add(Concat{}, {c.x(), part});
  const ValueId sum = c.Add(Binary{}, {c.Conv(joined, 32), joined});
  EXPECT_EQ(KindsOf(c.Lower(sum, {}))[2], Kind::kJoin);
}

TEST(Passes, DoublingsAreReadFromTheSmallPicture) {
  Builder b;
  const ValueId up = b.Add(Resize{.num = {2, 2}}, {b.x()});
  const RowProgram program = b.Lower(b.Conv(up, 16), {});
  ASSERT_EQ(KindsOf(program), (Kinds{Kind::kLoad, Kind::kConvolve, Kind::kStore}));
  EXPECT_TRUE(program.steps[1].doubled);
  Builder c;
  const ValueId triple = c.Add(Resize{.num = {3, 3}}, {c.x()});
  EXPECT_EQ(KindsOf(c.Lower(c.Conv(triple, 16), {}))[1], Kind::kRepeat);
}

TEST(Passes, TilesAreEnlargedWhereThatIsFewerProducts) {
  const auto tile_of = [](const Dim& size) {
    GraphBuilder b("test");
    const ValueId x = b.Input("x", {1, 16, size, size});
    NamedTensors tensors;
    tensors.Add("conv", Tensor::Zeros(DType::kF32, {16, 16, 3, 3}));
    const Graph graph = b.Finish({b.Add(Builder::kSame, {x, b.Parameter("conv", {16, 16, 3, 3})})});
    WeightSupply weights(graph, std::move(tensors));
    return LowerToRows(graph, FindRowStretches(graph).at(0), weights, {}).steps[1].tile;
  };
  EXPECT_EQ(tile_of(Dim::Symbol("S")), 6);
  EXPECT_EQ(tile_of(64), 6);
  EXPECT_EQ(tile_of(32), 4);
  EXPECT_EQ(tile_of(8), 4);
}

// Rounding to bf16 costs more with them: they are left where a scale takes errors off again.
TEST(Passes, LargeTilesOfRoundedProductsStandInScaledBranchesAlone) {
  const auto tiles_of = [](float scale, const CpuPasses& passes) {
    Builder b;
    const ValueId trunk = b.Conv(b.x(), 16);
    const ValueId branch = b.Conv(b.Leaky(b.Conv(trunk, 16)), 16);
    const ValueId sum = b.Add(Binary{BinaryKind::kAdd}, {b.Add(Affine{scale, 0}, {branch}), trunk});
    std::vector<int64_t> tiles;
    for (const RowStep& step : b.Lower(b.Conv(sum, 16), passes).steps) {
      EXPECT_EQ(step.bf16, passes.bf16 && step.kind == Kind::kConvolve);
      if (step.kind == Kind::kConvolve) tiles.push_back(step.tile);
    }
    return tiles;
  };
  EXPECT_EQ(tiles_of(0.2f, {}), (std::vector<int64_t>{6, 6, 6, 6}));
  EXPECT_EQ(tiles_of(0.2f, {.bf16 = true}), (std::vector<int64_t>{4, 6, 6, 4}));
  EXPECT_EQ(tiles_of(-0.2f, {.bf16 = true}), (std::vector<int64_t>{4, 6, 6, 4}));
  EXPECT_EQ(tiles_of(0.5f, {.bf16 = true}), (std::vector<int64_t>{4, 4, 4, 4}));
  EXPECT_EQ(tiles_of(0.2f, {.fuse_maps = false, .bf16 = true}), (std::vector<int64_t>{4, 6, 6, 4}));
}

TEST(RowLowering, SaysWhyNotByWinograd) {
  const auto why = [&](const Conv2d& op, int64_t outputs) {
    Builder b;
    return b.Lower(b.Conv(b.x(), outputs, op), {}).steps[1].why;
  };
  EXPECT_EQ(why({.kernel = {3, 3}}, 16), "");
  EXPECT_EQ(why({.kernel = {7, 7}, .padding = {6, 3, 3, 3}}, 16), "");
  EXPECT_EQ(why({.kernel = {5, 3}}, 16), "the filter is not square");
  EXPECT_EQ(why({.kernel = {1, 1}}, 16), "the filter is smaller than 3x3");
  EXPECT_EQ(why({.kernel = {3, 3}, .stride = {2, 2}}, 16), "the stride is not 1");
  EXPECT_EQ(why({.kernel = {3, 3}, .dilation = {2, 2}}, 16), "the filter is dilated");
  EXPECT_EQ(why({.kernel = {3, 3}, .padding = {3, 0, 0, 0}}, 16),
            "the padding is as large as the filter");
  EXPECT_EQ(why({.kernel = {3, 3}}, 4), "too few channels to pay for transforms");
}

TEST(RowLowering, FiltersOfStride2AreWinogradsOnLargePictures) {
  const Conv2d halving{.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}};
  const auto step_of = [&](const Dim& size, const CpuPasses& passes) {
    GraphBuilder b("test");
    const ValueId x = b.Input("x", {1, 16, size, size});
    NamedTensors tensors;
    tensors.Add("conv", Tensor::Zeros(DType::kF32, {16, 16, 4, 4}));
    const Graph graph = b.Finish({b.Add(halving, {x, b.Parameter("conv", {16, 16, 4, 4})})});
    WeightSupply weights(graph, std::move(tensors));
    return LowerToRows(graph, FindRowStretches(graph).at(0), weights, passes).steps[1];
  };
  EXPECT_EQ(step_of(Dim::Symbol("H", 2), {}).tile, 3);
  EXPECT_EQ(step_of(64, {}).kind, RowStepKind::kConvolve);
  EXPECT_EQ(step_of(32, {}).why, "too few pixels to pay for filters transformed");
  EXPECT_EQ(step_of(64, {.small_tiles = false}).why, "the stride is not 1");
}

TEST(RowLowering, SaysWhyNotOnRows) {
  GraphBuilder b("test");
  const ValueId x = b.Input("x", {1, 16, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId computed = b.Add(Affine{.scale = 2}, {b.Parameter("weight", {16, 16, 3, 3})});
  const ValueId first = b.Add(Conv2d{.kernel = {3, 3}}, {x, computed});
  const ValueId groups =
      b.Add(Conv2d{.kernel = {3, 3}, .groups = 4}, {first, b.Parameter("groups", {16, 4, 3, 3})});
  const Graph graph = b.Finish({b.Add(Slice{.begin = 1}, {groups})});
  EXPECT_EQ(RowDecline(graph, graph.nodes[1]), "the filter is computed by the network");
  EXPECT_EQ(RowDecline(graph, graph.nodes[2]), "groups have too few channels");
  EXPECT_EQ(RowDecline(graph, graph.nodes[3]), "no such step on rows");
}

TEST(RowLowering, StretchesEndWhereTwoResultsLeave) {
  Builder b;
  const ValueId conv = b.Conv(b.x(), 16);
  const ValueId act = b.Leaky(conv);
  const auto slice = [&](ValueId in) { return b.Add(Slice{.begin = 1}, {in}); };
  const ValueId part = slice(act);
  const Graph graph = b.Finish(b.Add(Binary{}, {part, slice(conv)}));
  const std::vector<RowStretch> stretches = FindRowStretches(graph);
  ASSERT_EQ(stretches.size(), 1u);
  EXPECT_EQ(stretches[0].end, 1u);
}

TEST(RowText, TellsKernelsAndFusions) {
  Builder b;
  const ValueId up = b.Add(Resize{.num = {2, 2}}, {b.x()});
  const ValueId out = b.Leaky(b.Conv(up, 16));
  const Graph graph = b.Finish(out);
  Builder c;
  const RowProgram program =
      c.Lower(c.Leaky(c.Conv(c.Add(Resize{.num = {2, 2}}, {c.x()}), 16)), {});
  const std::string text = ToString(graph, program);
  EXPECT_NE(text.find("Winograd F(4x4, 3x3), doubles as it reads"), std::string::npos) << text;
  EXPECT_NE(text.find("fused with [rectifier]"), std::string::npos) << text;
}

// Every row of every step once, in order, and never more than a ring holds.
TEST(RowPlan, TurnsCoverEveryRowOnce) {
  Builder b;
  ValueId v = b.x();
  for (int i = 0; i < 4; ++i) v = b.Leaky(b.Conv(v, 16));
  const RowProgram program = b.Lower(b.Conv(b.Add(Resize{.num = {2, 2}}, {v}), 16), {});
  const Shape input{1, 16, 203, 301};
  const RowPlan plan = PlanRows(program, {&input, 1}, 8, 2, {});
  std::vector<int64_t> done(program.steps.size());
  for (const RowGroup& group : plan.groups) {
    for (const RowTurn& turn : group.turns) {
      EXPECT_EQ(turn.begin, done[turn.step]);
      done[turn.step] = turn.end;
    }
  }
  for (size_t s = 0; s < done.size(); ++s) {
    const int value =
        program.steps[s].output >= 0 ? program.steps[s].output : program.steps[s].inputs[0];
    EXPECT_EQ(done[s], plan.values[static_cast<size_t>(value)].rows());
  }
  EXPECT_LT(plan.values[1].held, 100);
}

}  // namespace
}  // namespace gan::core
