#include "runtime/tiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"

namespace gan::core {
namespace {

const TileRules kTimesFour{.scale_num = 4, .context = 20};
const TileRules kUnshuffled{.scale_num = 2, .multiple = 2, .context = 22};
const TileRules kValid{.scale_num = 2, .margin = 7, .context = 7};
const TileRules kValidOfFour{.scale_num = 3, .margin = 18, .multiple = 4, .context = 18};
const TileRules kHalving{.scale_num = 1, .scale_den = 2, .multiple = 4, .context = 9};

// Of backends that make several pixels together.
const TileRules kOfTiles{.scale_num = 4, .context = 5, .grid = 4, .exact_context = 16};
const TileRules kValidOfTiles{
    .scale_num = 2, .margin = 7, .multiple = 2, .context = 7, .grid = 8, .exact_context = 20};

const TileRules kAll[] = {kTimesFour, kUnshuffled, kValid,        kValidOfFour,
                          kHalving,   kOfTiles,    kValidOfTiles, TileRules{}};

// The spans cover the output once, but for the fades, and read what lies within the canvas.
void ExpectSound(const TileAxis& axis, const TileRules& rules, int64_t limit) {
  EXPECT_EQ(axis.in_size % rules.multiple, 0);
  EXPECT_LE(axis.in_size, std::max(limit, axis.canvas));
  int64_t covered = 0;
  for (size_t i = 0; i < axis.spans.size(); ++i) {
    const TileSpan& span = axis.spans[i];
    EXPECT_EQ(span.in_begin % rules.multiple, 0);
    EXPECT_LE(span.in_begin + axis.in_size, axis.canvas);
    EXPECT_EQ(span.out_begin + span.fade, covered);
    EXPECT_EQ(span.out_begin - span.out_offset, span.in_begin / rules.scale_den * rules.scale_num);
    EXPECT_GE(span.out_offset, 0);
    EXPECT_LE(span.out_end - span.out_begin + span.out_offset, axis.out_size);
    EXPECT_LT(span.out_begin + span.fade, span.out_end);
    if (i > 0) {
      EXPECT_GE(span.out_begin, axis.spans[i - 1].out_begin + axis.spans[i - 1].fade);
    }
    covered = span.out_end;
  }
  EXPECT_EQ(axis.spans.front().out_begin, 0);
  EXPECT_EQ(axis.spans.front().fade, 0);
  EXPECT_EQ(covered, axis.out_length);
}

TEST(CutAxis, IsSoundForEverySizeAndLimit) {
  for (const TileRules& rules : kAll) {
    for (const bool exact : {false, true}) {
      const int64_t smallest = SmallestTile(rules, exact);
      for (int64_t length = 1; length < 260; length += 1 + length / 9) {
        for (int64_t limit = smallest; limit < 200; limit += 5) {
          SCOPED_TRACE(fmt::format("length {} limit {} exact {} margin {}", length, limit, exact,
                                   rules.margin));
          ExpectSound(CutAxis(length, rules, limit, exact), rules, limit);
        }
      }
    }
  }
}

TEST(CutAxis, ExactTilesHaveAllTheirContext) {
  for (const TileRules& rules : kAll) {
    const TileAxis axis = CutAxis(1000, rules, SmallestTile(rules, true) + 40, true);
    ASSERT_GT(axis.spans.size(), 3u);
    for (const TileSpan& span : axis.spans) {
      // The canvas pixels that the given outputs stand for, and their context.
      const int64_t first = span.out_begin * rules.scale_den / rules.scale_num + rules.margin;
      const int64_t last = span.out_end * rules.scale_den / rules.scale_num + rules.margin;
      const int64_t context = std::max(rules.context, rules.exact_context);
      EXPECT_LE(span.in_begin, std::max<int64_t>(first - context, 0));
      EXPECT_GE(span.in_begin + axis.in_size, std::min(last + context, axis.canvas));
      EXPECT_EQ(span.in_begin % rules.grid, 0);
    }
  }
}

TEST(CutAxis, BlendedTilesFadeOverAQuarterOfTheOverlapAndMore) {
  const TileAxis axis = CutAxis(1000, kTimesFour, 256, false);
  ASSERT_GT(axis.spans.size(), 3u);
  for (size_t i = 1; i < axis.spans.size(); ++i) {
    EXPECT_EQ(axis.spans[i].fade, 16 * 4);
    EXPECT_GE(axis.spans[i].out_offset, 8 * 4);  // what is nearest to the cut is not used
  }
}

TEST(CutAxis, OneTileIsTheWholePicture) {
  const TileAxis axis = CutAxis(101, kUnshuffled, 102, true);
  ASSERT_EQ(axis.spans.size(), 1u);
  EXPECT_EQ(axis.canvas, 102);
  EXPECT_EQ(axis.out_length, 202);
  EXPECT_EQ(axis.spans[0].out_end, 202);
}

TEST(CutAxis, TilesAreEqualAndNoLargerThanNeeded) {
  const TileAxis axis = CutAxis(300, kTimesFour, 256, false);
  ASSERT_EQ(axis.spans.size(), 2u);
  EXPECT_EQ(axis.in_size, (300 + 32) / 2);
}

uint64_t Area(const TilePlan& plan) {
  return static_cast<uint64_t>(plan.y.in_size * plan.x.in_size);
}

TEST(PlanTiles, AutoTakesTheWholePictureIfItFits) {
  EXPECT_TRUE(PlanTiles(300, 200, kTimesFour, {}, 300 * 200, Area).whole());
  EXPECT_FALSE(PlanTiles(300, 200, kTimesFour, {}, 300 * 200 - 1, Area).whole());
}

TEST(PlanTiles, AutoStaysWithinTheBudgetAndUsesIt) {
  for (const bool exact : {false, true}) {
    for (uint64_t budget = 20'000; budget < 400'000; budget = budget * 5 / 4) {
      const TileOptions options{exact ? TileMode::kExact : TileMode::kAuto};
      const TilePlan plan = PlanTiles(3000, 2000, kTimesFour, options, budget, Area);
      EXPECT_LE(Area(plan), budget);
      EXPECT_GE(Area(plan), budget * 2 / 3);
    }
  }
}

TEST(PlanTiles, AutoLeavesRoomForProgress) {
  const TilePlan plan = PlanTiles(9000, 9000, kTimesFour, {}, uint64_t{1} << 40, Area);
  EXPECT_LE(plan.x.in_size, 1088);
  EXPECT_GT(plan.x.in_size, 900);
}

TEST(PlanTiles, FullHdIsTwoTilesSideBySide) {
  const TilePlan plan = PlanTiles(1080, 1920, kTimesFour, {}, uint64_t{1} << 40, Area);
  EXPECT_EQ(plan.y.spans.size(), 1u);
  EXPECT_EQ(plan.x.spans.size(), 2u);
}

TEST(PlanTiles, FixedSizeIsKeptTo) {
  const TileOptions fixed{TileMode::kFixed, 128};
  const TilePlan plan = PlanTiles(1000, 100, kTimesFour, fixed, 1'000'000, Area);
  EXPECT_LE(plan.y.in_size, 128);
  EXPECT_EQ(plan.x.spans.size(), 1u);
}

std::string ErrorOf(const TileRules& rules, const TileOptions& options, uint64_t budget) {
  try {
    PlanTiles(3000, 2000, rules, options, budget, Area);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "";
}

TEST(PlanTiles, SaysWhyItCannot) {
  const auto million_each = [](const TilePlan& plan) { return Area(plan) * 1'000'000; };
  try {
    PlanTiles(3000, 2000, kTimesFour, {}, 5'000'000, million_each);
    FAIL();
  } catch (const Error& error) {  // 64 x 64 pixels, made a little smaller to be of one size
    EXPECT_NE(std::string(error.what()).find(" MB, allowed are 5.0 MB"), std::string::npos);
    const double named =
        std::stod(std::string(error.what()).substr(std::string(error.what()).find("needs ") + 6));
    EXPECT_NO_THROW(
        PlanTiles(3000, 2000, kTimesFour, {}, static_cast<uint64_t>(named * 1e6), million_each));
  }
  EXPECT_NE(ErrorOf(kTimesFour, {TileMode::kOff}, 1000).find("as a whole"), std::string::npos);
  EXPECT_NE(ErrorOf(kTimesFour, {TileMode::kFixed, 1}, 1000).find("at least 2"), std::string::npos);
  TileRules global = kTimesFour;
  global.everything = true;
  EXPECT_NE(ErrorOf(global, {TileMode::kExact}, 1 << 30).find("whole picture"), std::string::npos);
  EXPECT_EQ(ErrorOf(global, {TileMode::kAuto}, 1 << 30), "");
}

TEST(FadeWeight, TwoTilesMakeOne) {
  for (const int64_t length : {1, 2, 7, 64}) {
    for (int64_t i = 0; i < length; ++i) {
      const float later = FadeWeight(i, length);
      EXPECT_GT(later, 0);
      EXPECT_LT(later, 1);
      EXPECT_FLOAT_EQ(later + FadeWeight(length - 1 - i, length), 1);
      if (i > 0) {
        EXPECT_GT(later, FadeWeight(i - 1, length));
      }
    }
  }
}

TEST(ReflectIndex, GoesToAndFro) {
  const auto row = [](int64_t size, int64_t from, int64_t to) {
    std::string text;
    for (int64_t i = from; i < to; ++i) text += std::to_string(ReflectIndex(i, size));
    return text;
  };
  EXPECT_EQ(row(4, -5, 9), "12321012321012");
  EXPECT_EQ(row(2, -3, 4), "1010101");
  EXPECT_EQ(row(1, -3, 4), "0000000");
}

}  // namespace
}  // namespace gan::core
