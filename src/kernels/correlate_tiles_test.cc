#include "kernels/correlate_tiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

CorrelateGeometry Geometry(int64_t inputs, int64_t kernel, int64_t stride, int64_t height,
                           int64_t width) {
  CorrelateGeometry g{inputs, {}, stride, stride, height, width};
  for (int64_t u = 0; u < kernel; ++u) {
    for (int64_t v = 0; v < kernel; ++v) g.taps.push_back({u - kernel / 2, v - kernel / 2});
  }
  return g;
}

TEST(CorrelateTiles, CoverTheOutputOnce) {
  for (const int64_t inputs : {1, 64, 700}) {
    for (const auto& [height, width] :
         {std::pair{1, 1}, {3, 1000}, {1000, 3}, {256, 256}, {17, 129}, {5, 4096}}) {
      SCOPED_TRACE(testing::Message() << inputs << " " << height << "x" << width);
      const CorrelateGeometry g = Geometry(inputs, 3, 1, height, width);
      const TilePlan plan = PlanTiles(g);
      std::vector<int> covered(static_cast<size_t>(height * width));
      for (int64_t tile = 0; tile < plan.tiles_down * plan.tiles_across; ++tile) {
        const TilePlace place = PlaceOf(plan, g, tile);
        ASSERT_GE(std::min(place.rows, place.columns), 1);
        ASSERT_LE(place.rows, plan.rows);
        ASSERT_LE(place.columns, plan.columns);
        for (int64_t y = place.y; y < place.y + place.rows; ++y) {
          for (int64_t x = place.x; x < place.x + place.columns; ++x) {
            ++covered[static_cast<size_t>(y * width + x)];
          }
        }
      }
      EXPECT_EQ(std::count(covered.begin(), covered.end(), 1), height * width);
    }
  }
}

TEST(CorrelateTiles, ACopyFitsTheCacheUnlessChannelsAreVeryMany) {
  for (const int64_t inputs : {1, 3, 32, 64, 192, 256}) {
    for (const int64_t size : {8, 100, 256, 5000}) {
      const TilePlan plan = PlanTiles(Geometry(inputs, 3, 1, size, size));
      EXPECT_LE(plan.copy * 4, 300 * 1024) << inputs << " " << size;
      EXPECT_EQ(plan.channel / 16 % 2, 1);
    }
  }
  // Memory does not grow with the picture.
  EXPECT_EQ(PlanTiles(Geometry(64, 3, 1, 1000, 1000)).copy,
            PlanTiles(Geometry(64, 3, 1, 100000, 100000)).copy);
}

TEST(CorrelateTiles, ManyTapsArePlannedQuickly) {
  // Each of the 300 x 300 taps is a phase of its own.
  const TilePlan plan = PlanTiles(Geometry(1, 300, 300, 2, 2));
  EXPECT_EQ(plan.phases.size(), 90000u);
  EXPECT_EQ(std::set<int64_t>(plan.offsets.begin(), plan.offsets.end()).size(), 90000u);
}

// Through each tap's offset, the copy holds what the definition reads: x[q * stride + tap], or 0.
void ExpectCopyFollowsTheDefinition(const CorrelateGeometry& g, const Shape& shape) {
  Random random(27);
  const GappedTensor x(RandomTensor(shape, random));
  const TilePlan plan = PlanTiles(g);
  std::vector<float> copy(static_cast<size_t>(plan.copy), std::nanf(""));
  for (int64_t tile = 0; tile < plan.tiles_down * plan.tiles_across; ++tile) {
    const TilePlace place = PlaceOf(plan, g, tile);
    CopyTile(x.view(), 1, 2, g, plan, place, copy.data());
    EXPECT_EQ(std::count_if(copy.begin(), copy.end(), [](float v) { return std::isnan(v); }), 0);
    for (int64_t i = 0; i < place.rows * place.columns * g.inputs; ++i) {
      const int64_t channel = i % g.inputs, pixel = i / g.inputs;
      const int64_t row = pixel / place.columns, column = pixel % place.columns;
      for (size_t t = 0; t < g.taps.size(); ++t) {
        const int64_t y = (place.y + row) * g.stride_h + g.taps[t].dy;
        const int64_t from = (place.x + column) * g.stride_w + g.taps[t].dx;
        const bool inside = y >= 0 && y < shape[2] && from >= 0 && from < shape[3];
        const TensorView& v = x.view();
        const float wanted =
            inside
                ? Floats(v)[v.strides[0] + (2 + channel) * v.strides[1] + y * v.strides[2] + from]
                : 0.0f;
        const int64_t at = channel * plan.channel + row * plan.pitch + column + plan.offsets[t];
        ASSERT_EQ(copy[static_cast<size_t>(at)], wanted) << tile << " " << i << " " << t;
      }
    }
  }
}

TEST(CorrelateTiles, CopyHoldsWhatTheTapsRead) {
  for (int64_t stride = 1; stride <= 3; ++stride) {
    for (const int64_t kernel : {1, 3, 4}) {
      ExpectCopyFollowsTheDefinition(Geometry(2, kernel, stride, 9, 7),
                                     {2, 5, 9 * stride, 7 * stride});
      // Taps that reach far outside on every side.
      ExpectCopyFollowsTheDefinition(Geometry(1, kernel, stride, 20, 140), {2, 3, 4, 5});
    }
  }
  CorrelateGeometry uneven{1, {{-7, 3}, {0, 0}, {5, -9}}, 2, 1, 12, 11};
  ExpectCopyFollowsTheDefinition(uneven, {2, 3, 10, 8});
}

}  // namespace
}  // namespace gan::core::kernels
