// The output of one row of tiles after the other: tiles are put side by side and faded into each
// other, and rows that no later tile changes are kept as they will be given out.
//
//                fade from the tile before       fade into the next tile: floats
//                      |                               |
//      . . . . . . . . ./ / / . . . . . . . . . . . ./ / / . . .   <- fade from the rows before
//      . finished      ./ / / . . . . . . . . . . . ./ / /
//      . . . . . . . . ./ / / . . . . . . . . . . . ./ / /
//      = = = = = = = = = = = = = = = = = = = = = = =             <- fade into the next row: floats
#ifndef GAN_TASKS_STRIP_H_
#define GAN_TASKS_STRIP_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "base/thread_pool.h"
#include "graph/footprint.h"
#include "media/samples.h"
#include "runtime/tiles.h"
#include "tensor/tensor.h"

namespace gan::core {

// Only what fades is kept as floats where pixels of a file are wanted: they are a quarter as large,
// or half. Not thread-safe.
class Strip {
 public:
  // channels: of the tiles. Finished rows are packed by `pixels`, or floats where it is nothing.
  // One thread alone works where `pool` is null.
  Strip(const TilePlan& plan, int64_t channels, std::optional<PixelFormat> pixels,
        ThreadPool* pool);

  static uint64_t Bytes(const TilePlan& plan, int64_t channels,
                        const std::optional<PixelFormat>& pixels);

  // Adds a tile [channels, plan.y.out_size, plan.x.out_size], which may change. Requires all tiles
  // in order, each row of them from left to right; the first one of a row forgets the rows before.
  void Put(size_t row, size_t column, const TensorView& tile);

  // Rows of the output that are there once all tiles of their row are.
  const Interval& rows() const { return rows_; }

  // Copies finished rows, as floats or packed: whichever they are.
  //
  //   out     [channels, count, width]
  //   pixels  `stride` bytes from a row to the next
  void Read(int64_t first, int64_t count, const TensorView& out) const;
  void Read(int64_t first, int64_t count, void* pixels, int64_t stride) const;

 private:
  void FinishRow(const TensorView& tile, size_t column, int64_t y);
  void FinishPart(float* from, int64_t plane, int64_t row, const Interval& columns);

  const TilePlan plan_;
  const int64_t channels_;
  const std::optional<PixelFormat> pixels_;
  ThreadPool* pool_;
  size_t row_ = 0;   // of tiles
  Interval rows_;    // finished by that row
  Tensor finished_;  // [channels, rows, width] f32 or [rows, bytes of a row of pixels]
  Tensor beside_;    // [channels, rows, fade]: the last columns of a tile, for the next one
  Tensor below_;     // [channels, fade, width]: the last rows, for the next row of tiles
};

}  // namespace gan::core

#endif  // GAN_TASKS_STRIP_H_
