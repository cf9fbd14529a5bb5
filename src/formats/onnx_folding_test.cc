// Sizes and weights that exporters leave to be computed.
#include "formats/onnx_folding.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "formats/onnx.h"
#include "formats/testing/onnx_writer.h"

namespace gan::core {
namespace {

using testing::OnnxWriter;

OnnxNetwork Read(const OnnxWriter& writer, int64_t opset) {
  const std::string bytes = writer.Finish(opset);
  return ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "");
}

std::string GraphOf(OnnxWriter& writer, int64_t opset = 13) {
  try {
    return ToString(Read(writer.Output("y"), opset).graph);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
    return error.what();
  }
}

void ExpectHas(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text << "\nwants " << part;
}

// Size `axis` of x, times or by `number`, as one of a list.
OnnxWriter& AddSize(OnnxWriter& writer, int64_t axis, const std::string& op,
                    const std::string& number, bool floating) {
  const std::string n = std::to_string(axis);
  writer.Node("Shape", {"x"}, "shape" + n).Ints("axis" + n, {axis});
  writer.Node("Gather", {"shape" + n, "axis" + n}, "size" + n);
  std::string size = "size" + n;
  if (floating) {
    writer.Node("Cast", {size}, "float" + n, {OnnxInteger("to", 1)});
    writer.Node(op, {"float" + n, number}, "scaled" + n).Node("Floor", {"scaled" + n}, "whole" + n);
    writer.Node("Cast", {"whole" + n}, "made" + n, {OnnxInteger("to", 7)});
  } else {
    writer.Node(op, {size, number}, "made" + n);
  }
  return writer;
}

// As PyTorch writes interpolate to a size that it computed.
TEST(OnnxFolding, SizesOfAResize) {
  const auto resized = [](const std::string& op, const std::string& number, bool floating) {
    OnnxWriter writer;
    writer.Input("x", {1, 3, -1, -1}).Ints("two", {2}).Weight("half", {1}, 0.5f);
    writer.Weight("third", {1}, 0.3333f).Ints("zero", {0}).Ints("nc", {1, 3});
    AddSize(writer, 2, op, number, floating);
    AddSize(writer, 3, op, number, floating);
    writer.Node("Concat", {"nc", "made2", "made3"}, "sizes", {OnnxInteger("axis", 0)});
    writer.Node("Resize", {"x", "", "", "sizes"}, "y", {OnnxText("mode", "linear")});
    return GraphOf(writer);
  };
  ExpectHas(resized("Mul", "two", false), "num=2x2, den=1x1} : [N, 3, 2*H, 2*W]");
  ExpectHas(resized("Div", "two", false), "num=1x1, den=2x2} : [N, 3, H/2, W/2]");
  ExpectHas(resized("Mul", "half", true), "num=1x1, den=2x2} : [N, 3, H/2, W/2]");
  ExpectHas(resized("Div", "half", true), "num=2x2, den=1x1} : [N, 3, 2*H, 2*W]");
  ExpectHas(resized("Mul", "third", true), "(Mul) computes with");
  ExpectHas(resized("Div", "zero", false), "(Div) computes with");
  ExpectHas(resized("Add", "two", false), "wants a size in proportion");
}

// x.view(x.size(0), -1) and its like, in the old form of Unsqueeze.
TEST(OnnxFolding, SizesOfAReshape) {
  OnnxWriter writer;
  writer.Input("x", {1, 3, 4, 4}).Ints("first", {0}).Ints("rest", {-1}).Ints("scalar", {});
  writer.Node("Shape", {"x"}, "s");
  writer.Node("Slice", {"s"}, "n", {OnnxIntegers("starts", {0}), OnnxIntegers("ends", {1})});
  writer.Node("Squeeze", {"n"}, "q").Node("Unsqueeze", {"q"}, "u", {OnnxIntegers("axes", {0})});
  writer.Node("Concat", {"u", "rest"}, "sizes", {OnnxInteger("axis", 0)});
  ExpectHas(GraphOf(writer.Node("Reshape", {"x", "sizes"}, "y"), 9), "[N, 48]");
}

// Where(Equal(shape, -1), ones, shape), as Expand is written.
TEST(OnnxFolding, ChoiceOfSizes) {
  OnnxWriter writer;
  writer.Input("x", {1, 3, 1, 1})
      .Ints("four", {4})
      .Ints("minus", {-1})
      .Ints("asked", {-1, 3, 4, 4});
  ProtoWriter one;
  one.Int(1, 1).Int(2, 7).Int(7, 1);
  writer.Node("ConstantOfShape", {"four"}, "ones",
              {ProtoWriter().Bytes(1, "value").Message(5, one)});
  writer.Node("Equal", {"asked", "minus"}, "is").Node("Where", {"is", "ones", "asked"}, "sizes");
  ExpectHas(GraphOf(writer.Node("Expand", {"x", "sizes"}, "y")), "[N, 3, 4, 4]");
}

TEST(OnnxFolding, WeightsAreTurnedAndScaled) {
  OnnxWriter writer;
  writer.Input("x", {1, 3, -1, -1}).Weight("w", {1, 1, 3, 4}, 2).Weight("gain", {4, 1, 1, 1}, 3);
  writer.Node("Transpose", {"w"}, "t", {OnnxIntegers("perm", {3, 2, 0, 1})});
  writer.Node("Mul", {"t", "gain"}, "g").Node("Conv", {"x", "g"}, "y").Output("y");
  const OnnxNetwork got = Read(writer, 13);
  EXPECT_EQ(got.parameters.At("g").shape(), (Shape{4, 3, 1, 1}));
  EXPECT_EQ(got.parameters.At("g").floats()[5], 6);
}

// Real-ESRGAN folds its input with sizes that it computes; opset 10 unfolds in steps.
TEST(OnnxFolding, ShufflesInSteps) {
  OnnxWriter fold;
  fold.Input("x", {1, 3, -1, -1}).Ints("two", {2}).Ints("n", {-1}).Ints("c", {3}).Ints("cc", {12});
  AddSize(fold, 2, "Div", "two", false);
  AddSize(fold, 3, "Div", "two", false);
  fold.Node("Concat", {"n", "c", "made2", "two", "made3", "two"}, "six", {OnnxInteger("axis", 0)});
  fold.Node("Concat", {"n", "cc", "made2", "made3"}, "four", {OnnxInteger("axis", 0)});
  fold.Node("Reshape", {"x", "six"}, "b");
  fold.Node("Transpose", {"b"}, "t", {OnnxIntegers("perm", {0, 1, 3, 5, 2, 4})});
  ExpectHas(GraphOf(fold.Node("Reshape", {"t", "four"}, "y")), "pixel_unshuffle(x) {factor=2}");

  const auto unfold = [](const std::vector<int64_t>& six, const std::vector<int64_t>& turn) {
    OnnxWriter writer;
    writer.Input("x", {1, 8, 4, 6}).Ints("six", six).Ints("four", {-1, 2, 8, 12});
    writer.Node("Reshape", {"x", "six"}, "b");
    writer.Node("Transpose", {"b"}, "t", {OnnxIntegers("perm", turn)});
    return GraphOf(writer.Node("Reshape", {"t", "four"}, "y"), 10);
  };
  ExpectHas(unfold({-1, 2, 2, 2, 4, 6}, {0, 1, 4, 2, 5, 3}), "= pixel_shuffle(x) {factor=2}");
  ExpectHas(unfold({-1, 2, 2, 2, 4, 6}, {0, 3, 4, 1, 5, 2}), "conv2d");
  ExpectHas(unfold({-1, 2, 2, 2, 4, 6}, {0, 1, 2, 3, 4, 5}), "way that gan does not know");
  ExpectHas(unfold({-1, 4, 2, 1, 4, 6}, {0, 1, 4, 2, 5, 3}), "way that gan does not know");
}

// No small file asks for much memory.
TEST(OnnxFolding, RefusesToMakeMuchOfLittle) {
  OnnxWriter writer;
  writer.Input("x", {1, 3, -1, -1}).Ints("sizes", {1 << 20, 1 << 20}).Weight("one", {1});
  ExpectHas(GraphOf(writer.Node("Expand", {"one", "sizes"}, "y")), "more than its weights explain");
  OnnxWriter cast;
  cast.Input("x", {1, 3, -1, -1}).Weight("large", {2}, 1e30f);
  ExpectHas(GraphOf(cast.Node("Cast", {"large"}, "y", {OnnxInteger("to", 7)})), "whole number of");
}

}  // namespace
}  // namespace gan::core
