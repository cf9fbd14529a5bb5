#include "tasks/upscale_stream.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"

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
int64_t OutputSize(const TileSpan& span) { return span.out_end - span.out_begin; }
int64_t FadeSize(const TileSpan& span) { return span.fade; }

// Rows of the strip and of what is carried over to the next.
int64_t StripRows(const TilePlan& plan) { return Largest(plan.y.spans, OutputSize); }
int64_t CarriedRows(const TilePlan& plan) { return Largest(plan.y.spans, FadeSize); }

}  // namespace

class UpscaleStream::State {
 public:
  State(Executable& network, const PictureInfo& in, RowSource source,
        const UpscaleStreamOptions& options)
      : options_(options),
        runner_(network, in.colours, in.has_alpha, options.alpha, options.range, options.pool),
        in_(in),
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
        strip_(DType::kF32, {runner_.made_channels(), StripRows(plan_), plan_.x.out_length}),
        carried_(DType::kF32, {runner_.made_channels(), CarriedRows(plan_), plan_.x.out_length}),
        out_(in) {
    out_.width = plan_.x.out_length;
    out_.height = plan_.y.out_length;
    out_.colours = static_cast<int>(runner_.made_colours());
  }

  const PictureInfo& info() const { return out_; }
  const TilePlan& plan() const { return plan_; }
  uint64_t planned_bytes() const { return planned_bytes_; }

  void ReadRows(int64_t count, const TensorView& out) {
    GAN_ASSERT(next_row_ + count <= out_.height);
    for (int64_t done = 0; done < count;) {
      if (next_row_ == ready_end_) MakeStrip();
      const int64_t rows = std::min(count - done, ready_end_ - next_row_);
      CopyRows(strip_.view().Slice(1, next_row_ - strip_begin_, rows), out.Slice(1, done, rows));
      done += rows;
      next_row_ += rows;
    }
  }

 private:
  uint64_t BytesFor(const TilePlan& plan) const;
  void MakeStrip();
  void MakeTile(size_t row, size_t column);
  void CopyRows(const TensorView& from, const TensorView& to) const;
  void AddToStrip(const TileSpan& y, const TileSpan& x);
  void FadeFromCarried(int64_t rows);

  UpscaleStreamOptions options_;
  TileRunner runner_;
  PictureInfo in_;
  TilePlan plan_;
  uint64_t planned_bytes_;
  std::vector<TileWindow> rows_;
  std::vector<TileWindow> columns_;
  std::vector<Interval> hold_;
  RowWindow window_;

  // Of one tile after the other. Kept, since an allocator need not give back what was freed.
  Tensor block_;  // the picture's pixels, a view of its beginning
  Tensor tile_;   // [channels, height, width] of the output

  // [channels, rows, output width]. Rows [strip_begin_, ready_end_) of the output are finished; the
  // rest of the strip fades into the next one, and is kept in carried_ while that is made.
  Tensor strip_;
  Tensor carried_;
  int64_t strip_begin_ = 0;
  int64_t ready_end_ = 0;

  PictureInfo out_;
  int64_t next_row_ = 0;
  size_t next_strip_ = 0;
  int64_t tiles_done_ = 0;
};

uint64_t UpscaleStream::State::BytesFor(const TilePlan& plan) const {
  const std::vector<TileWindow> rows = WindowsOf(plan.y, runner_, in_.height);
  const std::vector<TileWindow> columns = WindowsOf(plan.x, runner_, in_.width);
  const int64_t strips = StripRows(plan) + CarriedRows(plan);
  return options_.reserved_bytes +
         RowWindow::Bytes(runner_.channels(), in_.width, Largest(RowsToHold(rows), RowCount)) +
         static_cast<uint64_t>(runner_.made_channels() * strips * plan.x.out_length) *
             sizeof(float) +
         runner_.Bytes(plan, Largest(rows, BlockSize), Largest(columns, BlockSize));
}

// Makes the next row of tiles, and finishes the rows that no later one changes.
void UpscaleStream::State::MakeStrip() {
  GAN_ASSERT(next_strip_ < plan_.y.spans.size());
  const TileSpan& span = plan_.y.spans[next_strip_];
  if (span.fade > 0) {
    CopyRows(strip_.view().Slice(1, span.out_begin - strip_begin_, span.fade),
             carried_.view().Slice(1, 0, span.fade));
  }
  strip_begin_ = span.out_begin;
  window_.Advance(hold_[next_strip_]);
  for (size_t column = 0; column < columns_.size(); ++column) MakeTile(next_strip_, column);
  FadeFromCarried(span.fade);
  const bool last = ++next_strip_ == plan_.y.spans.size();
  ready_end_ = last ? span.out_end : plan_.y.spans[next_strip_].out_begin;
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
  AddToStrip(plan_.y.spans[row], plan_.x.spans[column]);
  ++tiles_done_;
  if (options_.progress) {
    options_.progress(static_cast<double>(tiles_done_) / static_cast<double>(plan_.tiles()));
  }
}

void UpscaleStream::State::CopyRows(const TensorView& from, const TensorView& to) const {
  ShareOut(options_.pool, from.shape[1], [&](int64_t begin, int64_t end) {
    CopyElements(from.Slice(1, begin, end - begin), to.Slice(1, begin, end - begin));
  });
}

// Puts tile_ beside those of its row that are there already, fading where they overlap.
void UpscaleStream::State::AddToStrip(const TileSpan& y, const TileSpan& x) {
  const int64_t height = plan_.y.out_size, width = plan_.x.out_size;
  const int64_t rows = OutputSize(y);
  ShareOut(options_.pool, runner_.made_channels() * rows, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t c = i / rows, row = i % rows;
      const float* from =
          tile_.floats().data() + (c * height + y.out_offset + row) * width + x.out_offset;
      float* to =
          strip_.floats().data() + (c * strip_.shape()[1] + row) * plan_.x.out_length + x.out_begin;
      for (int64_t j = 0; j < x.fade; ++j) to[j] += FadeWeight(j, x.fade) * (from[j] - to[j]);
      std::copy(from + x.fade, from + OutputSize(x), to + x.fade);
    }
  });
}

void UpscaleStream::State::FadeFromCarried(int64_t rows) {
  const int64_t width = plan_.x.out_length;
  for (int64_t c = 0; c < runner_.made_channels(); ++c) {
    for (int64_t row = 0; row < rows; ++row) {
      const float weight = FadeWeight(row, rows);
      const float* before = carried_.floats().data() + (c * carried_.shape()[1] + row) * width;
      float* after = strip_.floats().data() + (c * strip_.shape()[1] + row) * width;
      for (int64_t i = 0; i < width; ++i) after[i] = before[i] + weight * (after[i] - before[i]);
    }
  }
}

UpscaleStream::UpscaleStream(Executable& network, const PictureInfo& in, RowSource source,
                             const UpscaleStreamOptions& options)
    : state_(std::make_unique<State>(network, in, std::move(source), options)) {}
UpscaleStream::~UpscaleStream() = default;

const PictureInfo& UpscaleStream::info() const { return state_->info(); }
const TilePlan& UpscaleStream::plan() const { return state_->plan(); }
uint64_t UpscaleStream::planned_bytes() const { return state_->planned_bytes(); }
void UpscaleStream::ReadRows(int64_t count, const TensorView& out) { state_->ReadRows(count, out); }

}  // namespace gan::core
