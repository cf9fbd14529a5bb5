// Attention as people write it and exporters leave it: the numbers of its definition, whatever the
// order of axes on the way.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "formats/onnx.h"
#include "formats/testing/onnx_writer.h"
#include "tests/conformance/oracle.h"

namespace gan::core::conformance {
namespace {

using core::testing::OnnxWriter;

constexpr int64_t kPictures = 2, kPlaces = 5, kHeads = 3, kWidth = 4;
constexpr int64_t kRow = kHeads * kWidth;

Tensor RandomTensor(const Shape& shape) {
  Random random(41);
  Tensor out(DType::kF32, shape);
  random.FillNormal(out.floats(), 1);
  return out;
}

// Element j of head h of place l: of the queries (0), the keys (1) or the values (2).
double Of(const Tensor& x, int64_t which, int64_t n, int64_t l, int64_t h, int64_t j) {
  const int64_t at = ((n * kPlaces + l) * 3 + which) * kRow + h * kWidth + j;
  return x.floats()[static_cast<size_t>(at)];
}

// [N, places, heads * width] of x [N, places, 3 * heads * width].
Tensor Attended(const Tensor& x, double scale) {
  Tensor out(DType::kF32, {kPictures, kPlaces, kRow});
  for (int64_t i = 0; i < out.shape().elements(); ++i) {
    const int64_t j = i % kWidth, h = i / kWidth % kHeads;
    const int64_t l = i / kRow % kPlaces, n = i / kRow / kPlaces;
    double sum = 0, of_values = 0;
    for (int64_t r = 0; r < kPlaces; ++r) {
      double score = 0;
      for (int64_t k = 0; k < kWidth; ++k) score += Of(x, 0, n, l, h, k) * Of(x, 1, n, r, h, k);
      const double share = std::exp(scale * score);
      sum += share, of_values += share * Of(x, 2, n, r, h, j);
    }
    out.floats()[static_cast<size_t>(i)] = static_cast<float>(of_values / sum);
  }
  return out;
}

Tensor Made(OnnxWriter& writer, const Tensor& x, int64_t opset = 17) {
  const std::string bytes = writer.Output("y").Finish(opset);
  const OnnxNetwork read = ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "");
  ThreadPool pool(2);
  const Tensor on_cpu = RunOnCpu("auto", pool, read.graph, read.parameters, std::span(&x, 1)).at(0);
  const Tensor wanted = Oracle().Run(read.graph, read.parameters, std::span(&x, 1)).at(0);
  EXPECT_EQ(on_cpu.shape(), wanted.shape());
  for (size_t i = 0; i < wanted.floats().size(); ++i) {
    EXPECT_NEAR(on_cpu.floats()[i], wanted.floats()[i], 1e-5) << i;
  }
  return on_cpu;
}

void ExpectNear(const Tensor& got, const Tensor& wanted) {
  ASSERT_EQ(got.shape(), wanted.shape());
  for (size_t i = 0; i < wanted.floats().size(); ++i) {
    ASSERT_NEAR(got.floats()[i], wanted.floats()[i], 1e-5) << i;
  }
}

std::vector<ProtoWriter> Perm(const std::vector<int64_t>& perm) {
  return {OnnxIntegers("perm", perm)};
}

// Queries "q", keys "k" and values "v" of [N, heads, places, width] as "o" of the same shape, which
// becomes "y". An axis that is counted from the front is read node by node.
void AttendHeads(OnnxWriter& writer, int64_t axis = -1) {
  writer.Weight("scale", {}, 0.5f).Ints("rows", {1, kPlaces, kRow});
  writer.Node("Transpose", {"k"}, "kt", Perm({0, 1, 3, 2})).Node("MatMul", {"q", "kt"}, "scores");
  writer.Node("Mul", {"scores", "scale"}, "scaled");
  writer.Node("Softmax", {"scaled"}, "shares", {OnnxInteger("axis", axis)});
  writer.Node("MatMul", {"shares", "v"}, "o")
      .Node("Transpose", {"o"}, "turned", Perm({0, 2, 1, 3}));
  writer.Node("Reshape", {"turned", "rows"}, "y");
}

OnnxWriter Began() {
  OnnxWriter writer;
  writer.Input("x", {1, kPlaces, 3 * kRow});
  return writer.Ints("five", {1, kPlaces, 3, kHeads, kWidth});
}

TEST(OnnxAttention, HeadsPickedFromOneRow) {
  OnnxWriter writer = Began();
  writer.Node("Reshape", {"x", "five"}, "r").Node("Transpose", {"r"}, "t", Perm({2, 0, 3, 1, 4}));
  for (const auto& [name, place] : {std::pair{"q", 0}, {"k", 1}, {"v", -1}}) {
    const std::string at = std::string("place_of_") + name;
    const ProtoWriter number = OnnxInteger("value_int", place);
    writer.Node("Constant", {}, at, {number});
    writer.Node("Gather", {"t", at}, name, {OnnxInteger("axis", 0)});
  }
  AttendHeads(writer);
  const Tensor x = RandomTensor({kPictures, kPlaces, 3 * kRow});
  ExpectNear(Made(writer, x), Attended(x, 0.5));
}

TEST(OnnxAttention, HeadsSplitAndSqueezed) {
  OnnxWriter writer = Began();
  writer.Node("Reshape", {"x", "five"}, "r").Node("Transpose", {"r"}, "t", Perm({2, 0, 3, 1, 4}));
  writer.Ints("ones", {1, 1, 1}).Ints("first", {0});
  writer.NodeOfMany("Split", {"t", "ones"}, {"a", "b", "c"}, {OnnxInteger("axis", 0)});
  writer.Node("Squeeze", {"a", "first"}, "q").Node("Squeeze", {"b", "first"}, "k");
  writer.Node("Squeeze", {"c", "first"}, "v");
  AttendHeads(writer, 3);
  const Tensor x = RandomTensor({kPictures, kPlaces, 3 * kRow});
  ExpectNear(Made(writer, x), Attended(x, 0.5));
}

TEST(OnnxAttention, HeadsOfRowsThatAreSplitFirst) {
  OnnxWriter writer = Began();
  writer.Ints("heads", {0, 0, kHeads, kWidth});
  writer.NodeOfMany("Split", {"x"}, {"a", "b", "c"}, {OnnxInteger("axis", -1)});
  for (const auto& [from, to] : {std::pair{"a", "q"}, {"b", "k"}, {"c", "v"}}) {
    const std::string cut = std::string(from) + "_heads";
    writer.Node("Reshape", {from, "heads"}, cut).Node("Transpose", {cut}, to, Perm({0, 2, 1, 3}));
  }
  AttendHeads(writer);
  const Tensor x = RandomTensor({kPictures, kPlaces, 3 * kRow});
  ExpectNear(Made(writer, x, 13), Attended(x, 0.5));
}

// Sums that name their axes by letters.
TEST(OnnxAttention, HeadsByEinsum) {
  OnnxWriter writer = Began();
  const auto sum = [](const char* equation) {
    return std::vector<ProtoWriter>{OnnxText("equation", equation)};
  };
  writer.Ints("heads", {0, 0, kHeads, kWidth}).Weight("scale", {}, 0.5f);
  writer.NodeOfMany("Split", {"x"}, {"a", "b", "v_row"}, {OnnxInteger("axis", -1)});
  writer.Node("Reshape", {"a", "heads"}, "q").Node("Reshape", {"b", "heads"}, "k");
  writer.Node("Reshape", {"v_row", "heads"}, "v").Node("Mul", {"q", "scale"}, "s");
  writer.Node("Einsum", {"s", "k"}, "scores", sum("nlhd, nrhd -> nhlr"));
  writer.Node("Softmax", {"scores"}, "shares");
  writer.Node("Einsum", {"shares", "v"}, "o", sum("nhlr,nrhd->nlhd"));
  writer.Ints("rows", {1, kPlaces, kRow}).Node("Reshape", {"o", "rows"}, "y");
  const Tensor x = RandomTensor({kPictures, kPlaces, 3 * kRow});
  ExpectNear(Made(writer, x, 13), Attended(x, 0.5));
}

TEST(OnnxAttention, EinsumOfNumbersAndOfOne) {
  const Tensor x = RandomTensor({kPictures, 2, 3});
  OnnxWriter writer;
  writer.Input("x", {1, 2, 3}).Floats("w", {1, 2, 3, 4, 5, 6}).Ints("shape", {2, 3});
  writer.Node("Reshape", {"w", "shape"}, "m");
  writer.Node("Einsum", {"x", "m"}, "e", {OnnxText("equation", "bij,oj->boi")});
  writer.Node("Einsum", {"e"}, "y", {OnnxText("equation", "boi->bio")});
  const Tensor got = Made(writer, x, 13);
  ASSERT_EQ(got.shape(), (Shape{kPictures, 2, 2}));
  for (size_t i = 0; i < got.floats().size(); ++i) {
    const size_t row = i / 2, o = i % 2;
    float wanted = 0;
    for (size_t j = 0; j < 3; ++j) {
      wanted += x.floats()[row * 3 + j] * static_cast<float>(o * 3 + j + 1);
    }
    EXPECT_NEAR(got.floats()[i], wanted, 1e-5) << i;
  }
}

// One head, rows of places, in every order in which the two products can stand.
TEST(OnnxAttention, OneHeadInSeveralOrders) {
  const auto begun = [] {
    OnnxWriter writer;
    writer.Input("x", {1, kPlaces, 3 * kRow}).Weight("root", {}, 2);
    writer.NodeOfMany("Split", {"x"}, {"q", "k", "v"}, {OnnxInteger("axis", 2)});
    return writer.Node("Transpose", {"k"}, "kt", Perm({0, 2, 1}));
  };
  const Tensor x = RandomTensor({kPictures, kPlaces, 3 * kRow});
  OnnxWriter rows = begun();
  rows.Node("MatMul", {"q", "kt"}, "s").Node("Div", {"s", "root"}, "d");
  rows.Node("Softmax", {"d"}, "b").Node("MatMul", {"b", "v"}, "y");
  const Tensor wanted = Made(rows, x, 13);

  OnnxWriter scaled_first = begun();
  scaled_first.Node("Div", {"q", "root"}, "d").Node("MatMul", {"d", "kt"}, "s");
  scaled_first.Node("Softmax", {"s"}, "b", {OnnxInteger("axis", 2)});
  ExpectNear(Made(scaled_first.Node("MatMul", {"b", "v"}, "y"), x, 13), wanted);

  OnnxWriter columns = begun();  // shares of each column, everything turned
  columns.Node("Transpose", {"q"}, "qt", Perm({0, 2, 1})).Node("MatMul", {"k", "qt"}, "s");
  columns.Node("Div", {"s", "root"}, "d").Node("Softmax", {"d"}, "b", {OnnxInteger("axis", 1)});
  columns.Node("Transpose", {"v"}, "vt", Perm({0, 2, 1})).Node("MatMul", {"vt", "b"}, "o");
  columns.Node("Transpose", {"o"}, "t", Perm({0, 2, 1})).Node("Relu", {"t"}, "r");
  OnnxWriter plain = begun();
  plain.Node("MatMul", {"q", "kt"}, "s").Node("Div", {"s", "root"}, "d");
  plain.Node("Softmax", {"d"}, "b").Node("MatMul", {"b", "v"}, "m").Node("Relu", {"m"}, "y");
  ExpectNear(Made(columns.Ints("all", {0, 0, 0}).Node("Reshape", {"r", "all"}, "y"), x, 13),
             Made(plain, x, 13));
}

// Keys and values that the file holds, for all pictures alike.
TEST(OnnxAttention, OfNumbersOfTheFile) {
  const auto network = [](int64_t axis, bool keys, bool values) {
    OnnxWriter writer;
    writer.Input("x", {1, 3, 2}).Floats("k", {1, -2, 3, 1, 0, 2}).Ints("of_k", {2, 3});
    writer.Floats("v", {1, 2, 3, 4, 5, 6}).Ints("of_v", {3, 2}).Weight("half", {}, 0.5f);
    writer.Node("Reshape", {"k", "of_k"}, "kn").Node("Reshape", {"v", "of_v"}, "vn");
    writer.Node("Transpose", {"x"}, "xt", Perm({0, 2, 1}));
    writer.Node("MatMul", {"x", keys ? "kn" : "xt"}, "s").Node("Mul", {"s", "half"}, "t");
    writer.Node("Softmax", {"t"}, "b", {OnnxInteger("axis", axis)});
    return writer.Node("MatMul", {"b", values ? "vn" : "x"}, "y");
  };
  const Tensor x = RandomTensor({kPictures, 3, 2});
  for (const bool keys : {false, true}) {
    for (const bool values : {false, true}) {
      OnnxWriter group = network(-1, keys, values), nodes = network(2, keys, values);
      ExpectNear(Made(group, x), Made(nodes, x));
    }
  }
}

// As SAGAN has it: of a picture, whose size the file knows.
TEST(OnnxAttention, OfAPicture) {
  const auto network = [](bool other_order) {
    OnnxWriter writer;
    writer.Input("x", {1, 4, 2, 3}).Ints("flat", {0, 4, -1}).Ints("back", {0, 4, 2, 3});
    writer.Node("Tanh", {"x"}, "a").Node("Sigmoid", {"x"}, "b");
    writer.Node("Reshape", {"a", "flat"}, "q").Node("Reshape", {"b", "flat"}, "k");
    writer.Node("Reshape", {"x", "flat"}, "v");
    writer.Node("Transpose", {"q"}, "qt", Perm({0, 2, 1}));
    if (other_order) {  // nothing of one pattern
      writer.Node("MatMul", {"qt", "k"}, "s").Node("Softmax", {"s"}, "shares");
      writer.Node("Transpose", {"v"}, "vt", Perm({0, 2, 1})).Node("MatMul", {"shares", "vt"}, "m");
      writer.Node("Relu", {"m"}, "r").Node("Transpose", {"r"}, "o", Perm({0, 2, 1}));
    } else {
      writer.Node("MatMul", {"qt", "k"}, "s").Node("Softmax", {"s"}, "shares");
      writer.Node("Transpose", {"shares"}, "st", Perm({0, 2, 1})).Node("MatMul", {"v", "st"}, "m");
      writer.Node("Relu", {"m"}, "o");
    }
    return writer.Node("Reshape", {"o", "back"}, "p").Node("Add", {"p", "x"}, "y");
  };
  const Tensor x = RandomTensor({kPictures, 4, 2, 3});
  OnnxWriter one = network(false), other = network(true);
  ExpectNear(Made(other, x), Made(one, x));
}

// Matrices that the file holds, on either side, and what a transformer has around them.
TEST(OnnxAttention, MatricesOfTheFile) {
  const Tensor x = RandomTensor({kPictures, 2, 3});
  OnnxWriter right, left;
  right.Input("x", {1, 2, 3}).Floats("w", {1, 2, 3, 4, 5, 6}).Ints("shape", {3, 2});
  right.Floats("bias", {10, 20}).Node("Reshape", {"w", "shape"}, "m");
  const Tensor got = Made(right.Node("MatMul", {"x", "m"}, "p").Node("Add", {"bias", "p"}, "y"), x);
  left.Input("x", {1, 2, 3}).Floats("w", {1, 2, 3, 4}).Ints("shape", {2, 2});
  const Tensor mixed =
      Made(left.Node("Reshape", {"w", "shape"}, "m").Node("MatMul", {"m", "x"}, "y"), x);
  ASSERT_EQ(got.shape(), (Shape{kPictures, 2, 2}));
  ASSERT_EQ(mixed.shape(), (Shape{kPictures, 2, 3}));
  const std::span<const float> in = x.floats();
  for (size_t n = 0; n < kPictures; ++n) {
    for (size_t l = 0; l < 2; ++l) {
      const float* row = in.data() + (n * 2 + l) * 3;
      for (size_t p = 0; p < 2; ++p) {
        float sum = p == 0 ? 10 : 20;
        for (size_t k = 0; k < 3; ++k) sum += row[k] * static_cast<float>(k * 2 + p + 1);
        EXPECT_NEAR(got.floats()[(n * 2 + l) * 2 + p], sum, 1e-5);
      }
      for (size_t c = 0; c < 3; ++c) {
        const float wanted = static_cast<float>(l * 2 + 1) * in[n * 6 + c] +
                             static_cast<float>(l * 2 + 2) * in[n * 6 + 3 + c];
        EXPECT_NEAR(mixed.floats()[(n * 2 + l) * 3 + c], wanted, 1e-5);
      }
    }
  }
}

TEST(OnnxAttention, NormsOfRows) {
  const Tensor x = RandomTensor({kPictures, 3, 4});
  OnnxWriter one, steps;
  one.Input("x", {1, 3, 4}).Floats("gain", {1, 2, 3, 4}).Floats("shift", {4, 3, 2, 1});
  one.Node("LayerNormalization", {"x", "gain", "shift"}, "y", {OnnxNumber("epsilon", 0.01f)});
  // As exporters write it before opset 17.
  steps.Input("x", {1, 3, 4}).Floats("gain", {1, 2, 3, 4}).Floats("shift", {4, 3, 2, 1});
  steps.Weight("two", {}, 2).Weight("epsilon", {}, 0.01f);
  steps.Node("ReduceMean", {"x"}, "m", {OnnxIntegers("axes", {-1})}).Node("Sub", {"x", "m"}, "c");
  steps.Node("Pow", {"c", "two"}, "s").Node("ReduceMean", {"s"}, "v", {OnnxIntegers("axes", {-1})});
  steps.Node("Add", {"v", "epsilon"}, "e").Node("Sqrt", {"e"}, "r").Node("Div", {"c", "r"}, "n");
  steps.Node("Mul", {"n", "gain"}, "g").Node("Add", {"g", "shift"}, "y");
  const Tensor got = Made(one, x);
  ExpectNear(Made(steps, x, 13), got);
  for (size_t row = 0; row < kPictures * 3; ++row) {
    double mean = 0, variance = 0;
    for (size_t i = 0; i < 4; ++i) mean += x.floats()[row * 4 + i] / 4;
    for (size_t i = 0; i < 4; ++i) variance += std::pow(x.floats()[row * 4 + i] - mean, 2) / 4;
    for (size_t i = 0; i < 4; ++i) {
      const double normed = (x.floats()[row * 4 + i] - mean) / std::sqrt(variance + 0.01);
      const auto place = static_cast<double>(i);
      EXPECT_NEAR(got.floats()[row * 4 + i], normed * (place + 1) + 4 - place, 1e-5);
    }
  }
}

// The places a picture is cut into, as rows, and numbers for each place.
TEST(OnnxAttention, PlacesAndBack) {
  const Tensor x = RandomTensor({kPictures, 2, 2, 2});
  OnnxWriter writer;
  writer.Input("x", {1, 2, 2, 2}).Ints("flat", {0, 2, -1}).Ints("back", {0, 2, 2, 2});
  writer.Floats("numbers", {0, 10, 20, 30, 40, 50, 60, 70}).Ints("shape", {1, 4, 2});
  writer.Node("Reshape", {"numbers", "shape"}, "places").Node("Reshape", {"x", "flat"}, "f");
  writer.Node("Transpose", {"f"}, "rows", Perm({0, 2, 1})).Node("Add", {"rows", "places"}, "a");
  writer.Node("ReduceMax", {"a"}, "most", {OnnxIntegers("axes", {-1})})
      .Node("Sub", {"a", "most"}, "s");
  writer.Node("Transpose", {"s"}, "t", Perm({0, 2, 1})).Node("Reshape", {"t", "back"}, "y");
  const Tensor got = Made(writer, x);
  for (size_t i = 0; i < got.floats().size(); ++i) {
    const size_t n = i / 8, c = i / 4 % 2, place = i % 4;
    const auto at = [&](size_t channel) {
      return x.floats()[n * 8 + channel * 4 + place] + static_cast<float>(place * 2 + channel) * 10;
    };
    EXPECT_NEAR(got.floats()[i], at(c) - std::max(at(0), at(1)), 1e-5) << i;
  }
}

TEST(OnnxAttention, JoinedAndPicked) {
  const Tensor x = RandomTensor({kPictures, 2, 3});
  OnnxWriter writer;
  writer.Input("x", {1, 2, 3}).Ints("neighbours", {1, 2});
  writer.Node("Gather", {"x", "neighbours"}, "g", {OnnxInteger("axis", 2)});
  writer.Node("Concat", {"g", "x"}, "y", {OnnxInteger("axis", -1)});
  const Tensor got = Made(writer, x);
  ASSERT_EQ(got.shape(), (Shape{kPictures, 2, 5}));
  for (size_t i = 0; i < got.floats().size(); ++i) {
    const size_t row = i / 5, column = i % 5;
    EXPECT_EQ(got.floats()[i], x.floats()[row * 3 + (column < 2 ? column + 1 : column - 2)]);
  }
}

}  // namespace
}  // namespace gan::core::conformance
