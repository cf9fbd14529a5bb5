// Each ONNX operator by itself: what it becomes, and what of it is refused.
#include <gtest/gtest.h>

#include "base/error.h"
#include "formats/onnx.h"
#include "formats/testing/onnx_reading.h"
#include "formats/testing/onnx_writer.h"

namespace gan::core {
namespace {

using testing::ExpectHas;
using testing::GraphOrError;
using testing::OnnxWriter;

// A picture "x" [1, 4, open, open], and weights that the operators take.
OnnxWriter Picture() {
  OnnxWriter writer;
  writer.Input("x", {1, 4, -1, -1}).Weight("four", {4}).Weight("one", {1}).Weight("nothing", {0});
  writer.Weight("scales", {4}, 1)
      .Weight("map", {1, 4, 1, 1})
      .Ints("pads", {0, 0, 1, 2, 0, 0, 3, 4});
  writer.Weight("filter", {4, 1, 3, 3}).Weight("row", {5}).Weight("matrix", {4, 6});
  writer.Weight("two", {2}).Weight("all", {4, 8, 8}).Ints("cut", {0, 0, -1, 0, 0, 0, -2, 0});
  return writer;
}

// The graph as text, of a file whose last node makes "y".
std::string GraphOf(OnnxWriter& writer, int64_t opset = 13) {
  const std::string bytes = writer.Output("y").Finish(opset);
  return ToString(ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "").graph);
}

std::string One(const std::string& op, const std::vector<std::string>& inputs,
                const std::vector<ProtoWriter>& attributes = {}, int64_t opset = 13) {
  OnnxWriter writer = Picture();
  writer.Node(op, inputs, "y", attributes);
  return GraphOf(writer, opset);
}

std::string Refusal(const std::string& op, const std::vector<std::string>& inputs,
                    const std::vector<ProtoWriter>& attributes = {}) {
  try {
    return "no error: " + One(op, inputs, attributes);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
    return error.what();
  }
}

TEST(OnnxOperators, Activations) {
  ExpectHas(One("Relu", {"x"}), "kind=relu");
  ExpectHas(One("LeakyRelu", {"x"}), "kind=leaky_relu, alpha=0.01");
  ExpectHas(One("LeakyRelu", {"x"}, {OnnxNumber("alpha", 0.25f)}), "kind=leaky_relu, alpha=0.25");
  ExpectHas(One("Sigmoid", {"x"}), "kind=sigmoid");
  ExpectHas(One("Tanh", {"x"}), "kind=tanh");
  ExpectHas(One("Elu", {"x"}), "kind=elu, alpha=1");
  ExpectHas(One("Softplus", {"x"}), "kind=softplus");
  ExpectHas(One("Gelu", {"x"}, {}, 20), "kind=gelu");
  ExpectHas(Refusal("Gelu", {"x"}, {OnnxText("approximate", "tanh")}), "approximates by \"tanh\"");
  ExpectHas(One("Selu", {"x"}), "scale=1.050701");
  ExpectHas(One("Celu", {"x"}, {OnnxNumber("alpha", 2)}), "kind=elu, alpha=1");
  ExpectHas(One("Softsign", {"x"}), "kind=divide");
  ExpectHas(One("Mish", {"x"}, {}, 18), "kind=softplus");
  ExpectHas(One("HardSigmoid", {"x"}), "kind=hard_sigmoid, alpha=0.2, beta=0.5");
  ExpectHas(One("PRelu", {"x", "four"}), "prelu");
  ExpectHas(One("PRelu", {"x", "map"}), "prelu");
  ExpectHas(Refusal("PRelu", {"x", "row"}), "wants one slope, or one a channel");
}

TEST(OnnxOperators, BoundsAreAttributesFirstAndInputsLater) {
  ExpectHas(One("Clip", {"x"}, {OnnxNumber("min", -2), OnnxNumber("max", 3)}, 9),
            "alpha=-2, beta=3");
  ExpectHas(One("Clip", {"x", "one"}), "kind=clip, alpha=0.5");
  ExpectHas(Refusal("Clip", {"x", "four"}), "wants one number as min");
}

TEST(OnnxOperators, ArithmeticWithNumbersMapsAndItself) {
  ExpectHas(One("Mul", {"x", "one"}), "scale=0.5, shift=0");
  ExpectHas(One("Add", {"one", "x"}), "scale=1, shift=0.5");
  ExpectHas(One("Sub", {"x", "one"}), "scale=1, shift=-0.5");
  ExpectHas(One("Sub", {"one", "x"}), "scale=-1, shift=0.5");
  ExpectHas(One("Neg", {"x"}), "scale=-1");
  ExpectHas(One("Div", {"x", "map"}), "kind=divide");
  ExpectHas(One("Max", {"x", "x"}), "kind=maximum");
  ExpectHas(One("Sum", {"x", "x", "x"}), "kind=add");
  ExpectHas(One("Max", {"x", "x", "map"}), "kind=maximum");
  ExpectHas(One("Mean", {"x", "x"}), "scale=0.5");
  ExpectHas(One("Abs", {"x"}), "kind=maximum");
  ExpectHas(One("Reciprocal", {"x"}), "kind=divide");
  ExpectHas(Refusal("Add", {"x"}), "wants two inputs, got 1");
  ExpectHas(Refusal("Add", {"x", "nothing"}), "not to be empty");
  ExpectHas(Refusal("Mul", {"x", "pads"}), "wants input 1 as numbers with fractions");
}

TEST(OnnxOperators, Convolutions) {
  ExpectHas(One("Conv", {"x", "filter", "four"},
                {OnnxIntegers("pads", {1, 2, 3, 4}), OnnxIntegers("strides", {1, 1}),
                 OnnxInteger("group", 4)}),
            "padding=1,2,3,4, groups=4");
  ExpectHas(
      One("Conv", {"x", "filter"}, {OnnxText("auto_pad", "SAME_UPPER"), OnnxInteger("group", 4)}),
      "padding=1,1,1,1");
  ExpectHas(One("ConvTranspose", {"x", "filter"},
                {OnnxIntegers("strides", {2, 2}), OnnxIntegers("pads", {1, 1, 1, 1}),
                 OnnxIntegers("output_padding", {1, 1})}),
            "output_padding=1x1");
  ExpectHas(Refusal("Conv", {"x", "x"}), "wants input 1 as numbers that the file holds");
  ExpectHas(Refusal("Conv", {"x", "four"}), "wants filters of four axes");
  ExpectHas(Refusal("Conv", {"x", "filter"}, {OnnxIntegers("pads", {1, 1})}), "four sides");
  ExpectHas(Refusal("Conv", {"x", "filter"}), "conv2d");  // the graph's own rule: channels
  ExpectHas(Refusal("ConvTranspose", {"x", "filter"}, {OnnxIntegers("output_shape", {8, 8})}),
            "wants H to become 8, which depends on the size");
}

TEST(OnnxOperators, NormsAndPools) {
  ExpectHas(One("InstanceNormalization", {"x", "four", "four"}, {OnnxNumber("epsilon", 0.5f)}),
            "groups=4, epsilon=0.5");
  ExpectHas(One("BatchNormalization", {"x", "four", "four", "four", "four"}), "batch_norm");
  ExpectHas(Refusal("BatchNormalization", {"x", "four"}), "wants input 2");
  ExpectHas(One("GlobalAveragePool", {"x"}), "kind=average");
  ExpectHas(One("ReduceMean", {"x"}, {OnnxIntegers("axes", {2, 3})}), "global_pool");
  ExpectHas(One("GroupNormalization", {"x", "two", "two"}, {OnnxInteger("num_groups", 2)}, 18),
            "group_norm(x, two, two) {groups=2");
  ExpectHas(Refusal("GroupNormalization", {"x", "four", "four"}, {OnnxInteger("num_groups", 2)}),
            "wants 2 numbers as input 1, got 4");
  ExpectHas(One("MaxPool", {"x"},
                {OnnxIntegers("kernel_shape", {2, 2}), OnnxIntegers("strides", {2, 2})}),
            "kind=max, kernel=2x2");
  ExpectHas(Refusal("MaxPool", {"x"}), "wants kernel_shape along two axes");
}

TEST(OnnxOperators, Borders) {
  ExpectHas(One("Pad", {"x", "pads"}, {OnnxText("mode", "reflect")}),
            "mode=reflect, padding=1,2,3,4");
  ExpectHas(One("Pad", {"x", "pads", "one"}), "value=0.5");
  ExpectHas(One("Pad", {"x"}, {OnnxIntegers("pads", {0, 0, 1, 1, 0, 0, 1, 1})}, 9), "1,1,1,1");
  ExpectHas(One("Pad", {"x", "cut"}), "axis=2, begin=1, end_margin=2");
  ExpectHas(Refusal("Pad", {"x", "pads"}, {OnnxText("mode", "wrap")}), "pads by \"wrap\"");
  ExpectHas(Refusal("Pad", {"x", "pads", "nothing"}), "wants one number as input 2");
}

TEST(OnnxOperators, Resampling) {
  ExpectHas(One("Resize", {"x", "", "scales"}, {OnnxText("mode", "linear")}),
            "mode=bilinear, coordinates=half_pixel");
  ExpectHas(One("Resize", {"x", "", "scales"},
                {OnnxText("mode", "linear"),
                 OnnxText("coordinate_transformation_mode", "align_corners")}),
            "align_corners");
  const std::vector<ProtoWriter> rounded = {OnnxText("nearest_mode", "round_prefer_ceil")};
  ExpectHas(One("Resize", {"x", "", "scales"}, rounded), "mode=nearest");
  ExpectHas(Refusal("Resize", {"x", "", "four"}), "height and width of a picture alone");
  ExpectHas(Refusal("Resize", {"x", "", "", "pads"}), "wants 4 sizes or scales, got 8");
  ExpectHas(Refusal("Resize", {"x"}), "wants scales or sizes");
  for (const char* no : {"antialias", "exclude_outside"}) {
    ExpectHas(
        Refusal("Resize", {"x", "", "scales"}, {OnnxText("mode", "linear"), OnnxInteger(no, 1)}),
        "wants antialias or exclude_outside");
  }
  ExpectHas(Refusal("Resize", {"x", "", "scales"}, {OnnxText("mode", "lanczos")}), "lanczos");
  ExpectHas(One("DepthToSpace", {"x"}, {OnnxInteger("blocksize", 2)}), "factor=2");
  ExpectHas(Refusal("DepthToSpace", {"x"}, {OnnxInteger("blocksize", 0)}), "blocksize from 1");
}

TEST(OnnxOperators, PassThrough) {
  for (const char* op : {"Identity", "Dropout", "Cast"}) {
    OnnxWriter writer = Picture();
    writer.Node(op, {"x"}, "a").Node("Relu", {"a"}, "y");
    ExpectHas(GraphOf(writer), "kind=relu");
  }
  ExpectHas(One("Concat", {"x", "x"}, {OnnxInteger("axis", 1)}), "[N, 8, H, W]");
  ExpectHas(Refusal("Concat", {"x", "x"}, {OnnxInteger("axis", 2)}), "wants to join channels");
}

// A row "z" [1, 4] of random numbers.
std::string FromRow(const std::string& op, const std::vector<std::string>& inputs,
                    const std::vector<ProtoWriter>& attributes = {}) {
  OnnxWriter writer;
  writer.Input("z", {1, 4}).Weight("matrix", {4, 6}).Weight("turned", {6, 4}).Weight("six", {6});
  writer.Weight("one", {1})
      .Ints("sizes", {-1, 1, 2, 2})
      .Ints("wrong", {1, 5})
      .Ints("starts", {1})
      .Ints("ends", {3});
  writer.Ints("axes", {1}).Ints("far", {-9'000'000'000});
  writer.Ints("none", {1, 0}).Node(op, inputs, "y", attributes);
  return GraphOrError(writer);
}

// A network of a picture of known size.
std::string OfKnownSize(const std::string& op, const std::vector<std::string>& inputs,
                        const std::vector<ProtoWriter>& attributes = {}, int64_t opset = 13) {
  OnnxWriter writer;
  writer.Input("x", {1, 4, 8, 6}).Weight("filter", {4, 4, 3, 3}).Weight("all", {4, 8, 6});
  writer.Weight("many", {4, 6, 5}).Weight("wide", {3, 8}).Weight("six", {6});
  writer.Ints("sizes", {1, 4, 16, 9}).Ints("odd", {1, 4, 11, 9});
  writer.Node(op, inputs, "y", attributes);
  return GraphOrError(writer, opset);
}

TEST(OnnxOperators, Matrices) {
  ExpectHas(FromRow("MatMul", {"z", "matrix"}), "[N, 6]");
  ExpectHas(FromRow("Gemm", {"z", "matrix", "six"}), "[N, 6]");
  ExpectHas(FromRow("Gemm", {"z", "turned"}, {OnnxInteger("transB", 1)}), "[N, 6]");
  ExpectHas(FromRow("Gemm", {"z", "matrix", "one"}, {OnnxNumber("alpha", 2)}), "[N, 6]");
  ExpectHas(FromRow("Gemm", {"z", "matrix", "matrix"}), "wants one number, or one for each of 6");
  ExpectHas(FromRow("Gemm", {"z", "matrix"}, {OnnxInteger("transA", 1)}), "is not transposed");
  ExpectHas(FromRow("MatMul", {"z", "six"}), "wants a matrix as input 1");
}

TEST(OnnxOperators, ProductsOfManyMatrices) {
  ExpectHas(OfKnownSize("MatMul", {"x", "many"}), "matmul(x, many) : [N, 4, 8, 5]");
  ExpectHas(OfKnownSize("MatMul", {"wide", "x"}), "matmul(wide, x) : [N, 4, 3, 6]");
  ExpectHas(OfKnownSize("MatMul", {"x", "x"}), "node \"the_y\" (MatMul) does not fit: [matmul]");
  ExpectHas(OfKnownSize("MatMul", {"x", "six"}), "wants a matrix as input 1");
  ExpectHas(OfKnownSize("MatMul", {"six", "x"}), "wants a matrix as input 0");
  ExpectHas(Refusal("MatMul", {"x", "all"}), "node \"the_y\" (MatMul) does not fit: [matmul]");
}

TEST(OnnxOperators, EinsumRefusesWhatIsNoProductOfAPicture) {
  const auto einsum = [](const std::vector<std::string>& inputs, const char* equation) {
    return OfKnownSize("Einsum", inputs, {OnnxText("equation", equation)});
  };
  ExpectHas(einsum({"x", "x"}, "nchw,ndhw->ncd"), ": [N, 4, 4]");
  ExpectHas(einsum({"x", "x"}, "nchw,nchw->n"), "leaves one number a picture");
  ExpectHas(einsum({"x", "x"}, "nchw,nchw->nchz"), "makes \"z\" of nothing");
  for (const char* bad : {"", "->", "nchw,nchw", "nc..,nchw->n", "ncch,nchw->nw", "nchw->nchw",
                          "nchw,nchw,nchw->n", "n1hw,nchw->n"}) {
    ExpectHas(einsum({"x", "x"}, bad), "(Einsum) wants one or two inputs and each axis named");
  }
  ExpectHas(einsum({"x", "x"}, "nchw,nchw->cn"), "wants the first axis of input 0");
  ExpectHas(einsum({"x", "x"}, "nchw,mchw->nm"), "wants the first axis of input 1");
  ExpectHas(einsum({"x", "x"}, "nchw,nchv->nchv"), "(Einsum) sums over \"w\"");
  ExpectHas(einsum({"x", "x"}, "nchw,nwhc->nch"), "has two sizes of \"w\"");
  ExpectHas(einsum({"x", "x"}, "nch,nchw->nw"), "names 3 axes of [N, 4, 8, 6]");
  ExpectHas(einsum({"x", "wide"}, "nchw,nh->ncw"), "to be the same for all pictures");
  ExpectHas(einsum({"x"}, "nchw->nhw"), "(Einsum) sums over an axis of one input");
  ExpectHas(einsum({"x"}, "nchw->nchwz"), "makes \"z\" of nothing");
  ExpectHas(Refusal("Einsum", {"x", "x"}, {OnnxText("equation", "nchw,nchw->nc")}),
            "wants known sizes, got [N, 4, H, W]");
}

// Each factor makes other numbers of the matrix.
TEST(OnnxOperators, OneWeightIsNotCopiedForEver) {
  const auto scaled = [](int count) {
    OnnxWriter writer;
    writer.Input("z", {1, 4}).Weight("matrix", {4, 4});
    std::string last = "z";
    for (int i = 1; i <= count; ++i) {
      const std::string next = i == count ? "y" : "a" + std::to_string(i);
      writer.Node("Gemm", {last, "matrix"}, next, {OnnxNumber("alpha", static_cast<float>(i))});
      last = next;
    }
    try {
      return GraphOf(writer);
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  ExpectHas(scaled(9), "output");
  ExpectHas(scaled(10), "(Gemm) wants \"matrix\" in more than 9 ways");
}

TEST(OnnxOperators, Sizes) {
  ExpectHas(FromRow("Reshape", {"z", "sizes"}), "[N, 1, 2, 2]");
  ExpectHas(FromRow("Reshape", {"z", "wrong"}), "[reshape]");
  ExpectHas(FromRow("Unsqueeze", {"z"}, {OnnxIntegers("axes", {2, 3})}), "[N, 4, 1, 1]");
  ExpectHas(FromRow("Flatten", {"z"}), "[N, 4]");
  ExpectHas(FromRow("Flatten", {"z"}, {OnnxInteger("axis", 0)}), "wants to keep the first axis");
  ExpectHas(FromRow("Slice", {"z", "starts", "ends", "axes"}), "[N, 2]");
  ExpectHas(FromRow("Slice", {"z", "far", "ends", "axes"}), "wants places nearer");
  ExpectHas(FromRow("Slice", {"z", "starts"}), "as many starts as ends");
  ExpectHas(FromRow("Unsqueeze", {"z"}, {OnnxIntegers("axes", {1})}), "[N, 1, 4]");
  ExpectHas(FromRow("Unsqueeze", {"z"}, {OnnxIntegers("axes", {0})}), "keep the first axis");
  ExpectHas(FromRow("Unsqueeze", {"z"}, {OnnxIntegers("axes", {2, 2})}), "names an axis twice");
  ExpectHas(FromRow("Squeeze", {"z"}, {OnnxIntegers("axes", {1})}), "wants axes of 1");
  ExpectHas(FromRow("Transpose", {"z"}), "output \"y\" has its axes turned");
  ExpectHas(FromRow("Transpose", {"z"}, {OnnxIntegers("perm", {0, 1})}), "output z");
  ExpectHas(FromRow("Expand", {"z", "wrong"}), "wants to repeat [N, 4] as [1, 5]");
  ExpectHas(FromRow("ReduceSum", {"z", "axes"}), "[N, 1]");
  ExpectHas(FromRow("ReduceSum", {"z", "axes"}, {OnnxInteger("keepdims", 0)}), "without an axis");
  ExpectHas(FromRow("Reshape", {"z", "none"}, {OnnxInteger("allowzero", 1)}), "0 elements");
  ExpectHas(FromRow("Cast", {"z"}, {OnnxInteger("to", 7)}), "casts to type 7");
  ExpectHas(FromRow("Dropout", {"z", "one", "starts"}), "is in training mode");
}

// Outputs behind the first have names of their own.
TEST(OnnxOperators, Splits) {
  const auto split = [](const std::vector<int64_t>& sizes, int64_t axis) {
    OnnxWriter writer;
    writer.Input("x", {1, 5, -1, -1});
    writer.NodeOfMany("Split", {"x"}, {"a", "b"},
                      {OnnxInteger("axis", axis), OnnxIntegers("split", sizes)});
    writer.Node("Concat", {"b", "a"}, "y", {OnnxInteger("axis", 1)});
    try {
      return GraphOf(writer, 11);
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  ExpectHas(split({2, 3}, 1), "slice(x) {axis=1, begin=2, end_margin=0} : [N, 3, H, W]");
  ExpectHas(split({}, -3), "slice(x) {axis=1, begin=3, end_margin=0} : [N, 2, H, W]");
  ExpectHas(split({2, 2}, 1), "wants 2 sizes above 0 that sum to 5");
  ExpectHas(split({2, 3}, 0), "wants to split a known size");
}

TEST(OnnxOperators, WhatDependsOnTheSize) {
  ExpectHas(OfKnownSize("ConvTranspose", {"x", "filter"},
                        {OnnxIntegers("output_shape", {16, 12}), OnnxIntegers("strides", {2, 2})}),
            "padding=1,1,0,0, output_padding=0x0");
  ExpectHas(OfKnownSize("ConvTranspose", {"x", "filter"},
                        {OnnxText("auto_pad", "SAME_UPPER"), OnnxIntegers("strides", {2, 2})}),
            "padding=0,0,1,1");
  ExpectHas(OfKnownSize("ConvTranspose", {"x", "filter"},
                        {OnnxIntegers("output_shape", {18, 13}), OnnxIntegers("strides", {2, 2})}),
            "padding=0,0,0,0, output_padding=1x0");
  ExpectHas(OfKnownSize("Conv", {"x", "filter"},
                        {OnnxText("auto_pad", "SAME_LOWER"), OnnxIntegers("strides", {2, 2})}),
            "padding=1,1,0,0");
  ExpectHas(OfKnownSize("Resize", {"x", "", "", "sizes"}, {OnnxText("mode", "linear")}),
            "num=2x3, den=1x2");
  ExpectHas(OfKnownSize("Resize", {"x", "", "", "odd"}, {OnnxText("mode", "cubic")}),
            "num=11x3, den=8x2");
  ExpectHas(OfKnownSize("LayerNormalization", {"x", "all", "all"}, {OnnxInteger("axis", 1)}, 17),
            "kind=add");
  ExpectHas(OfKnownSize("ReduceMax", {"x"}, {OnnxIntegers("axes", {2})}), "kernel=8x1");
  ExpectHas(OfKnownSize("ReduceMean", {"x"}, {OnnxIntegers("axes", {-1, 1})}), "conv2d");
  ExpectHas(
      OfKnownSize("ReduceSum", {"x"}, {OnnxIntegers("axes", {2, 3}), OnnxInteger("keepdims", 0)}),
      "[N, 4]");
  ExpectHas(OfKnownSize("ReduceMax", {"x"}, {OnnxIntegers("axes", {1})}), "is over channels");
}

// A picture "x" with its channels last, as "t" with them first.
OnnxWriter ChannelsLastPicture() {
  OnnxWriter writer;
  writer.Input("x", {1, -1, -1, 3}).Weight("w", {3, 3, 1, 1}).Weight("one", {1});
  writer.Weight("three", {3}).Weight("wide", {4, 3});
  return writer;
}

const std::vector<ProtoWriter> kForward = {OnnxIntegers("perm", {0, 3, 1, 2})};
const std::vector<ProtoWriter> kBack = {OnnxIntegers("perm", {0, 2, 3, 1})};

// As TensorFlow's exporters write: nothing is moved.
TEST(OnnxOperators, PicturesWithTheirChannelsLast) {
  OnnxWriter plain;
  plain.Input("x", {1, 3, -1, -1}).Weight("w", {3, 3, 1, 1}).Node("Conv", {"x", "w"}, "y");
  OnnxWriter last = ChannelsLastPicture();
  last.Node("Transpose", {"x"}, "t", kForward).Node("Conv", {"t", "w"}, "c");
  last.Node("Transpose", {"c"}, "y", kBack);
  EXPECT_EQ(GraphOrError(last), GraphOrError(plain));

  // Numbers before and behind, by their places among the channels.
  OnnxWriter scaled = ChannelsLastPicture();
  scaled.Node("Div", {"x", "one"}, "d").Node("Sub", {"d", "three"}, "s");
  scaled.Node("Transpose", {"s"}, "t", kForward).Node("Conv", {"t", "w"}, "c");
  scaled.Node("Transpose", {"c"}, "b", kBack).Node("Tanh", {"b"}, "a");
  scaled.Node("Add", {"a", "s"}, "y");
  const std::string text = GraphOrError(scaled);
  ExpectHas(text, "binary(%2, three) {kind=subtract} : [N, 3, H, W]");
  ExpectHas(text, "binary(%7, %4) {kind=add} : [N, 3, H, W]");

  // A resize to sizes that are computed of the turned picture.
  OnnxWriter sizes = ChannelsLastPicture();
  sizes.Node("Transpose", {"x"}, "t", kForward).Node("Shape", {"x"}, "shape");
  sizes.Ints("from", {1}).Ints("to", {3}).Ints("twice", {2}).Ints("nc", {1, 3});
  sizes.Node("Slice", {"shape", "from", "to"}, "hw").Node("Mul", {"hw", "twice"}, "larger");
  sizes.Node("Concat", {"nc", "larger"}, "all", {OnnxInteger("axis", 0)});
  sizes.Node("Resize", {"t", "", "", "all"}, "r", {OnnxText("mode", "linear")});
  sizes.Node("Transpose", {"r"}, "y", kBack);
  ExpectHas(GraphOrError(sizes), "[N, 3, 2*H, 2*W]");
}

TEST(OnnxOperators, AxesThatAreNotTurnedBackAreNamed) {
  const auto refusal = [](const std::string& op, const std::vector<std::string>& inputs) {
    OnnxWriter writer = ChannelsLastPicture();
    writer.Node("Transpose", {"x"}, "t", kForward);
    writer.Node(op, inputs, "y");
    return GraphOrError(writer);
  };
  ExpectHas(refusal("Conv", {"x", "w"}),
            "node \"the_y\" (Conv) wants input 0 as it was, got [N, 3, H, W] with its axes turned");
  ExpectHas(refusal("Add", {"x", "wide"}), "node \"the_y\" (Add) does not fit: [binary] \"wide\"");
  ExpectHas(refusal("Add", {"x", "t"}), "wants input 1 with its axes turned like those");
  ExpectHas(refusal("MatMul", {"t", "x"}), "(MatMul) wants input 1 as it was, got [N, 3, H, W]");
  ExpectHas(refusal("Identity", {"three", "x"}), "made by no node");
  ExpectHas(refusal("Concat", {"x", "t"}), "(Concat) wants input 0 as it was, got [N, 3, H, W]");
  OnnxWriter rows = ChannelsLastPicture();
  rows.Node("Transpose", {"x"}, "t", kForward);
  rows.Node("ReduceMean", {"x"}, "y", {OnnxIntegers("axes", {1})});
  ExpectHas(GraphOrError(rows), "(ReduceMean) wants a known size along axis 2, got [N, 3, H, W]");
  OnnxWriter twice = Picture();
  twice.Node("Transpose", {"x"}, "y", {OnnxIntegers("perm", {0, 1, 1, 2})});
  ExpectHas(GraphOrError(twice), "wants each of 4 axes once");
  OnnxWriter left = Picture();
  left.Node("Transpose", {"x"}, "y", {OnnxIntegers("perm", {0, 1, 3, 2})});
  ExpectHas(GraphOrError(left), "output \"y\" has its axes turned");
  // Their sizes are known: the numbers are moved.
  ExpectHas(OfKnownSize("Transpose", {"x"}, {OnnxIntegers("perm", {0, 1, 3, 2})}),
            "transpose(x) {order=0x1x3x2} : [N, 4, 6, 8]");
}

TEST(OnnxOperators, Softmax) {
  ExpectHas(FromRow("Softmax", {"z"}), "{sizes=1x1x4} : [N, 1, 1, 4]");
  ExpectHas(FromRow("Softmax", {"z"}, {OnnxInteger("axis", 0)}), "wants an axis behind the first");
  ExpectHas(OfKnownSize("Softmax", {"x"}, {OnnxInteger("axis", 3)}), "{sizes=32x1x6}");
  ExpectHas(OfKnownSize("Softmax", {"x"}, {OnnxInteger("axis", 2)}), "kernel=8x1");
  ExpectHas(OfKnownSize("Softmax", {"x"}, {OnnxInteger("axis", 1)}), "{sizes=1x4x48}");
  ExpectHas(OfKnownSize("Softmax", {"x"}, {}, 11), "{sizes=1x1x192}");
  ExpectHas(Refusal("Softmax", {"x"}), "wants known sizes, got [N, 4, H, W]");
}

// What the graph says is wrong is said of a node of the file.
TEST(OnnxOperators, ErrorsOfTheGraphNameTheNode) {
  ExpectHas(Refusal("Conv", {"x", "filter"}), "node \"the_y\" (Conv) does not fit: [conv2d]");
}

}  // namespace
}  // namespace gan::core
