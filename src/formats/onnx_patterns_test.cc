// Groups of nodes that are read as one op.
#include "formats/onnx_patterns.h"

#include <gtest/gtest.h>

#include "formats/onnx_attributes.h"
#include "formats/testing/onnx_reading.h"
#include "formats/testing/onnx_writer.h"

namespace gan::core {
namespace {

using testing::ExpectHas;
using testing::GraphOrError;
using testing::OnnxWriter;

// x / sqrt(mean + epsilon), the mean over this axis of what `square` makes "xx" of.
std::string RootOf(const std::vector<std::string>& squared, const std::string& square,
                   int64_t axis) {
  OnnxWriter writer;
  writer.Input("x", {1, 4, -1, -1}).Weight("epsilon", {}, 0.25f).Weight("two", {}, 2);
  writer.Node(square, squared, "xx");
  writer.Node("ReduceMean", {"xx"}, "m", {OnnxIntegers("axes", {axis})});
  writer.Node("Add", {"epsilon", "m"}, "e").Node("Sqrt", {"e"}, "r").Node("Div", {"x", "r"}, "y");
  return GraphOrError(writer, 17);
}

TEST(OnnxPatterns, PixelNorm) {
  ExpectHas(RootOf({"x", "x"}, "Mul", 1), "= pixel_norm(x) {epsilon=0.25}");
  ExpectHas(RootOf({"x", "two"}, "Pow", 1), "= pixel_norm(x) {epsilon=0.25}");
  ExpectHas(RootOf({"x", "epsilon"}, "Pow", 1), "(Pow) wants a power of 1, 2, 3 or 4");
  ExpectHas(RootOf({"x", "two"}, "Mul", 1), "(Sqrt) is an operator that gan cannot run");
  ExpectHas(RootOf({"x", "x"}, "Mul", 2), "wants a known size along axis 2");
}

std::string Demodulated(float square, const std::string& last) {
  OnnxWriter writer;
  writer.Input("s", {1, 4}).Weight("squares", {6, 4}, square).Weight("epsilon", {1}, 0.5f);
  writer.Node("Mul", {"s", "s"}, "ss");
  writer.Node("Gemm", {"ss", "squares"}, "g", {OnnxInteger("transB", 1)});
  writer.Node("Add", {"g", "epsilon"}, "e").Node("Sqrt", {"e"}, "r").Node(last, {"r"}, "y");
  return GraphOrError(writer, 17);
}

TEST(OnnxPatterns, Demodulate) {
  ExpectHas(Demodulated(4, "Reciprocal"), "demodulate(s, squares) {scale=1, epsilon=0.5");
  ExpectHas(Demodulated(-4, "Reciprocal"), "wants squares, got -4");
  ExpectHas(Demodulated(4, "Relu"), "(Sqrt) is an operator that gan cannot run");
}

std::string Grouped(const std::string& sizes, const std::string& shape_of, float scale = 1) {
  OnnxWriter writer;
  writer.Input("x", {1, 4, -1, -1}).Weight("one", {2}, scale).Weight("zero", {2}, 0);
  writer.Ints("two", {0, 2, -1}).Ints("three", {0, 3, -1}).Ints("all", {0, -1});
  writer.Node("Reshape", {"x", sizes}, "rows");
  writer.Node("InstanceNormalization", {"rows", "one", "zero"}, "n", {OnnxNumber("epsilon", 0.5f)});
  writer.Node("Relu", {"x"}, "other").Node("Shape", {shape_of}, "s");
  writer.Node("Reshape", {"n", "s"}, "y");
  return GraphOrError(writer, 17);
}

TEST(OnnxPatterns, GroupNorm) {
  ExpectHas(Grouped("two", "x"), "= group_norm(x) {groups=2, epsilon=0.5}");
  ExpectHas(Grouped("two", "x", 3), "= group_norm(x, one, zero) {groups=2");
  ExpectHas(Grouped("three", "x"), "3 groups of 4 channels");
  ExpectHas(Grouped("all", "x"), "(Reshape) wants known sizes");
  ExpectHas(Grouped("two", "other"), "(Reshape)");
}

std::string Attended(const std::vector<int64_t>& turn, int64_t axis) {
  OnnxWriter writer;
  writer.Input("x", {1, 4}).Ints("flat", {0, 2, 2}).Weight("scale", {}, 0.5f);
  writer.Node("Reshape", {"x", "flat"}, "f");
  writer.Node("Transpose", {"f"}, "q", {OnnxIntegers("perm", turn)});
  writer.Node("MatMul", {"q", "f"}, "scores").Node("Mul", {"scores", "scale"}, "scaled");
  writer.Node("Softmax", {"scaled"}, "shares", {OnnxInteger("axis", axis)});
  writer.Node("Transpose", {"shares"}, "t", {OnnxIntegers("perm", {0, 2, 1})});
  writer.Node("MatMul", {"f", "t"}, "y");
  return GraphOrError(writer, 17);
}

TEST(OnnxPatterns, Attention) {
  ExpectHas(Attended({0, 2, 1}, -1), "{scale=0.5} : [N, 2, 1, 2]");
  // Shares of the other axis, and products of other axes, are read one by one.
  for (const std::string& text : {Attended({0, 2, 1}, 1), Attended({0, 1, 2}, -1)}) {
    ExpectHas(text, "= matmul(");
    EXPECT_EQ(text.find("= attention("), std::string::npos) << text;
  }
}

// As SAGAN's shares of each column, without a turn behind the softmax; and as rows of positions.
TEST(OnnxPatterns, AttentionOfOtherLayouts) {
  const auto begun = [] {
    OnnxWriter writer;
    writer.Input("x", {1, 4}).Ints("flat", {0, 2, 2}).Weight("scale", {}, 2);
    writer.Node("Reshape", {"x", "flat"}, "f").Node("Relu", {"f"}, "g").Node("Tanh", {"f"}, "h");
    writer.Node("Transpose", {"f"}, "t", {OnnxIntegers("perm", {0, 2, 1})});
    return writer.Node("MatMul", {"t", "g"}, "s").Node("Div", {"s", "scale"}, "d");
  };
  OnnxWriter columns = begun();
  columns.Node("Softmax", {"d"}, "b", {OnnxInteger("axis", 1)}).Node("MatMul", {"h", "b"}, "y");
  // Queries g, keys f.
  ExpectHas(GraphOrError(columns, 17), "attention(%4, %5, %6) {scale=0.5}");
  OnnxWriter rows = begun();
  rows.Node("Softmax", {"d"}, "b").Node("Transpose", {"h"}, "u", {OnnxIntegers("perm", {0, 2, 1})});
  rows.Node("MatMul", {"b", "u"}, "o");
  rows.Node("Transpose", {"o"}, "y", {OnnxIntegers("perm", {0, 2, 1})});
  ExpectHas(GraphOrError(rows, 17), "{scale=0.5} : [N, 2, 1, 2]");
}

// Scores of so many heads of queries and keys.
std::string AttendedByHeads(int64_t heads_q, int64_t heads_k, int64_t axis) {
  OnnxWriter writer;
  writer.Input("x", {1, heads_q * 6}).Ints("q_sizes", {0, heads_q, 3, 2});
  writer.Input("z", {1, heads_k * 6}).Ints("k_sizes", {0, heads_k, 2, 3}).Weight("scale", {}, 0.5f);
  writer.Node("Reshape", {"x", "q_sizes"}, "q").Node("Reshape", {"z", "k_sizes"}, "k");
  writer.Node("MatMul", {"q", "k"}, "s").Node("Mul", {"s", "scale"}, "t");
  writer.Node("Softmax", {"t"}, "b", {OnnxInteger("axis", axis)});
  return GraphOrError(writer.Node("MatMul", {"b", "q"}, "y"), 17);
}

TEST(OnnxPatterns, AttentionOfRows) {
  const std::string two = AttendedByHeads(2, 2, -1);
  ExpectHas(two, "{scale=0.5} : [N, 2, 1, 3]");
  EXPECT_EQ(two.find("matmul"), std::string::npos) << two;
  ExpectHas(AttendedByHeads(1, 1, -1), "= attention(");
  // Nodes of their own: other axes, heads that stand for many, more heads than ops are made for.
  for (const std::string& text :
       {AttendedByHeads(2, 2, 3), AttendedByHeads(2, 1, -1), AttendedByHeads(65, 65, -1)}) {
    ExpectHas(text, "= matmul(");
    EXPECT_EQ(text.find("= attention("), std::string::npos) << text;
  }
  OnnxWriter short_of_inputs;
  short_of_inputs.Input("x", {1, 3, 2}).Node("gan.AttentionOfRows", {"x", "x"}, "y");
  ExpectHas(GraphOrError(short_of_inputs, 17), "wants input 2");
}

// Each way in which exporters multiply it out.
TEST(OnnxPatterns, Gelu) {
  struct Form {
    const char *narrow, *by;                 // x / sqrt(2)
    std::vector<std::string> first, second;  // products
  };
  const std::vector<Form> forms = {{"Div", "root", {"x", "p"}, {"a", "half"}},
                                   {"Mul", "inverse", {"x", "half"}, {"a", "p"}},
                                   {"Mul", "inverse", {"half", "x"}, {"p", "a"}},
                                   {"Div", "root", {"p", "half"}, {"x", "a"}}};
  for (const Form& form : forms) {
    OnnxWriter writer;
    writer.Input("x", {1, 4, -1, -1}).Weight("half", {}, 0.5f).Weight("one", {}, 1);
    writer.Weight("root", {}, 1.41421356f).Weight("inverse", {}, 0.70710678f);
    writer.Node(form.narrow, {"x", form.by}, "n").Node("Erf", {"n"}, "e");
    writer.Node("Add", {"e", "one"}, "p")
        .Node("Mul", form.first, "a")
        .Node("Mul", form.second, "y");
    const std::string text = GraphOrError(writer, 17);
    ExpectHas(text, "activation(x) {kind=gelu");
    EXPECT_EQ(text.find("multiply"), std::string::npos) << text;
  }
  OnnxWriter other;
  other.Input("x", {1, 4, -1, -1}).Weight("half", {}, 0.5f).Node("Erf", {"x"}, "e");
  ExpectHas(GraphOrError(other.Node("Mul", {"e", "half"}, "y"), 17),
            "(Erf) is an operator that gan cannot");
}

// A node within a group that others read as well stays, and is then judged by itself.
TEST(OnnxPatterns, WhatOthersReadStays) {
  OnnxWriter writer;
  writer.Input("x", {1, 4}).Weight("epsilon", {}, 0.25f).Node("Mul", {"x", "x"}, "xx");
  writer.Node("ReduceMean", {"xx"}, "m", {OnnxIntegers("axes", {1})});
  writer.Node("Add", {"m", "epsilon"}, "e").Node("Sqrt", {"e"}, "r").Node("Div", {"x", "r"}, "n");
  ExpectHas(GraphOrError(writer.Node("Add", {"n", "xx"}, "y"), 17), "kind=multiply");
}

// Names of folded groups, said by a file itself, are checked like any others.
TEST(OnnxPatterns, OperatorsOfAFileAreNotTrusted) {
  OnnxWriter writer;
  writer.Input("x", {1, 4, 8, 8}).Weight("none", {0});
  writer.Node("gan.GroupNorm", {"x", "none", "none"}, "y", {OnnxInteger("groups", 0)});
  ExpectHas(GraphOrError(writer, 17), "groups of 4 channels");
}

}  // namespace
}  // namespace gan::core
