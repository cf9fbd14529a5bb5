#include "tasks/alpha.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.h"
#include "media/lanczos.h"

namespace gan::core {
namespace {

constexpr int64_t kCertainReach = 2;  // see KeepCertainAlpha

enum Knowledge : uint8_t { kUnknown, kKnown, kJustFilled };

// One ring of unknown pixels learns from its known neighbours; those next to it count double those
// across a corner. The ring becomes known as a whole, so the order of pixels does not matter.
class Bleeder {
 public:
  explicit Bleeder(const TensorView& block)
      : planes_(block.shape[0] - 1),
        height_(block.shape[1]),
        width_(block.shape[2]),
        samples_(Floats(block)),
        known_(static_cast<size_t>(height_ * width_), kKnown) {
    const float* alpha = samples_ + planes_ * height_ * width_;
    for (int64_t i = 0; i < height_ * width_; ++i) {
      if (alpha[i] > 0) continue;
      known_[static_cast<size_t>(i)] = kUnknown;
      unknown_.push_back(i);
    }
  }

  bool done() const { return unknown_.empty(); }

  void FillOneRing() {
    std::vector<int64_t> filled, rest;
    for (const int64_t i : unknown_) (Fill(i) ? filled : rest).push_back(i);
    for (const int64_t i : filled) known_[static_cast<size_t>(i)] = kKnown;
    unknown_ = filled.empty() ? std::vector<int64_t>{} : std::move(rest);
  }

 private:
  bool Fill(int64_t place) {
    const int64_t y = place / width_, x = place % width_;
    std::array<float, 3> sum{};
    float weights = 0;
    for (int64_t dy = -1; dy <= 1; ++dy) {
      for (int64_t dx = -1; dx <= 1; ++dx) {
        if (y + dy < 0 || y + dy >= height_ || x + dx < 0 || x + dx >= width_) continue;
        const int64_t from = place + dy * width_ + dx;
        if (known_[static_cast<size_t>(from)] != kKnown) continue;
        const float weight = dy == 0 || dx == 0 ? 2.0f : 1.0f;
        weights += weight;
        for (int64_t c = 0; c < planes_; ++c) {
          sum[static_cast<size_t>(c)] += weight * samples_[c * height_ * width_ + from];
        }
      }
    }
    if (weights == 0) return false;
    known_[static_cast<size_t>(place)] = kJustFilled;
    for (int64_t c = 0; c < planes_; ++c) {
      samples_[c * height_ * width_ + place] = sum[static_cast<size_t>(c)] / weights;
    }
    return true;
  }

  int64_t planes_, height_, width_;
  float* samples_;
  std::vector<uint8_t> known_;
  std::vector<int64_t> unknown_;
};

// The picture pixel that an output pixel lies in, as a place in the block.
int64_t SourceOf(const TileWindow& window, int64_t out) {
  const int64_t pixel = (window.out_begin + out) * window.scale_den / window.scale_num;
  return std::clamp<int64_t>(pixel - window.block.begin, 0, window.block_size() - 1);
}

}  // namespace

void BleedColours(const TensorView& block) {
  GAN_ASSERT(block.shape.rank() == 3 && block.shape[0] <= 4 && block.IsContiguous());
  Bleeder bleeder(block);
  for (int64_t ring = 0; ring < kAlphaReach && !bleeder.done(); ++ring) bleeder.FillOneRing();
}

std::optional<float> ConstantValue(std::span<const float> alpha) {
  for (const float value : alpha) {
    if (value != alpha.front()) return std::nullopt;
  }
  return alpha.front();
}

void EnlargeAlpha(std::span<const float> alpha, const TileWindow& rows, const TileWindow& columns,
                  std::span<float> out) {
  GAN_ASSERT(rows.scale_den == 1 && columns.scale_den == 1);
  const int64_t scale = rows.scale_num, width = columns.block_size();
  const PictureInfo block{.width = width, .height = rows.block_size(), .colours = 1};
  Tensor line(DType::kF32, {1, 1, width * scale});
  const RowProducer enlarged = ResampledRows(
      block,
      [&](int64_t row, int64_t, const TensorView& to) {
        std::copy_n(alpha.data() + row * width, width, Floats(to));
      },
      width * scale, block.height * scale);
  int64_t next = 0;
  for (int64_t y = 0; y < rows.out_size; ++y) {
    // Past the picture's end, where a tile is filled up, the last line stands again.
    const int64_t wanted = std::min(rows.out_begin + y, rows.block.end * scale - 1);
    for (; next <= wanted - rows.block.begin * scale; ++next) enlarged(next, 1, line.view());
    for (int64_t x = 0; x < columns.out_size; ++x) {
      const int64_t place = std::min(columns.out_begin + x, columns.block.end * scale - 1);
      out[static_cast<size_t>(y * columns.out_size + x)] = std::clamp(
          line.floats()[static_cast<size_t>(place - columns.block.begin * scale)], 0.0f, 1.0f);
    }
  }
}

void KeepCertainAlpha(std::span<const float> alpha, const TileWindow& rows,
                      const TileWindow& columns, std::span<float> out) {
  const int64_t height = rows.block_size(), width = columns.block_size();
  // The value that all pixels around have, or -1; blocks end where the picture does, or far away.
  std::vector<float> certain(alpha.size());
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const float value = alpha[static_cast<size_t>(y * width + x)];
      bool same = value == 0 || value == 1;
      for (int64_t v = std::max<int64_t>(y - kCertainReach, 0);
           same && v <= std::min(y + kCertainReach, height - 1); ++v) {
        for (int64_t u = std::max<int64_t>(x - kCertainReach, 0);
             same && u <= std::min(x + kCertainReach, width - 1); ++u) {
          same = alpha[static_cast<size_t>(v * width + u)] == value;
        }
      }
      certain[static_cast<size_t>(y * width + x)] = same ? value : -1;
    }
  }
  for (int64_t y = 0; y < rows.out_size; ++y) {
    const float* from = certain.data() + SourceOf(rows, y) * width;
    for (int64_t x = 0; x < columns.out_size; ++x) {
      const float value = from[SourceOf(columns, x)];
      if (value >= 0) out[static_cast<size_t>(y * columns.out_size + x)] = value;
    }
  }
}

}  // namespace gan::core
