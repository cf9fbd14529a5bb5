#include "graph/graph.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

SymbolicShape Picture(int64_t channels, int64_t multiple = 1) {
  return {Dim::Symbol("N"), channels, Dim::Symbol("H", multiple), Dim::Symbol("W", multiple)};
}

Conv2d Same3x3() { return {.kernel = {3, 3}, .padding = {1, 1, 1, 1}}; }

std::string MessageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadData);
    return e.what();
  }
  return "no error";
}

// Conv, leaky ReLU, shuffle by 2, and a node nothing needs.
Graph Small() {
  GraphBuilder b("small");
  const ValueId x = b.Input("x", Picture(3));
  const ValueId w = b.Parameter("conv.weight", {12, 3, 3, 3});
  const ValueId bias = b.Parameter("conv.bias", {12});
  const ValueId y = b.Add(Same3x3(), {x, w, bias}, "conv");
  b.Add(Affine{.scale = 2}, {y}, "unused");
  const ValueId z = b.Add(Activation{ActivationKind::kLeakyRelu, 0.2f}, {y});
  return b.Finish({b.Add(PixelShuffle{2}, {z}, "out")});
}

TEST(Graph, PrintsItself) {
  EXPECT_EQ(ToString(Small()),
            "graph \"small\"\n"
            "  input x : [N, 3, H, W]\n"
            "  conv = conv2d(x, conv.weight, conv.bias) {kernel=3x3, stride=1x1, dilation=1x1, "
            "padding=1,1,1,1, groups=1} : [N, 12, H, W]\n"
            "  %5 = activation(conv) {kind=leaky_relu, alpha=0.2, beta=0} : [N, 12, H, W]\n"
            "  out = pixel_shuffle(%5) {factor=2} : [N, 3, 2*H, 2*W]\n"
            "  output out\n");
}

TEST(Graph, CountsWork) {
  const Graph graph = Small();
  const GraphCost cost = CostOf(graph, {{"N", 1}, {"H", 10}, {"W", 20}});
  EXPECT_EQ(cost.parameters, 12 * 27 + 12);
  EXPECT_EQ(cost.multiply_adds, 200.0 * 12 * 27 + 200 * 12);
}

TEST(Graph, ErrorsNameOpTensorWantedAndGot) {
  GraphBuilder b("bad");
  const ValueId x = b.Input("picture", Picture(4));
  const ValueId w = b.Parameter("conv_first.weight", {64, 3, 3, 3});
  EXPECT_EQ(MessageOf([&] {
              b.Add(Same3x3(), {x, w});
            }),
            "[conv2d] \"conv_first.weight\" wants 3 input channels, \"picture\" has 4");
}

TEST(Graph, BindsSizesOrSaysWhyNot) {
  GraphBuilder b("even");
  const ValueId x = b.Input("x", Picture(3, 2));
  const Graph graph = b.Finish({b.Add(PixelUnshuffle{2}, {x})});
  const Bindings bound = BindInputs(graph, {{1, 3, 4, 6}});
  EXPECT_EQ(ConcreteShapes(graph, bound).back(), (Shape{1, 12, 2, 3}));
  EXPECT_NE(MessageOf([&] {
              BindInputs(graph, {{1, 3, 4, 5}});
            }).find("multiple of 2"),
            std::string::npos);
  EXPECT_NE(MessageOf([&] {
              BindInputs(graph, {{1, 1, 4, 6}});
            }).find("wants [N, 3, H, W]"),
            std::string::npos);
  EXPECT_THROW(BindInputs(graph, {{3, 4, 6}}), Error);
}

TEST(Graph, TooSmallAnInputIsNamed) {
  GraphBuilder b("valid");
  const ValueId x = b.Input("x", Picture(1));
  const ValueId w = b.Parameter("w", {1, 1, 3, 3});
  const Graph graph = b.Finish({b.Add(Conv2d{.kernel = {3, 3}}, {x, w})});
  EXPECT_NE(MessageOf([&] {
              ConcreteShapes(graph, {{"N", 1}, {"H", 2}, {"W", 9}});
            }).find("too small"),
            std::string::npos);
}

TEST(Graph, ChecksParameters) {
  const Graph graph = Small();
  NamedTensors tensors;
  tensors.Add("conv.weight", Tensor::Zeros(DType::kF16, {12, 3, 3, 3}));
  EXPECT_NE(MessageOf([&] { CheckParameters(graph, tensors); }).find("conv.bias"),
            std::string::npos);
  tensors.Add("conv.bias", Tensor::Zeros(DType::kF32, {11}));
  EXPECT_EQ(MessageOf([&] { CheckParameters(graph, tensors); }),
            "[small] \"conv.bias\" wants [12], got [11]");
}

TEST(Graph, VerifyCatchesWhatTheBuilderNeverMakes) {
  Graph graph = Small();
  EXPECT_NO_THROW(Verify(graph));
  Graph order = graph;
  std::swap(order.nodes[0], order.nodes[1]);
  EXPECT_THROW(Verify(order), Error);
  Graph shape = graph;
  shape.values[Index(shape.outputs[0])].shape[1] = 7;
  EXPECT_THROW(Verify(shape), Error);
}

}  // namespace
}  // namespace gan::core
