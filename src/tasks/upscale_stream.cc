#include "tasks/upscale_stream.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tasks/strip.h"

namespace gan::core {
namespace {

// What every row of tiles reads of the picture's rows.
std::vector<TileWindow> WindowsOf(const TileAxis& axis, const TileRunner& runner, int64_t length) {
  std::vector<TileWindow> windows;
  for (const TileSpan& span : axis.spans) {
    windows.push_back(WindowOf(axis, span, runner.rules(), length, runner.reach()));
  }
  return windows;
}

// Rows to hold for each row of tiles: up to the last it reads, from the first that it or any later
// one reads. (A reflected bottom may reach further up than the row of tiles before it.)
std::vector<Interval> RowsToHold(const std::vector<TileWindow>& windows) {
  std::vector<Interval> rows;
  for (const TileWindow& window : windows) {
    rows.push_back(
        {window.block.begin, std::max(window.block.end, rows.empty() ? 0 : rows.back().end)});
  }
  for (size_t i = rows.size() - 1; i > 0; --i) {
    rows[i - 1].begin = std::min(rows[i - 1].begin, rows[i].begin);
  }
  return rows;
}

template <class T, class Size>
int64_t Largest(const std::vector<T>& items, Size size) {
  int64_t largest = 0;
  for (const T& item : items) largest = std::max(largest, size(item));
  return largest;
}

int64_t RowCount(const Interval& rows) { return rows.end - rows.begin; }
int64_t BlockSize(const TileWindow& window) { return window.block_size(); }

}  // namespace

class UpscaleStream::State {
 public:
  State(Executable& network, const PictureInfo& in, RowSource source,
        const UpscaleStreamOptions& options)
      : options_(options),
        runner_(network, in.colours, in.has_alpha, options.alpha, options.range, options.pool),
        in_(in),
        out_(OutputInfo()),
        pixels_(options.pixels ? options.pixels(out_) : std::nullopt),
        plan_(PlanTiles(in.height, in.width, runner_.rules(), options.tiles, options.max_bytes,
                        [this](const TilePlan& plan) { return BytesFor(plan); })),
        planned_bytes_(BytesFor(plan_)),
        rows_(WindowsOf(plan_.y, runner_, in.height)),
        columns_(WindowsOf(plan_.x, runner_, in.width)),
        hold_(RowsToHold(rows_)),
        window_(runner_.channels(), in.width, Largest(hold_, RowCount), std::move(source)),
        block_(DType::kF32,
               {runner_.channels() * Largest(rows_, BlockSize) * Largest(columns_, BlockSize)}),
        tile_(DType::kF32, {runner_.made_channels(), plan_.y.out_size, plan_.x.out_size}),
        strip_(plan_, runner_.made_channels(), pixels_, options.pool) {
    GAN_ASSERT(out_.width == plan_.x.out_length && out_.height == plan_.y.out_length);
  }

  const PictureInfo& info() const { return out_; }
  const TilePlan& plan() const { return plan_; }
  uint64_t planned_bytes() const { return planned_bytes_; }

  // Calls read(first, count, done) for the next rows: rows of the output that are finished, and how
  // many were before them.
  template <class Read>
  void ReadNext(int64_t count, const Read& read) {
    GAN_ASSERT(next_row_ + count <= out_.height);
    for (int64_t done = 0; done < count;) {
      if (next_row_ == strip_.rows().end) MakeStrip();
      const int64_t rows = std::min(count - done, strip_.rows().end - next_row_);
      read(next_row_, rows, done);
      done += rows;
      next_row_ += rows;
    }
  }

  const Strip& strip() const { return strip_; }

 private:
  PictureInfo OutputInfo() const;
  uint64_t BytesFor(const TilePlan& plan) const;
  void MakeStrip();
  void MakeTile(size_t row, size_t column);

  UpscaleStreamOptions options_;
  TileRunner runner_;
  PictureInfo in_;
  PictureInfo out_;
  std::optional<PixelFormat> pixels_;
  TilePlan plan_;
  uint64_t planned_bytes_;
  std::vector<TileWindow> rows_;
  std::vector<TileWindow> columns_;
  std::vector<Interval> hold_;
  RowWindow window_;

  // Of one tile after the other. Kept, since an allocator need not give back what was freed.
  Tensor block_;  // the picture's pixels, a view of its beginning
  Tensor tile_;   // [channels, height, width] of the output

  Strip strip_;
  int64_t next_row_ = 0;
  size_t next_strip_ = 0;
  int64_t tiles_done_ = 0;
};

PictureInfo UpscaleStream::State::OutputInfo() const {
  const PictureGeometry& geometry = runner_.geometry();
  const auto enlarged = [&](int64_t length) {
    return (length * geometry.scale_num + geometry.scale_den - 1) / geometry.scale_den;
  };
  PictureInfo out = in_;
  out.width = enlarged(in_.width);
  out.height = enlarged(in_.height);
  out.colours = static_cast<int>(runner_.made_colours());
  return out;
}

uint64_t UpscaleStream::State::BytesFor(const TilePlan& plan) const {
  const std::vector<TileWindow> rows = WindowsOf(plan.y, runner_, in_.height);
  const std::vector<TileWindow> columns = WindowsOf(plan.x, runner_, in_.width);
  return options_.reserved_bytes +
         RowWindow::Bytes(runner_.channels(), in_.width, Largest(RowsToHold(rows), RowCount)) +
         Strip::Bytes(plan, runner_.made_channels(), pixels_) +
         runner_.Bytes(plan, Largest(rows, BlockSize), Largest(columns, BlockSize));
}

// Makes the next row of tiles.
void UpscaleStream::State::MakeStrip() {
  GAN_ASSERT(next_strip_ < plan_.y.spans.size());
  window_.Advance(hold_[next_strip_]);
  for (size_t column = 0; column < columns_.size(); ++column) MakeTile(next_strip_, column);
  ++next_strip_;
}

void UpscaleStream::State::MakeTile(size_t row, size_t column) {
  if (options_.cancel != nullptr) options_.cancel->ThrowIfCancelled();
  const TileWindow& y = rows_[row];
  const TileWindow& x = columns_[column];
  const TensorView block(block_.raw().data(), DType::kF32,
                         {runner_.channels(), y.block_size(), x.block_size()});
  window_.Copy(y.block, x.block, block);
  try {
    runner_.Run(y, x, block, tile_.view());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInternal) throw;
    throw Error(error.code(),
                fmt::format("{} (in tile {} of {}: columns {} to {}, rows {} to {})", error.what(),
                            tiles_done_ + 1, plan_.tiles(), x.block.begin, x.block.end - 1,
                            y.block.begin, y.block.end - 1));
  }
  strip_.Put(row, column, tile_.view());
  ++tiles_done_;
  if (options_.progress) {
    options_.progress(static_cast<double>(tiles_done_) / static_cast<double>(plan_.tiles()));
  }
}

UpscaleStream::UpscaleStream(Executable& network, const PictureInfo& in, RowSource source,
                             const UpscaleStreamOptions& options)
    : state_(std::make_unique<State>(network, in, std::move(source), options)) {}
UpscaleStream::~UpscaleStream() = default;

const PictureInfo& UpscaleStream::info() const { return state_->info(); }
const TilePlan& UpscaleStream::plan() const { return state_->plan(); }
uint64_t UpscaleStream::planned_bytes() const { return state_->planned_bytes(); }

void UpscaleStream::ReadRows(int64_t count, const TensorView& out) {
  state_->ReadNext(count, [&](int64_t first, int64_t rows, int64_t done) {
    state_->strip().Read(first, rows, out.Slice(1, done, rows));
  });
}

void UpscaleStream::ReadPixels(int64_t count, void* pixels, int64_t stride) {
  state_->ReadNext(count, [&](int64_t first, int64_t rows, int64_t done) {
    state_->strip().Read(first, rows, static_cast<std::byte*>(pixels) + done * stride, stride);
  });
}

}  // namespace gan::core
