#include "metrics/neighbour_sheet.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "media/sheet.h"
#include "metrics/picture_channels.h"
#include "metrics/picture_resize.h"

namespace gan::core {
namespace {

constexpr int64_t kChunk = 1024;  // reference pictures at a time
constexpr int64_t kSide = 32;     // fine enough to tell copies, coarse enough for large sets

// Pictures as rows of pixels that can be compared.
Tensor PixelRows(const Tensor& pictures, int64_t channels, int64_t height, int64_t width) {
  const Tensor rows =
      ResizePictures(WithColours(AsSaved(pictures), channels), height, width, Resizer::kAntialias);
  return rows.Reshaped({rows.shape()[0], channels * height * width});
}

int64_t ColoursOf(const Tensor& pictures) { return pictures.shape()[1] <= 2 ? 1 : 3; }

// Joins the k nearest so far with those of the pictures from `offset` on.
void Join(const Neighbours& more, int64_t offset, Neighbours& all) {
  const auto k = static_cast<size_t>(all.k), of_more = static_cast<size_t>(more.k);
  for (size_t row = 0; row * of_more < more.indices.size(); ++row) {
    std::vector<std::pair<float, int64_t>> both;
    for (size_t i = 0; i < k; ++i) {
      if (all.indices[row * k + i] < 0) continue;
      both.emplace_back(all.distances[row * k + i], all.indices[row * k + i]);
    }
    for (size_t i = 0; i < of_more; ++i) {
      both.emplace_back(more.distances[row * of_more + i],
                        more.indices[row * of_more + i] + offset);
    }
    std::ranges::sort(both);
    for (size_t i = 0; i < std::min(k, both.size()); ++i) {
      std::tie(all.distances[row * k + i], all.indices[row * k + i]) = both[i];
    }
  }
}

// One picture as a tile of the sheet.
Tensor Tile(const Tensor& picture, const Shape& made) {
  const int64_t colours = made[1] <= 2 ? 1 : 3;
  Tensor tile =
      ResizePictures(WithColours(AsSaved(picture), colours), made[2], made[3], Resizer::kAntialias)
          .Clone();
  for (float& value : tile.floats()) value = (value + 1) / 2;
  return tile.Reshaped({colours, made[2], made[3]});
}

}  // namespace

Neighbours NearestInPixels(const Tensor& made, const PictureSource& reference, int64_t count,
                           int64_t k, ThreadPool& pool, const CancelFlag* cancel) {
  GAN_ASSERT(k >= 1 && k <= count);
  const int64_t height = std::min(made.shape()[2], kSide);
  const int64_t width = std::min(made.shape()[3], kSide);
  const int64_t channels = ColoursOf(made);
  const Tensor queries = PixelRows(made, channels, height, width);
  const auto places = static_cast<size_t>(made.shape()[0] * k);
  Neighbours all{k, std::vector<int64_t>(places, -1), std::vector<float>(places, 0)};
  for (int64_t first = 0; first < count; first += kChunk) {
    if (cancel != nullptr) cancel->ThrowIfCancelled();
    const int64_t some = std::min(kChunk, count - first);
    const Tensor rows = PixelRows(TakePictures(reference, first, some), channels, height, width);
    Join(NearestNeighbours(queries, rows, std::min(k, some), pool), first, all);
  }
  return all;
}

Tensor NeighbourSheet(const Tensor& made, const PictureSource& reference,
                      const Neighbours& by_features, const Neighbours& by_pixels) {
  const Shape& shape = made.shape();
  const int64_t picture = shape.elements() / shape[0];
  Tensor blank(DType::kF32, {shape[1] <= 2 ? 1 : 3, shape[2], shape[3]});
  std::ranges::fill(blank.floats(), 1.0f);
  std::vector<Tensor> tiles;
  const auto add = [&](const Neighbours& nearest, int64_t row) {
    tiles.push_back(blank);
    for (int64_t i = 0; i < nearest.k; ++i) {
      const int64_t index = nearest.indices[static_cast<size_t>(row * nearest.k + i)];
      tiles.push_back(Tile(TakePictures(reference, index, 1), shape));
    }
  };
  for (int64_t row = 0; row < shape[0]; ++row) {
    const Tensor one = Tensor::FromFloats(
        {1, shape[1], shape[2], shape[3]},
        made.floats().subspan(static_cast<size_t>(row * picture), static_cast<size_t>(picture)));
    tiles.push_back(Tile(one, shape));
    add(by_features, row);
    add(by_pixels, row);
  }
  return MakeSheet(tiles, 3 + by_features.k + by_pixels.k);
}

}  // namespace gan::core
