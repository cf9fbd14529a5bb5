// How Correlate cuts its output into tiles and lays out the input that a tile reads.
#ifndef GAN_KERNELS_CORRELATE_TILES_H_
#define GAN_KERNELS_CORRELATE_TILES_H_

#include <cstdint>
#include <vector>

#include "kernels/correlate.h"

namespace gan::core::kernels {

// Input pixels a stride apart, which neighbouring outputs read through one tap, lie side by side
// in a plane of their own: the one with the rows and columns that begin at (dy, dx).
struct Phase {
  int64_t dy = 0, dx = 0;
};

// A tile's input is copied with its border of zeros, channel by channel; each channel holds one
// plane per phase, `plane_rows` rows of `pitch` elements. The outputs of a tile are then computed
// as one flat run over all rows, where output (r, c) stands at r * pitch + c and tap t reads
// offsets[t] further; results at the end of each row, past the tile's width, are dropped.
struct TilePlan {
  int64_t rows = 0, columns = 0;  // of the largest tile, in output pixels
  int64_t tiles_down = 0, tiles_across = 0;
  int64_t pitch = 0, plane_rows = 0;
  int64_t channel = 0;  // elements from one channel to the next
  int64_t copy = 0;     // elements of one tile's copy
  int64_t sums = 0;     // of its unfinished sums, of one block of outputs
  std::vector<Phase> phases;
  std::vector<int64_t> offsets;  // per tap
};

TilePlan PlanTiles(const CorrelateGeometry& geometry);

// A tile's place in the output grid.
struct TilePlace {
  int64_t y = 0, x = 0, rows = 0, columns = 0;
};
TilePlace PlaceOf(const TilePlan& plan, const CorrelateGeometry& geometry, int64_t tile);

// Fills `copy` (plan.copy elements) with what the tile reads of x[n], channels from
// `first_channel`. Everything a kernel may load is written, if only with 0.
void CopyTile(const ConstTensorView& x, int64_t n, int64_t first_channel,
              const CorrelateGeometry& geometry, const TilePlan& plan, const TilePlace& place,
              float* copy);

// One tile's share of the work: its copied input, some blocks of output channels, and where those
// go. Requires at least one row, column, input and tap.
struct TileJob {
  const float* copy;
  int64_t channel;  // from one input channel's copy to the next
  int64_t inputs;
  const int64_t* offsets;
  int64_t taps;
  const float* weights;
  const float* bias;  // of the first output, or nullptr
  int64_t outputs;
  int64_t rows, columns, pitch;
  float* sums;  // room for plan.sums elements
  float* out;   // the tile's first pixel of the first output
  int64_t out_channel, out_row, out_column;
};

// Computes the job's outputs with the instructions of the target.
void CorrelateTile(const TileJob& job);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_CORRELATE_TILES_H_
