#include "backends/cpu/row_lowering.h"

#include <gtest/gtest.h>

#include "backends/cpu/graph_testing.h"
#include "backends/cpu/node_order.h"

namespace gan::core {
namespace {

// What StyleGAN2 is made of: pictures times one number a channel that a latent gives, noise that is
// one number a pixel, numbers that are weights, filters that enlarge or blur each channel alone.
Graph Styled() {
  GraphBuilder b("test");
  const ValueId z = b.Input("z", {Dim::Symbol("N"), 6});
  const auto style = [&](const std::string& name, int64_t channels) {
    const ValueId made = b.Add(Linear{}, {z, b.Parameter(name + ".weight", {channels, 6})});
    return b.Add(Reshape{{channels, 1, 1}}, {made});
  };
  const auto conv = [&](ValueId in, const std::string& name, int64_t to, const Conv2d& op) {
    const int64_t from = b.ShapeOf(in)[1].constant();
    return b.Add(op, {in, b.Parameter(name, {to, from, op.kernel.h, op.kernel.w})});
  };
  const auto times = [&](ValueId a, ValueId s) {
    return b.Add(Binary{BinaryKind::kMultiply}, {a, s});
  };
  const Conv2d same{.kernel = {3, 3}, .padding = {1, 1, 1, 1}};
  const ValueId start =
      b.Add(Reshape{{4, 5, 5}}, {b.Add(Linear{}, {z, b.Parameter("start", {100, 6})})});
  ValueId v = times(conv(start, "a", 16, same), style("a.style", 16));
  const ValueId noise =
      times(b.Parameter("noise", {1, 1, 5, 5}), b.Parameter("strength", {1, 1, 1, 1}));
  v = b.Add(Binary{BinaryKind::kAdd}, {v, noise});
  v = b.Add(Binary{BinaryKind::kAdd}, {v, b.Parameter("bias", {1, 16, 1, 1})});
  v = b.Add(Binary{BinaryKind::kSubtract}, {v, b.Parameter("mean", {1, 1, 1, 1})});
  v = b.Add(Activation{ActivationKind::kLeakyRelu, 0.2f}, {v});
  const ValueId small = conv(times(v, style("rgb.style", 16)), "rgb", 3, {.kernel = {1, 1}});
  v = b.Add(ConvTranspose2d{.kernel = {3, 3}, .stride = {2, 2}},
            {times(v, style("b.style", 16)), b.Parameter("b", {16, 9, 3, 3})});
  const ValueId filter = b.Parameter("filter", {4, 4});
  v = b.Add(Upfirdn2d{{1, 1}, {1, 1}, {4, 4}, {1, 1, 1, 1}, 4}, {v, filter});
  v = conv(v, "c", 3, same);
  const ValueId uneven = b.Parameter("uneven", {3, 4});
  const ValueId up = b.Add(Upfirdn2d{{2, 2}, {1, 1}, {3, 4}, {2, 2, 0, 1}, 4}, {small, uneven});
  v = b.Add(Binary{BinaryKind::kSubtract}, {up, v});
  v = b.Add(Resize{ResizeMode::kBilinear, ResizeCoordinates::kHalfPixel, {3, 3}, {2, 1}}, {v});
  v = times(v, style("last.style", 3));
  return b.Finish({conv(v, "d", 8, same)});
}

TEST(RowLowering, StyledGeneratorsAreCloseToTheNodesOneByOne) {
  const Graph graph = Styled();
  for (const int64_t count : {1, 2, 7}) {
    const Tensor z = Picture({count, 6});
    OnEachTarget([&] {
      ExpectClose(RunWith({}, 2, graph, z), RunWith({.rows = false}, 2, graph, z), 2e-5f);
    });
    const Tensor plain = RunWith({.fuse_maps = false, .bands = false}, 1, graph, z);
    for (const int threads : {1, 3}) ExpectSameBits(RunWith({}, threads, graph, z), plain);
  }
}

// Styles first, and all the rest is one stretch.
TEST(RowLowering, StylesBreakNoStretch) {
  Graph graph = Styled();
  const std::vector<size_t> order = RunningOrder(graph);
  Graph ordered = graph;
  for (size_t n = 0; n < order.size(); ++n) ordered.nodes[n] = graph.nodes[order[n]];
  const std::vector<RowStretch> stretches = FindRowStretches(ordered);
  ASSERT_EQ(stretches.size(), 1u);
  EXPECT_EQ(stretches[0].end, graph.nodes.size());
  EXPECT_TRUE(std::holds_alternative<Conv2d>(ordered.nodes[stretches[0].begin].op));
}

// What a network adds to its picture enlarged is not held while all else runs.
TEST(RowLowering, EnlargesWhereItIsRead) {
  GraphBuilder b("test");
  const ValueId x = b.Input("x", {1, 8, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId large = b.Add(Resize{.num = {4, 4}}, {x});
  const Conv2d same{.kernel = {3, 3}, .padding = {1, 1, 1, 1}};
  ValueId v = x;
  for (const int64_t outputs : {8, 8, 8, 128}) {
    const std::string name = fmt::format("weight{}", Index(v));
    v = b.Add(same, {v, b.Parameter(name, {outputs, 8, 3, 3})});
  }
  const Graph graph = b.Finish({b.Add(Binary{}, {large, b.Add(PixelShuffle{4}, {v})})});
  const std::vector<size_t> order = RunningOrder(graph);
  EXPECT_EQ(order, (std::vector<size_t>{1, 2, 3, 4, 5, 0, 6}));

  ThreadPool pool(1);
  const auto executable = MakeCpuBackend(pool)->Compile(graph, RandomParameters(graph));
  if (kernels::ChannelLanes() == 0) GTEST_SKIP() << "no vectors";
  // Four results of one convolution each at most; the enlarged picture alone is as large as 16.
  const int64_t side = 256, lanes = std::max<int64_t>(kernels::ChannelLanes(), 8);
  EXPECT_LT(executable->Memory({{"H", side}, {"W", side}}).total(),
            static_cast<uint64_t>(side * side * 16 * lanes) * sizeof(float));
  const Tensor picture = Picture({1, 8, 21, 34});
  ExpectSameBits(RunWith({}, 2, graph, picture),
                 RunWith({.fuse_maps = false, .bands = false}, 1, graph, picture));
}

TEST(RowLowering, SaysWhyNot) {
  GraphBuilder b("test");
  const ValueId x = b.Input("x", {Dim::Symbol("N"), 3, 4, 5});
  const Graph graph = b.Finish(
      {b.Add(Upfirdn2d{{1, 1}, {2, 2}, {4, 4}, {1, 1, 1, 1}, 1}, {x, b.Parameter("f", {4, 4})}),
       b.Add(Upfirdn2d{{1, 1}, {1, 1}, {2, 2}, {2, 2, 2, 2}, 1}, {x, b.Parameter("g", {2, 2})}),
       b.Add(Binary{BinaryKind::kAdd}, {x, b.Parameter("h", {1, 3, 4, 1})}),
       b.Add(Binary{BinaryKind::kMaximum}, {x, x})});
  EXPECT_EQ(RowDecline(graph, graph.nodes[0]), "it thins the picture");
  EXPECT_EQ(RowDecline(graph, graph.nodes[1]), "its border is wider than the filter");
  EXPECT_EQ(RowDecline(graph, graph.nodes[2]),
            "an operand is repeated in a way that rows have not");
  EXPECT_EQ(RowDecline(graph, graph.nodes[3]), "no such step on rows");
}

}  // namespace
}  // namespace gan::core
