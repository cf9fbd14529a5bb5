// What one tile reads of the picture along one axis, and which output pixels it makes.
#ifndef GAN_TASKS_TILE_WINDOW_H_
#define GAN_TASKS_TILE_WINDOW_H_

#include <cstdint>
#include <vector>

#include "graph/footprint.h"
#include "runtime/tiles.h"

namespace gan::core {

// The block of picture pixels that a tile's window of the canvas comes from. The canvas goes beyond
// the picture by reflection, so pixels of the block may be read several times, or only looked at.
struct TileWindow {
  Interval block;               // picture pixels, all within the picture
  std::vector<int64_t> gather;  // where in the block each canvas pixel of the window lies
  int64_t length = 0;           // pixels of the whole picture
  int64_t scale_num = 1;
  int64_t scale_den = 1;
  int64_t out_begin = 0;  // the window's first output pixel, of the whole output
  int64_t out_size = 0;

  int64_t block_size() const { return block.end - block.begin; }
};

// reach: picture pixels wanted in the block around those that the window reads.
TileWindow WindowOf(const TileAxis& axis, const TileSpan& span, const TileRules& rules,
                    int64_t length, int64_t reach);

}  // namespace gan::core

#endif  // GAN_TASKS_TILE_WINDOW_H_
