#include "graph/footprint.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

Footprint Of(const Op& op, Interval out, int64_t channels = 4) {
  GraphBuilder b("one");
  const ValueId x = b.Input("x", {1, channels, Dim::Symbol("H", 12), Dim::Symbol("W", 12)});
  std::vector<ValueId> inputs{x};
  if (const auto* conv = std::get_if<Conv2d>(&op)) {
    inputs.push_back(b.Parameter("w", {1, channels, conv->kernel.h, conv->kernel.w}));
  }
  if (const auto* conv = std::get_if<ConvTranspose2d>(&op)) {
    inputs.push_back(b.Parameter("w", {channels, 1, conv->kernel.h, conv->kernel.w}));
  }
  return FootprintOf(b.Finish({b.Add(op, inputs)}), SpatialAxis::kHeight, out);
}

TEST(Footprint, ConvolutionsReachToBothSides) {
  EXPECT_EQ(Of(Conv2d{.kernel = {3, 3}, .padding = {1, 1, 1, 1}}, {5, 7}).input, (Interval{4, 8}));
  EXPECT_EQ(Of(Conv2d{.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}}, {0, 2}).input,
            (Interval{-1, 5}));
}

TEST(Footprint, GrainsAreTouchedWhole) {
  GraphBuilder b("one");
  const ValueId x = b.Input("x", {1, 1, Dim::Symbol("H"), Dim::Symbol("W")});
  const Graph graph = b.Finish({b.Add(Conv2d{.kernel = {3, 3}, .padding = {1, 1, 1, 1}},
                                      {x, b.Parameter("w", {1, 1, 3, 3})})});
  const auto four = [](size_t) { return Grain{4}; };
  EXPECT_EQ(FootprintOf(graph, SpatialAxis::kHeight, {5, 7}, four).input, (Interval{3, 9}));
  EXPECT_EQ(FootprintOf(graph, SpatialAxis::kHeight, {-1, 4}, four).input, (Interval{-5, 5}));
  const auto more = [](size_t) { return Grain{4, 2}; };
  EXPECT_EQ(FootprintOf(graph, SpatialAxis::kHeight, {5, 7}, more).input, (Interval{3, 11}));
}

// Output o reads input i when some tap k has o = i stride - padding + k.
TEST(Footprint, TransposedConvolutionsAgreeWithTheirDefinition) {
  for (const int64_t stride : {1, 2, 3}) {
    for (const int64_t kernel : {2, 3, 4, 5}) {
      for (const int64_t padding : {0, 1}) {
        for (int64_t o = 0; o < 12; ++o) {
          int64_t low = 1000, high = -1000;
          for (int64_t i = -20; i < 40; ++i) {
            const int64_t k = o + padding - i * stride;
            if (k < 0 || k >= kernel) continue;
            low = std::min(low, i);
            high = std::max(high, i);
          }
          if (low > high) continue;  // a gap that no input reaches
          const Interval got = Of(ConvTranspose2d{.kernel = {kernel, kernel},
                                                  .stride = {stride, stride},
                                                  .padding = {padding, padding, padding, padding}},
                                  {o, o + 1})
                                   .input;
          EXPECT_EQ(got, (Interval{low, high + 1})) << stride << kernel << padding << o;
        }
      }
    }
  }
}

TEST(Footprint, ShufflesScale) {
  EXPECT_EQ(Of(PixelShuffle{2}, {5, 8}).input, (Interval{2, 4}));
  EXPECT_EQ(Of(PixelUnshuffle{2}, {1, 3}).input, (Interval{2, 6}));
  EXPECT_EQ(Of(Resize{.num = {4, 4}}, {7, 9}).input, (Interval{1, 3}));
  const Resize nearest{.coordinates = ResizeCoordinates::kHalfPixel, .num = {2, 2}};
  EXPECT_EQ(Of(nearest, {6, 8}).input, (Interval{3, 4}));
  EXPECT_EQ(Of(Slice{.axis = 2, .begin = 3}, {0, 2}).input, (Interval{3, 5}));
}

TEST(Footprint, GlobalOpsNeedEverything) {
  EXPECT_TRUE(Of(GlobalPool{}, {0, 1}).everything);
  EXPECT_FALSE(Of(Activation{}, {0, 1}).everything);
  EXPECT_FALSE(Of(Dropout{}, {0, 1}).everything);
}

TEST(Footprint, ChainsAddUp) {
  GraphBuilder b("chain");
  ValueId x = b.Input("x", {1, 2, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId start = x;
  for (int i = 0; i < 5; ++i) {
    const ValueId w = b.Parameter("w", {2, 2, 3, 3});
    x = b.Add(Conv2d{.kernel = {3, 3}, .padding = {1, 1, 1, 1}}, {x, w});
  }
  const Graph graph = b.Finish({b.Add(Binary{}, {x, start})});
  EXPECT_EQ(FootprintOf(graph, SpatialAxis::kWidth, {10, 20}).input, (Interval{5, 25}));
}

}  // namespace
}  // namespace gan::core
