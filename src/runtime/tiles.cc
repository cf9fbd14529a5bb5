#include "runtime/tiles.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "base/error.h"

namespace gan::core {
namespace {

// Input pixels that neighbouring blended tiles share, at most: few enough to cost little. Networks
// that see less far than a quarter of it blend exactly.
constexpr int64_t kBlendedOverlap = 32;

// Blended tiles are not made smaller than this by themselves: most of the work would be overlap.
constexpr int64_t kSmallestAutomatic = 64;

// Nor larger: between two tiles a job can be stopped and tells how far it is, and larger ones save
// less than a tenth of the work. The 1080 rows of full HD are one tile.
constexpr int64_t kLargestAutomatic = 1088;

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t RoundUp(int64_t a, int64_t unit) { return CeilDiv(a, unit) * unit; }
int64_t RoundDown(int64_t a, int64_t unit) { return a / unit * unit; }

// Where tiles may begin: at whole steps of the network's grid that are whole output pixels.
int64_t Alignment(const TileRules& rules) { return std::lcm(rules.multiple, rules.scale_den); }

// Where exact tiles may begin.
int64_t ExactAlignment(const TileRules& rules) { return std::lcm(Alignment(rules), rules.grid); }

int64_t Canvas(int64_t length, const TileRules& rules) {
  return RoundUp(length + 2 * rules.margin, Alignment(rules));
}

// Output pixels of `in` input pixels, a whole number of steps.
int64_t Scaled(int64_t in, const TileRules& rules) {
  return in / rules.scale_den * rules.scale_num;
}

// How neighbouring windows lie: both in input pixels.
struct Overlap {
  int64_t windows;  // what the windows share, at least
  int64_t outputs;  // what their outputs share, at least
  int64_t lead;     // exact: pixels of a window's output that lack context on the left
};

Overlap OverlapOf(const TileRules& rules, int64_t limit, bool exact) {
  if (exact) {
    const int64_t step = ExactAlignment(rules);
    const int64_t context = std::max(rules.context, rules.exact_context);
    const int64_t lead = RoundUp(std::max<int64_t>(context - rules.margin, 0), step);
    return {RoundUp(lead + context + rules.margin, step), 0, lead};
  }
  const int64_t align = Alignment(rules);
  const int64_t beside = std::max<int64_t>(rules.context - rules.margin, 0);
  const int64_t shared = std::min({kBlendedOverlap, 4 * beside, (limit - 2 * rules.margin) / 2});
  return {RoundUp(2 * rules.margin + shared, align), shared, 0};
}

// Says where neighbouring tiles meet, once their windows are placed.
void PlaceSeams(const TileRules& rules, const Overlap& overlap, bool exact, TileAxis& axis) {
  const int64_t count = static_cast<int64_t>(axis.spans.size());
  int64_t fade = exact ? 0 : Scaled(RoundDown(overlap.outputs / 2, rules.scale_den), rules);
  for (int64_t i = 1; i < count; ++i) {  // no pixel may lie in two fades
    const int64_t stride = axis.spans[i].in_begin - axis.spans[i - 1].in_begin;
    fade = std::min(fade, Scaled(stride, rules));
  }
  for (int64_t i = 1; i < count; ++i) {
    TileSpan& before = axis.spans[i - 1];
    TileSpan& after = axis.spans[i];
    const int64_t first = Scaled(after.in_begin, rules);
    const int64_t shared = Scaled(before.in_begin, rules) + axis.out_size - first;
    after.out_begin = first + (exact ? Scaled(overlap.lead, rules) : (shared - fade) / 2);
    after.out_offset = after.out_begin - first;
    after.fade = fade;
    before.out_end = after.out_begin + fade;
  }
}

TilePlan CutBoth(int64_t height, int64_t width, const TileRules& rules, int64_t limit, bool exact) {
  return {CutAxis(height, rules, limit, exact), CutAxis(width, rules, limit, exact)};
}

// Rounded up, so that allowing what is named is enough.
std::string Megabytes(uint64_t bytes) {
  const uint64_t tenths = (bytes + 99'999) / 100'000;
  return fmt::format("{}.{} MB", tenths / 10, tenths % 10);
}

[[noreturn]] void FailOverBudget(std::string_view what, uint64_t needed, uint64_t budget) {
  Fail(ErrorCode::kUsage, "memory", "{} needs {}, allowed are {}: allow more{}", what,
       Megabytes(needed), Megabytes(budget / 100'000 * 100'000),
       what == "the picture as a whole" ? ", or let it be cut into tiles" : "");
}

TilePlan RequireWithin(uint64_t budget, std::string_view what, TilePlan plan,
                       const TileCost& cost) {
  const uint64_t needed = cost(plan);
  if (needed > budget) FailOverBudget(what, needed, budget);
  return plan;
}

// The largest tiles between `low` and `high` that fit. Larger tiles cost more but for rounding, so
// halving finds them; whatever is chosen was seen to fit.
TilePlan LargestThatFits(int64_t height, int64_t width, const TileRules& rules, int64_t low,
                         int64_t high, bool exact, uint64_t budget, const TileCost& cost) {
  const int64_t align = Alignment(rules);
  const auto at = [&](int64_t steps) {
    return CutBoth(height, width, rules, low + steps * align, exact);
  };
  int64_t below = CeilDiv(std::max<int64_t>(high - low, 0), align);
  TilePlan best = at(below);
  if (cost(best) <= budget) return best;
  best = RequireWithin(budget, "even the smallest tile", at(0), cost);
  for (int64_t fits = 0; below - fits > 1;) {
    const int64_t middle = fits + (below - fits) / 2;
    TilePlan plan = at(middle);
    const bool small_enough = cost(plan) <= budget;
    (small_enough ? fits : below) = middle;
    if (small_enough) best = std::move(plan);
  }
  return best;
}

}  // namespace

int64_t SmallestTile(const TileRules& rules, bool exact) {
  const int64_t align = Alignment(rules);
  if (exact) return OverlapOf(rules, 0, true).windows + 2 * ExactAlignment(rules) - align;
  return RoundUp(2 * rules.margin, align) + 2 * align;
}

TileAxis CutAxis(int64_t length, const TileRules& rules, int64_t limit, bool exact) {
  GAN_ASSERT(length >= 1);
  const int64_t align = Alignment(rules);
  TileAxis axis;
  axis.canvas = Canvas(length, rules);
  axis.out_length = CeilDiv(length * rules.scale_num, rules.scale_den);
  const int64_t step = exact ? ExactAlignment(rules) : align;
  const int64_t largest = RoundDown(limit, align);
  int64_t count = 1;
  Overlap overlap{};
  axis.in_size = axis.canvas;
  if (largest < axis.canvas) {
    GAN_ASSERT(limit >= SmallestTile(rules, exact));
    overlap = OverlapOf(rules, largest, exact);
    // Windows begin at multiples of `step`, the last one at the canvas's size less its own.
    const int64_t rest = axis.canvas % step;
    const int64_t most = RoundDown(largest - overlap.windows - rest, step);
    const int64_t wanted = axis.canvas - overlap.windows - rest;
    count = CeilDiv(wanted, most);
    // As many tiles as needed, all as small as that allows.
    axis.in_size = overlap.windows + RoundUp(CeilDiv(wanted, count), step) + rest;
  }
  axis.out_size = Scaled(axis.in_size - 2 * rules.margin, rules);
  axis.spans.resize(static_cast<size_t>(count));
  for (int64_t i = 1; i < count; ++i) {
    axis.spans[i].in_begin = RoundDown(i * (axis.canvas - axis.in_size) / (count - 1), step);
  }
  PlaceSeams(rules, overlap, exact, axis);
  axis.spans.back().out_end = axis.out_length;
  return axis;
}

TilePlan PlanTiles(int64_t height, int64_t width, const TileRules& rules,
                   const TileOptions& options, uint64_t budget, const TileCost& cost) {
  const int64_t whole = std::max(Canvas(height, rules), Canvas(width, rules));
  const bool exact = options.mode == TileMode::kExact;
  const int64_t smallest = SmallestTile(rules, exact);
  if (options.mode == TileMode::kOff) {
    return RequireWithin(budget, "the picture as a whole",
                         CutBoth(height, width, rules, whole, false), cost);
  }
  if (options.mode == TileMode::kFixed) {
    if (options.size < smallest) {
      Fail(ErrorCode::kUsage, "tile", "this network wants tiles of at least {} pixels, got {}",
           smallest, options.size);
    }
    return RequireWithin(budget, fmt::format("a tile of {} pixels", options.size),
                         CutBoth(height, width, rules, options.size, false), cost);
  }
  if (exact && rules.everything) {
    Fail(ErrorCode::kUsage, "tile",
         "exact tiles cannot be had: this network takes a mean over the whole picture; use blended "
         "tiles, or none");
  }
  const int64_t low = exact ? smallest : std::max(smallest, 2 * rules.margin + kSmallestAutomatic);
  const int64_t high =
      exact ? whole : std::min(whole, RoundDown(kLargestAutomatic, Alignment(rules)));
  return LargestThatFits(height, width, rules, low, high, exact, budget, cost);
}

float FadeWeight(int64_t i, int64_t length) {
  const float t = (static_cast<float>(i) + 0.5f) / static_cast<float>(length);
  return t * t * (3.0f - 2.0f * t);
}

int64_t ReflectIndex(int64_t i, int64_t size) {
  if (size == 1) return 0;
  const int64_t period = 2 * (size - 1);
  const int64_t place = ((i % period) + period) % period;
  return place < size ? place : period - place;
}

}  // namespace gan::core
