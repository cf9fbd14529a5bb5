// Operators of ONNX that become ops by arithmetic of the reader: the numbers that ONNX defines,
// computed here from its text.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
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

Tensor Numbered(const Shape& shape) {
  Tensor x(DType::kF32, shape);
  for (size_t i = 0; i < x.floats().size(); ++i) x.floats()[i] = static_cast<float>(i);
  return x;
}

// What the network makes of x; nothing where the reader refuses it, naming the node.
std::optional<Tensor> Made(OnnxWriter& writer, const Tensor& x, int64_t opset = 13) {
  const std::string bytes = writer.Output("y").Finish(opset);
  ThreadPool pool(1);
  try {
    const OnnxNetwork read = ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "");
    return RunOnCpu("auto", pool, read.graph, read.parameters, std::span(&x, 1))[0];
  } catch (const Error& error) {
    // Or a picture that is no multiple of what the network needs.
    const std::string text = error.what();
    EXPECT_TRUE(text.find("node \"the_y\"") != std::string::npos ||
                text.find("must be a multiple of") != std::string::npos)
        << text;
    return std::nullopt;
  }
}

// -- Resize: the pixel of a row that output o shows.

int64_t Nearest(const std::string& places, const std::string& rounding, int64_t o, int64_t in,
                int64_t out) {
  const double scale = static_cast<double>(out) / static_cast<double>(in),
               at = static_cast<double>(o);
  double x = at / scale;
  if (places == "half_pixel") x = (at + 0.5) / scale - 0.5;
  if (places == "pytorch_half_pixel") x = out > 1 ? (at + 0.5) / scale - 0.5 : 0;
  if (places == "tf_half_pixel_for_nn") x = (at + 0.5) / scale;
  if (places == "align_corners") {
    x = out == 1 ? 0 : at * static_cast<double>(in - 1) / static_cast<double>(out - 1);
  }
  // Thirds and fifths have no exact double: a whole number or a half that was missed is none.
  const double near = std::round(x * 2) / 2;
  if (std::abs(x - near) < 1e-9) x = near;
  double pixel = std::floor(x);
  if (rounding == "ceil") pixel = std::ceil(x);
  if (rounding == "round_prefer_floor") pixel = std::ceil(x - 0.5);
  if (rounding == "round_prefer_ceil") pixel = std::floor(x + 0.5);
  return std::clamp<int64_t>(static_cast<int64_t>(pixel), 0, in - 1);
}

struct Enlargement {
  int64_t in, out;
};

TEST(OnnxReading, NearestPixelsAreThoseOfOnnxOrRefused) {
  size_t read = 0, refused = 0;
  for (const char* places : {"asymmetric", "half_pixel", "pytorch_half_pixel", "align_corners",
                             "tf_half_pixel_for_nn"}) {
    for (const char* rounding : {"floor", "ceil", "round_prefer_floor", "round_prefer_ceil"}) {
      for (const Enlargement& size : {Enlargement{3, 9},
                                      {4, 12},
                                      {3, 6},
                                      {5, 20},
                                      {8, 4},
                                      {6, 9},
                                      {9, 6},
                                      {12, 3},
                                      {7, 7},
                                      {8, 6},
                                      {4, 10},
                                      {5, 8},
                                      {6, 1}}) {
        SCOPED_TRACE(fmt::format("{} {} {} to {}", places, rounding, size.in, size.out));
        const std::vector<ProtoWriter> attributes = {
            OnnxText("coordinate_transformation_mode", places), OnnxText("nearest_mode", rounding)};
        // By the size, of pictures whose size is known; by the scale, of pictures of any size.
        OnnxWriter by_size, by_scale;
        by_size.Input("x", {1, 1, 2, size.in}).Ints("sizes", {1, 1, 2, size.out});
        by_size.Node("Resize", {"x", "", "", "sizes"}, "y", attributes);
        const float scale = static_cast<float>(size.out) / static_cast<float>(size.in);
        by_scale.Input("x", {1, 1, -1, -1}).Floats("scales", {1, 1, 1, scale});
        by_scale.Node("Resize", {"x", "", "scales"}, "y", attributes);
        for (OnnxWriter* writer : {&by_size, &by_scale}) {
          const auto made = Made(*writer, Numbered({1, 1, 2, size.in}), 11);
          made ? ++read : ++refused;
          if (!made) continue;
          ASSERT_EQ(made->shape(), (Shape{1, 1, 2, size.out}));
          for (int64_t o = 0; o < size.out; ++o) {
            EXPECT_EQ(made->floats()[static_cast<size_t>(o)],
                      static_cast<float>(Nearest(places, rounding, o, size.in, size.out)))
                << o;
          }
        }
      }
    }
  }
  EXPECT_GT(read, 150u);
  EXPECT_GT(refused, 100u);
}

// -- Moves

TEST(OnnxReading, BlocksInBothOrders) {
  const int64_t b = 2, c = 3, h = 2, w = 3;
  const Tensor deep = Numbered({1, b * b * c, h, w}), wide = Numbered({1, c, h * b, w * b});
  OnnxWriter into, from;
  into.Input("x", {1, b * b * c, -1, -1});
  into.Node("DepthToSpace", {"x"}, "y", {OnnxInteger("blocksize", b)});
  const Tensor shallow = Made(into, deep).value();
  from.Input("x", {1, c, -1, -1}).Node("SpaceToDepth", {"x"}, "y", {OnnxInteger("blocksize", b)});
  const Tensor deeper = Made(from, wide).value();
  for (int64_t i = 0; i < deep.shape().elements(); ++i) {
    const int64_t x = i % w, y = i / w % h, channel = i / (w * h);
    const int64_t place = channel / c, k = channel % c;
    const int64_t at = (k * h * b + y * b + place / b) * w * b + x * b + place % b;
    EXPECT_EQ(shallow.floats()[static_cast<size_t>(at)], static_cast<float>(i));
    EXPECT_EQ(deeper.floats()[static_cast<size_t>(i)], static_cast<float>(at));
  }
}

TEST(OnnxReading, SlicesInSteps) {
  OnnxWriter writer;
  writer.Input("x", {1, 2, 4, 7}).Ints("begin", {1, -6}).Ints("end", {4, 9999});
  writer.Ints("axes", {2, -1}).Ints("steps", {2, 3});
  writer.Node("Slice", {"x", "begin", "end", "axes", "steps"}, "y");
  const Tensor x = Numbered({1, 2, 4, 7}), got = Made(writer, x).value();
  ASSERT_EQ(got.shape(), (Shape{1, 2, 2, 2}));
  size_t i = 0;
  for (const int64_t c : {0, 1}) {
    for (const int64_t row : {1, 3}) {
      for (const int64_t column : {1, 4}) {
        EXPECT_EQ(got.floats()[i++], static_cast<float>((c * 4 + row) * 7 + column));
      }
    }
  }
}

// -- Channels last: the file sees [N, H, W, C], gan [N, C, H, W]

// What comes before "t", whose channels are brought forward, as exporters of TensorFlow do it.
OnnxWriter LastPicture() {
  OnnxWriter writer;
  return writer.Input("x", {1, -1, -1, 2});
}

Tensor MadeOfTurned(OnnxWriter& writer, const std::string& last, const Tensor& x) {
  writer.Node("Transpose", {last}, "t", {OnnxIntegers("perm", {0, 3, 1, 2})});
  writer.Node("Identity", {"t"}, "i");
  writer.Node("Transpose", {"i"}, "y", {OnnxIntegers("perm", {0, 2, 3, 1})});
  return Made(writer, x).value();
}

TEST(OnnxReading, PadsAndJoinsChannelsThatAreLast) {
  const Tensor x = Numbered({1, 2, 2, 3});
  OnnxWriter writer = LastPicture();
  writer.Ints("pads", {0, 1, 0, 0, 0, 0, 2, 0}).Weight("nine", {}, 9);
  writer.Node("Pad", {"x", "pads", "nine"}, "p").Node("Neg", {"p"}, "n");
  writer.Node("Concat", {"p", "n"}, "c", {OnnxInteger("axis", -1)});
  const Tensor got = MadeOfTurned(writer, "c", x);
  ASSERT_EQ(got.shape(), (Shape{1, 4, 3, 5}));
  for (size_t i = 0; i < got.floats().size(); ++i) {
    const size_t channel = i / 15, row = i / 5 % 3, column = i % 5;
    float wanted = 9;
    if (row >= 1 && column < 3) wanted = x.floats()[channel % 2 * 6 + (row - 1) * 3 + column];
    EXPECT_EQ(got.floats()[i], channel < 2 ? wanted : -wanted) << i;
  }
}

TEST(OnnxReading, BordersOfSomeAxesOfChannelsThatAreLast) {
  const Tensor x = Numbered({1, 2, 2, 3});
  OnnxWriter writer = LastPicture();
  writer.Ints("pads", {1, 0}).Weight("none", {}, 0).Ints("axes", {-2});
  writer.Node("Pad", {"x", "pads", "none", "axes"}, "p");
  const Tensor got = MadeOfTurned(writer, "p", x);
  ASSERT_EQ(got.shape(), (Shape{1, 2, 2, 4}));
  for (size_t i = 0; i < got.floats().size(); ++i) {
    EXPECT_EQ(got.floats()[i], i % 4 == 0 ? 0 : x.floats()[i / 4 * 3 + i % 4 - 1]) << i;
  }
}

TEST(OnnxReading, ReductionsOfChannelsThatAreLast) {
  const Tensor x = Numbered({1, 2, 2, 3});
  const auto reduced = [&](const std::string& op, const std::vector<int64_t>& axes) {
    OnnxWriter writer = LastPicture();
    writer.Node(op, {"x"}, "r", {OnnxIntegers("axes", axes)}).Node("Sub", {"x", "r"}, "s");
    return MadeOfTurned(writer, "s", x);
  };
  const Tensor mean = reduced("ReduceMean", {1, 2}), sum = reduced("ReduceSum", {3});
  ASSERT_EQ(mean.shape(), x.shape());
  ASSERT_EQ(sum.shape(), x.shape());
  for (size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(mean.floats()[i], x.floats()[i] - (i < 6 ? 2.5f : 8.5f)) << i;
    EXPECT_EQ(sum.floats()[i], -x.floats()[i < 6 ? i + 6 : i - 6]) << i;
  }
}

// One number for each channel, which is multiplied by a matrix and with the picture.
TEST(OnnxReading, ChannelsThatAreLastAreWeighed) {
  const Tensor x = Numbered({1, 2, 2, 3});
  OnnxWriter writer = LastPicture();
  writer.Floats("numbers", {1, 2, 3, 4}).Ints("square", {2, 2}).Ints("pixel", {-1, 1, 1, 2});
  writer.Node("ReduceMean", {"x"}, "m", {OnnxIntegers("axes", {1, 2}), OnnxInteger("keepdims", 0)});
  writer.Node("Reshape", {"numbers", "square"}, "w").Node("MatMul", {"m", "w"}, "row");
  writer.Node("Reshape", {"row", "pixel"}, "share").Node("Mul", {"x", "share"}, "s");
  // Then each pixel by the matrix.
  writer.Node("MatMul", {"s", "w"}, "d");
  const Tensor got = MadeOfTurned(writer, "d", x);
  ASSERT_EQ(got.shape(), x.shape());
  const float share[2] = {2.5f * 1 + 8.5f * 3, 2.5f * 2 + 8.5f * 4};
  for (size_t i = 0; i < 6; ++i) {
    const float a = x.floats()[i] * share[0], b = x.floats()[6 + i] * share[1];
    EXPECT_EQ(got.floats()[i], a * 1 + b * 3) << i;
    EXPECT_EQ(got.floats()[6 + i], a * 2 + b * 4) << i;
  }
}

// -- Functions

TEST(OnnxReading, FunctionsOfOneNumber) {
  const Tensor x = Tensor::FromFloats({1, 1, 1, 6}, std::vector<float>{-3, -1, -0.25f, 0.5f, 1, 4});
  struct Function {
    const char* op;
    double (*of)(double);
  };
  const std::vector<Function> functions = {
      {"Selu",
       [](double v) {
         return 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * std::expm1(v));
       }},
      {"Celu", [](double v) { return std::max(v, 0.0) + std::min(0.0, std::expm1(v)); }},
      {"Softsign", [](double v) { return v / (1 + std::abs(v)); }},
      {"Mish", [](double v) { return v * std::tanh(std::log1p(std::exp(v))); }},
      {"Abs", [](double v) { return std::abs(v); }},
      {"Reciprocal", [](double v) { return 1 / v; }},
      {"Gelu", [](double v) { return v / 2 * (1 + std::erf(v / std::sqrt(2.0))); }}};
  for (const Function& function : functions) {
    OnnxWriter writer;
    writer.Input("x", {1, 1, 1, 6}).Node(function.op, {"x"}, "y");
    const Tensor got = Made(writer, x, 20).value();
    for (size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(got.floats()[i], function.of(x.floats()[i]), 1e-6) << function.op << " " << i;
    }
  }
}

TEST(OnnxReading, LayerNorm) {
  const Tensor x = Tensor::FromFloats({1, 4}, std::vector<float>{1, 2, 3, 6});
  OnnxWriter writer;
  writer.Input("x", {1, 4}).Floats("gain", {1, 2, 3, 4}).Floats("shift", {0, 1, 0, -1});
  writer.Node("LayerNormalization", {"x", "gain", "shift"}, "y");
  const Tensor got = Made(writer, x, 17).value();
  const double root = std::sqrt(3.5 + 1e-5);
  for (size_t i = 0; i < 4; ++i) {
    const double shift = i == 1 ? 1 : i == 3 ? -1 : 0;
    const double wanted = (x.floats()[i] - 3) / root * static_cast<double>(i + 1) + shift;
    EXPECT_NEAR(got.floats()[i], wanted, 1e-5);
  }
}

TEST(OnnxReading, Reductions) {
  const Tensor x = Numbered({1, 2, 2, 3});
  const auto reduced = [&](const std::string& op, const std::vector<int64_t>& axes) {
    OnnxWriter writer;
    writer.Input("x", {1, 2, 2, 3});
    const Tensor got =
        Made(writer.Node(op, {"x"}, "y", {OnnxIntegers("axes", axes)}), x, 11).value();
    return std::vector<float>(got.floats().begin(), got.floats().end());
  };
  using List = std::vector<float>;
  EXPECT_EQ(reduced("ReduceSum", {2, 3}), (List{15, 51}));
  EXPECT_EQ(reduced("ReduceSum", {1}), (List{6, 8, 10, 12, 14, 16}));
  EXPECT_EQ(reduced("ReduceMax", {3}), (List{2, 5, 8, 11}));
  EXPECT_EQ(reduced("ReduceMean", {-2}), (List{1.5f, 2.5f, 3.5f, 7.5f, 8.5f, 9.5f}));
  EXPECT_EQ(reduced("ReduceSum", {1, 2, 3}), List{66});
}

// -- Classes

TEST(OnnxReading, AnEmbeddingIsLookedUpByLabels) {
  OnnxWriter writer;
  writer.Input("z", {-1, 2}).WholeInput("digit", {-1, 1});
  writer.Ints("row", {-1, 2}).Floats("table", {1, 2, 3, 4, 5, 6}, {3, 2});
  writer.Node("Gather", {"table", "digit"}, "e");
  writer.Node("Reshape", {"e", "row"}, "r").Node("Mul", {"z", "r"}, "y").Output("y");
  const std::string bytes = writer.Finish();
  const OnnxNetwork read = ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "");
  const std::vector<Tensor> inputs = {
      Tensor::FromFloats({2, 2}, std::vector<float>{1, 2, 3, 4}),
      Tensor::FromFloats({2, 3}, std::vector<float>{0, 1, 0, 0, 0, 1})};
  ThreadPool pool(1);
  const Tensor y = RunOnCpu("auto", pool, read.graph, read.parameters, inputs)[0];
  EXPECT_EQ(std::vector<float>(y.floats().begin(), y.floats().end()),
            (std::vector<float>{3, 8, 15, 24}));
}

}  // namespace
}  // namespace gan::core::conformance
