#include "tasks/strip.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

// What the tile after this one gives too.
int64_t FadeAfter(const TileAxis& axis, size_t tile) {
  return tile + 1 < axis.spans.size() ? axis.spans[tile + 1].fade : 0;
}

int64_t GivenBy(const TileSpan& span) { return span.out_end - span.out_begin; }

int64_t LargestFade(const TileAxis& axis) {
  int64_t largest = 0;
  for (const TileSpan& span : axis.spans) largest = std::max(largest, span.fade);
  return largest;
}

int64_t LargestGiven(const TileAxis& axis) {
  int64_t largest = 0;
  for (const TileSpan& span : axis.spans) largest = std::max(largest, GivenBy(span));
  return largest;
}

int64_t LargestFinished(const TileAxis& axis) {
  int64_t largest = 0;
  for (size_t i = 0; i < axis.spans.size(); ++i) {
    largest = std::max(largest, GivenBy(axis.spans[i]) - FadeAfter(axis, i));
  }
  return largest;
}

struct Sizes {
  Shape finished;
  DType type;
  Shape beside;
  Shape below;
};

Sizes SizesFor(const TilePlan& plan, int64_t channels, const std::optional<PixelFormat>& pixels) {
  const int64_t rows = LargestFinished(plan.y), width = plan.x.out_length;
  return {.finished = pixels ? Shape{rows, width * pixels->bytes()} : Shape{channels, rows, width},
          .type = pixels ? DType::kU8 : DType::kF32,
          .beside = {channels, LargestGiven(plan.y), LargestFade(plan.x)},
          .below = {channels, LargestFade(plan.y), width}};
}

}  // namespace

Strip::Strip(const TilePlan& plan, int64_t channels, std::optional<PixelFormat> pixels,
             ThreadPool* pool)
    : plan_(plan), channels_(channels), pixels_(std::move(pixels)), pool_(pool) {
  const Sizes sizes = SizesFor(plan_, channels_, pixels_);
  finished_ = Tensor(sizes.type, sizes.finished);
  beside_ = Tensor(DType::kF32, sizes.beside);
  below_ = Tensor(DType::kF32, sizes.below);
}

uint64_t Strip::Bytes(const TilePlan& plan, int64_t channels,
                      const std::optional<PixelFormat>& pixels) {
  const Sizes sizes = SizesFor(plan, channels, pixels);
  return static_cast<uint64_t>(sizes.finished.elements()) * SizeOf(sizes.type) +
         static_cast<uint64_t>(sizes.beside.elements() + sizes.below.elements()) * sizeof(float);
}

void Strip::Put(size_t row, size_t column, const TensorView& tile) {
  const TileSpan& span = plan_.y.spans[row];
  row_ = row;
  rows_ = {span.out_begin, span.out_end - FadeAfter(plan_.y, row)};
  const auto finish = [&](int64_t first, int64_t count) {
    ShareOut(pool_, count, [&](int64_t begin, int64_t end) {
      for (int64_t y = first + begin; y < first + end; ++y) FinishRow(tile, column, y);
    });
  };
  // The rows that fade come last: they take the place of those that the first rows fade from.
  const int64_t finished = rows_.end - rows_.begin;
  finish(0, finished);
  finish(finished, GivenBy(span) - finished);
}

// Row y of those that the tile gives: fades it from the tile before, keeps what the next one fades
// from, and finishes the rest.
void Strip::FinishRow(const TensorView& tile, size_t column, int64_t y) {
  const TileSpan& x = plan_.x.spans[column];
  const int64_t plane = plan_.y.out_size * plan_.x.out_size;
  const int64_t after = FadeAfter(plan_.x, column);
  const int64_t width = GivenBy(x) - after;
  float* const from =
      Floats(tile) + (plan_.y.spans[row_].out_offset + y) * plan_.x.out_size + x.out_offset;
  for (int64_t c = 0; c < channels_; ++c) {
    float* row = from + c * plane;
    float* beside = beside_.floats().data() + (c * beside_.shape()[1] + y) * beside_.shape()[2];
    for (int64_t i = 0; i < x.fade; ++i) {
      row[i] = beside[i] + FadeWeight(i, x.fade) * (row[i] - beside[i]);
    }
    std::copy_n(row + width, after, beside);
  }
  FinishPart(from, plane, y, {x.out_begin, x.out_begin + width});
}

// Fades a part of row y from the rows before, and stores it.
void Strip::FinishPart(float* from, int64_t plane, int64_t y, const Interval& columns) {
  const int64_t width = columns.end - columns.begin;
  const int64_t finished = rows_.end - rows_.begin;
  const int64_t fade = plan_.y.spans[row_].fade;
  const auto below = [&](int64_t c, int64_t row) {
    return below_.floats().data() + (c * below_.shape()[1] + row) * plan_.x.out_length +
           columns.begin;
  };
  for (int64_t c = 0; c < channels_; ++c) {
    float* row = from + c * plane;
    if (y >= finished) {
      std::copy_n(row, width, below(c, y - finished));
      continue;
    }
    if (y < fade) {
      const float weight = FadeWeight(y, fade);
      const float* before = below(c, y);
      for (int64_t i = 0; i < width; ++i) row[i] = before[i] + weight * (row[i] - before[i]);
    }
    if (!pixels_) {
      std::copy_n(row, width,
                  finished_.floats().data() + (c * finished_.shape()[1] + y) * plan_.x.out_length +
                      columns.begin);
    }
  }
  if (y >= finished || !pixels_) return;
  PackPixels(*pixels_, from, plane, width,
             finished_.raw().data() + y * finished_.shape()[1] + columns.begin * pixels_->bytes());
}

void Strip::Read(int64_t first, int64_t count, const TensorView& out) const {
  GAN_ASSERT(!pixels_ && first >= rows_.begin && first + count <= rows_.end);
  ShareOut(pool_, count, [&](int64_t begin, int64_t end) {
    CopyElements(finished_.view().Slice(1, first - rows_.begin + begin, end - begin),
                 out.Slice(1, begin, end - begin));
  });
}

void Strip::Read(int64_t first, int64_t count, void* pixels, int64_t stride) const {
  GAN_ASSERT(pixels_ && first >= rows_.begin && first + count <= rows_.end);
  const int64_t bytes = finished_.shape()[1];
  for (int64_t row = 0; row < count; ++row) {
    std::memcpy(static_cast<std::byte*>(pixels) + row * stride,
                finished_.raw().data() + (first - rows_.begin + row) * bytes,
                static_cast<size_t>(bytes));
  }
}

}  // namespace gan::core
