// What an op becomes. The numbers are compared in tests/conformance.
#include "formats/onnx_lowering.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

// One node on a picture "x" [N, 4, H, W], or of known sizes, with weights of these shapes.
struct One {
  explicit One(Op op, const std::vector<Shape>& weights = {}, bool known = false) {
    GraphBuilder builder("one");
    const Dim h = known ? Dim(8) : Dim::Symbol("H", 4), w = known ? Dim(8) : Dim::Symbol("W", 4);
    std::vector<ValueId> inputs(std::holds_alternative<Attention>(op) ? 3 : 1,
                                builder.Input("x", {Dim::Symbol("N"), 4, h, w}));
    for (const Shape& shape : weights) {
      const std::string name = fmt::format("w{}", inputs.size());
      inputs.push_back(builder.Parameter(name, shape));
      parameters.Add(name, Tensor::Zeros(DType::kF32, shape));
    }
    graph = builder.Finish({builder.Add(std::move(op), inputs)});
  }

  // Its operators in their order; what is wrong where it cannot be written.
  std::string Operators() const {
    OnnxLowering lowering("test", graph, parameters);
    try {
      lowering.LowerAll();
    } catch (const Error& error) {
      return error.what();
    }
    std::string text;
    for (const ProtoWriter& node : lowering.nodes()) {
      ProtoReader reader("test", std::as_bytes(std::span(node.bytes())));
      for (ProtoField field; reader.Next(field);) {
        if (field.number == 4) text += std::string(field.Text("test")) + " ";
      }
    }
    return text;
  }

  Graph graph;
  NamedTensors parameters;
};

TEST(OnnxLowering, Activations) {
  EXPECT_EQ(One(Activation{ActivationKind::kSilu}).Operators(), "Sigmoid Mul ");
  EXPECT_EQ(One(Activation{ActivationKind::kGelu}).Operators(), "Mul Erf Add Mul Mul ");
  EXPECT_EQ(One(Activation{ActivationKind::kHardSwish, 1.0f / 6, 0.5f}).Operators(), "HardSwish ");
  EXPECT_EQ(One(Activation{ActivationKind::kHardSwish, 0.2f, 0.5f}).Operators(),
            "HardSigmoid Mul ");
  EXPECT_EQ(One(Affine{2, 1}).Operators(), "Mul Add ");
  EXPECT_EQ(One(Affine{1, 1}).Operators(), "Add ");
  EXPECT_EQ(One(Affine{2, 0}).Operators(), "Mul ");
}

TEST(OnnxLowering, Norms) {
  EXPECT_EQ(One(BatchNorm{}, {{4}, {4}}).Operators(), "BatchNormalization ");
  EXPECT_EQ(One(GroupNorm{.groups = 4}).Operators(), "InstanceNormalization ");
  EXPECT_EQ(One(GroupNorm{.groups = 2}).Operators(),
            "Reshape InstanceNormalization Shape Reshape ");
  EXPECT_EQ(One(GroupNorm{.groups = 1}, {{4}, {4}}).Operators(),
            "Reshape InstanceNormalization Shape Reshape Mul Add ");
  EXPECT_EQ(One(PixelNorm{}).Operators(), "Mul ReduceMean Add Sqrt Div ");
}

TEST(OnnxLowering, Resampling) {
  EXPECT_EQ(One(PixelUnshuffle{2}).Operators(), "Conv ");
  EXPECT_EQ(One(PixelShuffle{2}).Operators(), "DepthToSpace ");
  Upfirdn2d filter{.up = {2, 2}, .filter = {4, 4}, .padding = {2, 2, 1, 1}};
  EXPECT_EQ(One(filter, {{4, 4}}).Operators(), "ConvTranspose ");
  filter.down = {2, 2};
  EXPECT_EQ(One(filter, {{4, 4}}).Operators(), "ConvTranspose Conv ");
  filter.up = {1, 1};
  EXPECT_EQ(One(filter, {{4, 4}}).Operators(), "Conv ");
  EXPECT_EQ(One(Resize{.num = {34, 2}, .den = {17, 1}}).Operators(), "Resize ");
  EXPECT_NE(One(Resize{.num = {20, 2}, .den = {17, 1}})
                .Operators()
                .find("ONNX cannot hold \"%1\" (resize): the scale 20/17"),
            std::string::npos);
}

TEST(OnnxLowering, AttentionWantsKnownSizes) {
  EXPECT_EQ(One(Attention{.scale = 1}, {}, true).Operators(),
            "Reshape Transpose Reshape MatMul Softmax Reshape Transpose MatMul Reshape ");
  EXPECT_NE(One(Attention{}).Operators().find("pictures of every size"), std::string::npos);
}

TEST(OnnxLowering, EqualConstantsAreOne) {
  GraphBuilder builder("two");
  ValueId x = builder.Input("x", {Dim::Symbol("N"), 4});
  for (int i = 0; i < 3; ++i) x = builder.Add(Affine{.scale = 0.2f}, {x});
  const Graph graph = builder.Finish({x});
  const NamedTensors none;
  OnnxLowering lowering("test", graph, none);
  lowering.LowerAll();
  EXPECT_EQ(lowering.nodes().size(), 3u);
  EXPECT_EQ(lowering.initializers().size(), 1u);
}

}  // namespace
}  // namespace gan::core
