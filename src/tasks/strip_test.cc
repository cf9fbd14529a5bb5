#include "tasks/strip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/random.h"

namespace gan::core {
namespace {

constexpr TileRules kRules{.scale_num = 2, .context = 9};

TilePlan Plan(int64_t height, int64_t width, int64_t limit, bool exact) {
  return {CutAxis(height, kRules, limit, exact), CutAxis(width, kRules, limit, exact)};
}

// Each tile of its own numbers, so that every fade shows.
Tensor TileOf(const TilePlan& plan, int64_t channels, size_t row, size_t column) {
  Tensor tile(DType::kF32, {channels, plan.y.out_size, plan.x.out_size});
  Random(1 + row * 100 + column).FillUniform(tile.floats(), -0.1f, 1.1f);
  return tile;
}

// The weight of a tile on a pixel of the output, and its place in the tile.
struct Share {
  double weight = 0;
  int64_t place = 0;
};

Share ShareOf(const TileAxis& axis, size_t tile, int64_t pixel) {
  const TileSpan& span = axis.spans[tile];
  if (pixel < span.out_begin || pixel >= span.out_end) return {};
  const int64_t i = pixel - span.out_begin;
  Share share{1, span.out_offset + i};
  if (i < span.fade) share.weight = static_cast<double>(FadeWeight(i, span.fade));
  if (tile + 1 < axis.spans.size()) {
    const TileSpan& next = axis.spans[tile + 1];
    if (pixel >= next.out_begin) {
      share.weight = 1 - static_cast<double>(FadeWeight(pixel - next.out_begin, next.fade));
    }
  }
  return share;
}

// The sum of all tiles by their weights.
std::vector<double> Blended(const TilePlan& plan, int64_t channels) {
  const int64_t height = plan.y.out_length, width = plan.x.out_length;
  std::vector<double> whole(static_cast<size_t>(channels * height * width));
  for (size_t row = 0; row < plan.y.spans.size(); ++row) {
    for (size_t column = 0; column < plan.x.spans.size(); ++column) {
      const Tensor tile = TileOf(plan, channels, row, column);
      for (int64_t i = 0; i < channels * height * width; ++i) {
        const Share y = ShareOf(plan.y, row, i / width % height);
        const Share x = ShareOf(plan.x, column, i % width);
        const int64_t from =
            (i / width / height * plan.y.out_size + y.place) * plan.x.out_size + x.place;
        whole[static_cast<size_t>(i)] +=
            y.weight * x.weight * static_cast<double>(tile.floats()[static_cast<size_t>(from)]);
      }
    }
  }
  return whole;
}

// Calls read(strip) after each row of tiles.
template <class Read>
void ForEachRow(const TilePlan& plan, int64_t channels, const std::optional<PixelFormat>& pixels,
                ThreadPool* pool, const Read& read) {
  Strip strip(plan, channels, pixels, pool);
  for (size_t row = 0; row < plan.y.spans.size(); ++row) {
    for (size_t column = 0; column < plan.x.spans.size(); ++column) {
      strip.Put(row, column, TileOf(plan, channels, row, column).view());
    }
    read(strip);
  }
}

Tensor Floats(const TilePlan& plan, int64_t channels, ThreadPool* pool = nullptr) {
  Tensor out(DType::kF32, {channels, plan.y.out_length, plan.x.out_length});
  int64_t next = 0;
  ForEachRow(plan, channels, {}, pool, [&](const Strip& strip) {
    EXPECT_EQ(strip.rows().begin, next);
    const int64_t count = strip.rows().end - next;
    strip.Read(next, count, out.view().Slice(1, next, count));
    next += count;
  });
  EXPECT_EQ(next, plan.y.out_length);
  return out;
}

std::vector<std::byte> Packed(const TilePlan& plan, int64_t channels, const PixelFormat& format,
                              ThreadPool* pool) {
  const int64_t stride = plan.x.out_length * format.bytes() + 5;
  std::vector<std::byte> out(static_cast<size_t>(plan.y.out_length * stride));
  ForEachRow(plan, channels, format, pool, [&](const Strip& strip) {
    for (int64_t row = strip.rows().begin; row < strip.rows().end; ++row) {
      strip.Read(row, 1, out.data() + row * stride, stride);
    }
  });
  return out;
}

TEST(Strip, TilesCountByTheirWeights) {
  for (const bool exact : {false, true}) {
    for (const int64_t limit : {200, 90, 61}) {
      const TilePlan plan = Plan(150, 171, limit, exact);
      const Tensor got = Floats(plan, 2);
      const std::vector<double> expected = Blended(plan, 2);
      ASSERT_EQ(got.floats().size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(got.floats()[i]), expected[i], 1e-6) << i;
      }
    }
  }
}

TEST(Strip, PixelsAreThoseOfTheFloatsForAnyThreads) {
  const TilePlan plan = Plan(120, 130, 61, false);
  const PixelFormat formats[] = {{.colours = 3},
                                 {.colours = 3, .bits = 16},
                                 {.colours = 1, .has_alpha = true},
                                 {.colours = 3, .has_alpha = true, .flatten = true}};
  for (const PixelFormat& format : formats) {
    const int64_t channels = format.colours + (format.has_alpha ? 1 : 0);
    Tensor floats = Floats(plan, channels);
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      const std::vector<std::byte> got = Packed(plan, channels, format, &pool);
      EXPECT_TRUE(std::ranges::equal(floats.raw(), Floats(plan, channels, &pool).raw()));
      std::vector<std::byte> row(static_cast<size_t>(plan.x.out_length * format.bytes()));
      const size_t stride = row.size() + 5;
      Tensor flat = floats.Clone();
      for (int64_t y = 0; y < plan.y.out_length; ++y) {
        PackPixels(format, flat.floats().data() + y * plan.x.out_length,
                   plan.y.out_length * plan.x.out_length, plan.x.out_length, row.data());
        const std::byte* made = got.data() + static_cast<size_t>(y) * stride;
        ASSERT_EQ(std::memcmp(made, row.data(), row.size()), 0) << y;
        ASSERT_TRUE(std::all_of(made + row.size(), made + stride,
                                [](std::byte b) { return b == std::byte{0}; }));
      }
    }
  }
}

TEST(Strip, PixelsTakeAQuarterOfTheFloats) {
  const TilePlan plan = Plan(4000, 6000, 1024, false);
  const uint64_t floats = Strip::Bytes(plan, 3, {});
  const uint64_t pixels = Strip::Bytes(plan, 3, PixelFormat{});
  EXPECT_LT(pixels, floats / 3);
  EXPECT_GT(pixels, floats / 5);
}

}  // namespace
}  // namespace gan::core
