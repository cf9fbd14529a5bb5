// Shape rules of every op: what comes out, and what is refused.
#include "graph/op.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "base/error.h"

namespace gan::core {
namespace {

// The shape an op gives for these inputs, nothing when it refuses them.
std::optional<SymbolicShape> Infer(const Op& op, const std::vector<SymbolicShape>& inputs) {
  std::vector<Operand> operands;
  for (const SymbolicShape& shape : inputs) operands.push_back({"x", &shape});
  try {
    return std::visit(
        [&](const auto& typed) { return typed.InferShape(Operands(typed.kName, operands)); }, op);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadData);
    return std::nullopt;
  }
}

const SymbolicShape kPicture{1, 8, 10, 12};

TEST(Op, Conv2d) {
  const Conv2d op{.kernel = {3, 5}, .stride = {2, 1}, .padding = {1, 0, 1, 0}, .groups = 2};
  EXPECT_EQ(Infer(op, {kPicture, {6, 4, 3, 5}, {6}}), (SymbolicShape{1, 6, 5, 8}));
  EXPECT_FALSE(Infer(op, {kPicture, {6, 4, 3, 5}, {5}}));
  EXPECT_FALSE(Infer(op, {kPicture, {5, 4, 3, 5}}));
  EXPECT_FALSE(Infer(op, {kPicture, {6, 8, 3, 5}}));
  EXPECT_FALSE(Infer(op, {kPicture, {6, 4, 5, 5}}));
  EXPECT_FALSE(Infer(op, {kPicture}));
  EXPECT_FALSE(Infer(op, {{1, 8, 10}, {6, 4, 3, 5}}));
  EXPECT_FALSE(Infer(Conv2d{.kernel = {11, 3}}, {kPicture, {6, 8, 11, 3}}));
  EXPECT_FALSE(Infer(Conv2d{.kernel = {3, 3}, .stride = {0, 1}}, {kPicture, {6, 8, 3, 3}}));
  EXPECT_FALSE(Infer(Conv2d{.groups = 0}, {kPicture, {6, 8, 1, 1}}));
}

TEST(Op, ConvTranspose2d) {
  const ConvTranspose2d op{.kernel = {4, 4}, .stride = {2, 2}, .padding = {3, 3, 3, 3}};
  EXPECT_EQ(Infer(op, {kPicture, {8, 3, 4, 4}, {3}}), (SymbolicShape{1, 3, 16, 20}));
  EXPECT_FALSE(Infer(op, {kPicture, {3, 8, 4, 4}}));
  EXPECT_FALSE(Infer(ConvTranspose2d{.output_padding = {1, 0}}, {kPicture, {8, 3, 1, 1}}));
  EXPECT_FALSE(Infer(op, {{1, 8, 1, 1}, {8, 3, 4, 4}}));
}

TEST(Op, Linear) {
  EXPECT_EQ(Infer(Linear{}, {{4, 100}, {7, 100}, {7}}), (SymbolicShape{4, 7}));
  EXPECT_FALSE(Infer(Linear{}, {{4, 100}, {7, 99}}));
  EXPECT_FALSE(Infer(Linear{}, {kPicture, {7, 100}}));
}

TEST(Op, MatMul) {
  EXPECT_EQ(Infer(MatMul{}, {{2, 3, 4, 5}, {2, 3, 5, 6}}), (SymbolicShape{2, 3, 4, 6}));
  EXPECT_EQ(Infer(MatMul{}, {{2, 3, 4, 5}, {1, 1, 5, 6}}), (SymbolicShape{2, 3, 4, 6}));
  EXPECT_EQ(Infer(MatMul{}, {{1, 4, 5}, {2, 5, 6}}), (SymbolicShape{2, 4, 6}));
  EXPECT_FALSE(Infer(MatMul{}, {{2, 3, 4, 5}, {2, 2, 5, 6}}));
  EXPECT_FALSE(Infer(MatMul{}, {{2, 4, 5}, {3, 5, 6}}));
  EXPECT_FALSE(Infer(MatMul{}, {{2, 4, 5}, {2, 4, 6}}));
  EXPECT_FALSE(Infer(MatMul{}, {{2, 4, 5}, {1, 2, 5, 6}}));
  EXPECT_FALSE(Infer(MatMul{}, {{4, 5}, {5, 6}}));
  EXPECT_FALSE(Infer(MatMul{}, {{2, Dim::Symbol("H"), 5}, {2, 5, 6}}));
  EXPECT_FALSE(Infer(MatMul{}, {{2, 4, 5}}));
  EXPECT_TRUE(MatMul{}.WindowOf(SpatialAxis::kHeight).everything);
}

TEST(Op, Transpose) {
  EXPECT_EQ(Infer(Transpose{{0, 3, 1, 2}}, {kPicture}), (SymbolicShape{1, 12, 8, 10}));
  EXPECT_FALSE(Infer(Transpose{{0, 3, 1, 1}}, {kPicture}));
  EXPECT_FALSE(Infer(Transpose{{1, 0, 2, 3}}, {kPicture}));
  EXPECT_FALSE(Infer(Transpose{{0, 3, 1, 4}}, {kPicture}));
  EXPECT_FALSE(Infer(Transpose{{0, 3, 1, -1}}, {kPicture}));
  EXPECT_FALSE(Infer(Transpose{{0, 2, 1}}, {kPicture}));
  EXPECT_FALSE(Infer(Transpose{{0, 2, 1}}, {{1, 4, Dim::Symbol("H")}}));
  EXPECT_TRUE((Transpose{{0, 2, 1}}.WindowOf(SpatialAxis::kWidth).everything));
}

TEST(Op, ElementwiseOpsKeepTheShape) {
  EXPECT_EQ(Infer(Activation{}, {kPicture}), kPicture);
  EXPECT_EQ(Infer(Affine{}, {kPicture}), kPicture);
  EXPECT_EQ(Infer(Prelu{}, {kPicture, {8}}), kPicture);
  EXPECT_EQ(Infer(Prelu{}, {kPicture, {1}}), kPicture);
  EXPECT_FALSE(Infer(Prelu{}, {kPicture, {3}}));
  EXPECT_FALSE(Infer(Activation{}, {kPicture, kPicture}));
}

TEST(Op, BatchNorm) {
  const SymbolicShape c{8};
  EXPECT_EQ(Infer(BatchNorm{}, {kPicture, c, c}), kPicture);
  EXPECT_EQ(Infer(BatchNorm{}, {kPicture, c, c, c, c}), kPicture);
  EXPECT_EQ(Infer(BatchNorm{}, {{5, 8}, c, c}), (SymbolicShape{5, 8}));
  EXPECT_FALSE(Infer(BatchNorm{}, {kPicture, c, c, c}));
  EXPECT_FALSE(Infer(BatchNorm{}, {kPicture, c, {7}}));
  EXPECT_FALSE(Infer(BatchNorm{}, {c, c, c}));
  EXPECT_FALSE(Infer(BatchNorm{.epsilon = 0}, {kPicture, c, c}));
  EXPECT_FALSE(Infer(BatchNorm{.momentum = 1.5f}, {kPicture, c, c}));
}

TEST(Op, Dropout) {
  EXPECT_EQ(Infer(Dropout{.probability = 0}, {kPicture}), kPicture);
  EXPECT_FALSE(Infer(Dropout{.probability = 1}, {kPicture}));
  EXPECT_FALSE(Infer(Dropout{.probability = -0.1f}, {kPicture}));
  EXPECT_FALSE(Infer(Dropout{.probability = std::nanf("")}, {kPicture}));
  EXPECT_FALSE(Infer(Dropout{}, {{8}}));
}

TEST(Op, Reshape) {
  const Dim n = Dim::Symbol("N");
  EXPECT_EQ(Infer(Reshape{{8, 4, 4}}, {{n, 128}}), (SymbolicShape{n, 8, 4, 4}));
  EXPECT_EQ(Infer(Reshape{{960}}, {kPicture}), (SymbolicShape{1, 960}));
  EXPECT_FALSE(Infer(Reshape{{8, 4, 5}}, {{n, 128}}));
  EXPECT_FALSE(Infer(Reshape{{-8, -16}}, {{n, 128}}));
  EXPECT_FALSE(Infer(Reshape{}, {{n, 1}}));
  EXPECT_FALSE(Infer(Reshape{{8}}, {{1, 8, Dim::Symbol("H"), 1}}));
  EXPECT_EQ(AttributesOf(Reshape{{8, 4, 4}}), "{sizes=8x4x4}");
}

TEST(Op, Attention) {
  const Dim h = Dim::Symbol("H", 2);
  const SymbolicShape q{1, 2, h, 6}, k{1, 2, h.FloorDiv(2), 3}, v{1, 9, h.FloorDiv(2), 3};
  EXPECT_EQ(Infer(Attention{}, {q, k, v}), (SymbolicShape{1, 9, h, 6}));
  EXPECT_FALSE(Infer(Attention{}, {q, k}));
  EXPECT_FALSE(Infer(Attention{}, {q, v, v}));
  EXPECT_FALSE(Infer(Attention{}, {q, k, {1, 9, h, 3}}));
  EXPECT_FALSE(Infer(Attention{}, {q, k, {2, 9, h.FloorDiv(2), 3}}));
  EXPECT_FALSE(Infer(Attention{.scale = INFINITY}, {q, k, v}));
  const std::vector<Shape> shapes{{1, 2, 4, 6}, {1, 2, 2, 3}, {1, 9, 2, 3}};
  EXPECT_EQ(Attention{}.MultiplyAdds(shapes, {1, 9, 4, 6}), 24 * 6 * (2 + 9));
}

TEST(Op, BinaryRepeatsAxesOfSizeOne) {
  EXPECT_EQ(Infer(Binary{}, {kPicture, {1, 8, 1, 1}}), kPicture);
  EXPECT_EQ(Infer(Binary{}, {{1, 1, 10, 1}, kPicture}), kPicture);
  EXPECT_FALSE(Infer(Binary{}, {kPicture, {1, 4, 10, 12}}));
  EXPECT_FALSE(Infer(Binary{}, {kPicture, {8, 10, 12}}));
  const Dim h = Dim::Symbol("H");
  EXPECT_FALSE(Infer(Binary{}, {{1, 1, h, 4}, {1, 1, h + 1, 4}}));
}

TEST(Op, ConcatAndSlice) {
  EXPECT_EQ(Infer(Concat{}, {kPicture, {1, 2, 10, 12}}), (SymbolicShape{1, 10, 10, 12}));
  EXPECT_FALSE(Infer(Concat{}, {kPicture, {1, 2, 10, 11}}));
  EXPECT_EQ(Infer(Slice{.axis = 3, .begin = 2, .end_margin = 3}, {kPicture}),
            (SymbolicShape{1, 8, 10, 7}));
  EXPECT_FALSE(Infer(Slice{.axis = 3, .begin = 6, .end_margin = 6}, {kPicture}));
  EXPECT_FALSE(Infer(Slice{.axis = 4}, {kPicture}));
}

TEST(Op, PadAndResize) {
  EXPECT_EQ(Infer(Pad2d{.padding = {1, 2, 3, 4}}, {kPicture}), (SymbolicShape{1, 8, 14, 18}));
  EXPECT_FALSE(Infer(Pad2d{.padding = {-1, 0, 0, 0}}, {kPicture}));
  EXPECT_EQ(Infer(Resize{.num = {3, 1}, .den = {4, 2}}, {kPicture}), (SymbolicShape{1, 8, 7, 6}));
  EXPECT_FALSE(Infer(Resize{.den = {0, 1}}, {kPicture}));
  EXPECT_FALSE(Infer(Resize{.den = {11, 1}}, {kPicture}));
}

TEST(Op, Shuffles) {
  EXPECT_EQ(Infer(PixelShuffle{2}, {kPicture}), (SymbolicShape{1, 2, 20, 24}));
  EXPECT_FALSE(Infer(PixelShuffle{3}, {kPicture}));
  EXPECT_EQ(Infer(PixelUnshuffle{2}, {kPicture}), (SymbolicShape{1, 32, 5, 6}));
  EXPECT_FALSE(Infer(PixelUnshuffle{4}, {kPicture}));
}

TEST(Op, Pools) {
  const Pool2d op{.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}};
  EXPECT_EQ(Infer(op, {kPicture}), (SymbolicShape{1, 8, 5, 6}));
  EXPECT_FALSE(Infer(Pool2d{.kernel = {3, 3}, .padding = {2, 0, 0, 0}}, {kPicture}));
  EXPECT_EQ(Infer(GlobalPool{}, {kPicture}), (SymbolicShape{1, 8, 1, 1}));
}

TEST(Op, GroupNorm) {
  EXPECT_EQ(Infer(GroupNorm{.groups = 8}, {kPicture}), kPicture);
  EXPECT_EQ(Infer(GroupNorm{.groups = 2}, {kPicture, {8}, {8}}), kPicture);
  EXPECT_FALSE(Infer(GroupNorm{.groups = 3}, {kPicture}));
  EXPECT_FALSE(Infer(GroupNorm{.groups = 0}, {kPicture}));
  EXPECT_FALSE(Infer(GroupNorm{.groups = 2}, {kPicture, {8}}));
  EXPECT_FALSE(Infer(GroupNorm{.groups = 2}, {kPicture, {8}, {4}}));
  EXPECT_FALSE(Infer(GroupNorm{.groups = 2}, {{1, 8}}));
  EXPECT_FALSE(Infer(GroupNorm{.epsilon = 0}, {kPicture}));
  EXPECT_FALSE(Infer(GroupNorm{.epsilon = NAN}, {kPicture}));
  EXPECT_TRUE(GroupNorm{}.WindowOf(SpatialAxis::kHeight).everything);
}

TEST(Op, PixelNorm) {
  EXPECT_EQ(Infer(PixelNorm{}, {kPicture}), kPicture);
  EXPECT_EQ(Infer(PixelNorm{}, {{3, 5}}), (SymbolicShape{3, 5}));
  EXPECT_FALSE(Infer(PixelNorm{}, {{3}}));
  EXPECT_FALSE(Infer(PixelNorm{}, {kPicture, {8}}));
  EXPECT_FALSE(Infer(PixelNorm{.epsilon = -1}, {kPicture}));
}

TEST(Op, Demodulate) {
  EXPECT_EQ(Infer(Demodulate{}, {{2, 5}, {7, 5, 3, 3}}), (SymbolicShape{2, 7}));
  EXPECT_EQ(Infer(Demodulate{.transposed = true}, {{2, 5}, {5, 7, 3, 3}}), (SymbolicShape{2, 7}));
  EXPECT_FALSE(Infer(Demodulate{}, {{2, 7}, {7, 5, 3, 3}}));
  EXPECT_FALSE(Infer(Demodulate{}, {{2, 5}, {7, 5, 3}}));
  EXPECT_FALSE(Infer(Demodulate{}, {{2, 5, 1, 1}, {7, 5, 3, 3}}));
  EXPECT_FALSE(Infer(Demodulate{.epsilon = 0}, {{2, 5}, {7, 5, 3, 3}}));
}

TEST(Op, Upfirdn2d) {
  const Upfirdn2d twice{.up = {2, 2}, .filter = {4, 4}, .padding = {2, 2, 1, 1}};
  EXPECT_EQ(Infer(twice, {kPicture, {4, 4}}), (SymbolicShape{1, 8, 20, 24}));
  const Upfirdn2d half{.down = {2, 2}, .filter = {4, 4}, .padding = {1, 1, 1, 1}};
  EXPECT_EQ(Infer(half, {kPicture, {4, 4}}), (SymbolicShape{1, 8, 5, 6}));
  EXPECT_FALSE(Infer(twice, {kPicture, {4, 3}}));
  EXPECT_FALSE(Infer(twice, {kPicture}));
  EXPECT_FALSE(Infer(Upfirdn2d{.up = {0, 1}, .filter = {1, 1}}, {kPicture, {1, 1}}));
  EXPECT_FALSE(Infer(Upfirdn2d{.filter = {11, 1}}, {kPicture, {11, 1}}));
  // Of the picture twice as large, output 0 reads 2 zeros before and the first pixel alone.
  const Window window = twice.WindowOf(SpatialAxis::kWidth);
  EXPECT_EQ(window.low, -1);
  EXPECT_EQ(window.high, 1);
  EXPECT_EQ(window.den, 2);
}

}  // namespace
}  // namespace gan::core
