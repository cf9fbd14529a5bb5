#include "tasks/row_window.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr int64_t kRowsAtOnce = 16;  // what the libraries below decode at once

}  // namespace

RowWindow::RowWindow(int64_t channels, int64_t width, int64_t capacity, RowSource source)
    : channels_(channels),
      width_(width),
      capacity_(capacity),
      source_(std::move(source)),
      piece_(DType::kF32, {channels * std::min(kRowsAtOnce, capacity) * width}),
      ring_(DType::kF32, {capacity, channels, width}) {}

uint64_t RowWindow::Bytes(int64_t channels, int64_t width, int64_t capacity) {
  return static_cast<uint64_t>(channels * width * (capacity + kRowsAtOnce)) * sizeof(float);
}

void RowWindow::Advance(const Interval& rows) {
  GAN_ASSERT(rows.end - rows.begin <= capacity_ && rows.begin <= end_);
  while (end_ < rows.end) {
    const int64_t count = std::min({kRowsAtOnce, capacity_, rows.end - end_});
    const TensorView piece(piece_.raw().data(), DType::kF32, {channels_, count, width_});
    source_(count, piece);
    for (int64_t y = 0; y < count; ++y) {
      for (int64_t c = 0; c < channels_; ++c) {
        std::copy_n(Floats(piece) + (c * count + y) * width_, width_,
                    ring_.floats().data() + ((end_ + y) % capacity_ * channels_ + c) * width_);
      }
    }
    end_ += count;
  }
}

void RowWindow::Copy(const Interval& rows, const Interval& columns, const TensorView& out) const {
  GAN_ASSERT(rows.end <= end_ && rows.begin >= end_ - capacity_);
  GAN_ASSERT(columns.begin >= 0 && columns.end <= width_);
  const int64_t count = columns.end - columns.begin;
  float* to = Floats(out);
  for (int64_t c = 0; c < channels_; ++c) {
    for (int64_t y = rows.begin; y < rows.end; ++y, to += count) {
      const float* row = ring_.floats().data() + (y % capacity_ * channels_ + c) * width_;
      std::copy_n(row + columns.begin, count, to);
    }
  }
}

}  // namespace gan::core
