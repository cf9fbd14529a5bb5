// Cuts a picture into tiles for a network, and says what each gives to the output.
//
// Pictures are first padded by reflection to a canvas: by the network's margin on every side, then
// on the right and at the bottom up to its multiple. Every tile reads a window of the canvas; all
// windows of an axis have one size, so that a backend plans once.
//
//   canvas   |---------- window 0 ----------|            margins and fill included
//                            |---------- window 1 ----------|
//   output   [ ............... w=1 |fade| w=1 ............... ]    times the scale
//                                   \__/ both windows give these pixels
//
// Blended tiles overlap by a little, and their outputs cross-fade over the middle half of what they
// share; the rest of it, nearest to the cut, is thrown away. Exact tiles overlap by all that an
// output pixel depends on, so that nothing needs to fade and the result is that of the whole
// picture, bit for bit.
#ifndef GAN_RUNTIME_TILES_H_
#define GAN_RUNTIME_TILES_H_

#include <cstdint>
#include <functional>
#include <vector>

namespace gan::core {

// What a network asks of tiles; along each axis out = (in - 2 margin) * scale_num / scale_den.
struct TileRules {
  int64_t scale_num = 1;
  int64_t scale_den = 1;
  int64_t margin = 0;         // input pixels lost on each side
  int64_t multiple = 1;       // of the input's size, margins included
  int64_t context = 0;        // input pixels on each side that a region's output depends on
  int64_t grid = 1;           // exact tiles begin at multiples of this
  int64_t exact_context = 0;  // input pixels on each side that a region's bits depend on, if more
  bool everything = false;    // the output depends on the whole picture
};

enum class TileMode : uint8_t {
  kAuto,   // blended; the largest that fits the memory, up to 1088 input pixels a side
  kExact,  // equal to the whole picture; the largest that fits the memory
  kFixed,  // blended, of a given size
  kOff,    // the whole picture at once
};

struct TileOptions {
  TileMode mode = TileMode::kAuto;
  int64_t size = 0;  // kFixed: input pixels that a tile reads along each axis, at most
};

// One tile along one axis.
struct TileSpan {
  int64_t in_begin = 0;   // first canvas pixel read
  int64_t out_begin = 0;  // output pixels given: [out_begin, out_end)
  int64_t out_end = 0;
  int64_t fade = 0;        // of these, how many at the beginning the tile before gives too
  int64_t out_offset = 0;  // where out_begin lies in the tile's own output
};

struct TileAxis {
  int64_t canvas = 0;           // pixels of the padded picture
  int64_t in_size = 0;          // pixels that every tile reads, a multiple of the rules' multiple
  int64_t out_size = 0;         // pixels that the network makes of them
  int64_t out_length = 0;       // pixels of the whole output
  std::vector<TileSpan> spans;  // in order; at most two give any output pixel
};

struct TilePlan {
  TileAxis y;
  TileAxis x;
  bool whole() const { return y.spans.size() == 1 && x.spans.size() == 1; }
  int64_t tiles() const { return static_cast<int64_t>(y.spans.size() * x.spans.size()); }
};

// Cuts one axis of `length` picture pixels into tiles of at most `limit` canvas pixels.
// Requires limit >= SmallestTile(), or >= the canvas.
TileAxis CutAxis(int64_t length, const TileRules& rules, int64_t limit, bool exact);

// Canvas pixels below which nothing would be left of a tile once its overlaps are taken off.
int64_t SmallestTile(const TileRules& rules, bool exact);

// Bytes that working by a plan takes, all buffers included.
using TileCost = std::function<uint64_t(const TilePlan&)>;

// Error kUsage: the size is too small for the network, exact tiles of a network that sees the whole
// picture, or `budget` bytes are too few for any plan; the text names the fewest that would do.
TilePlan PlanTiles(int64_t height, int64_t width, const TileRules& rules,
                   const TileOptions& options, uint64_t budget, const TileCost& cost);

// Weight of the later tile on pixel `i` of a fade of `length` pixels, rising from 0 to 1; the
// earlier tile has the rest. Plain arithmetic, so the same on every machine.
float FadeWeight(int64_t i, int64_t length);

// The picture pixel that stands at `i` when a picture of `size` pixels goes on by reflection, the
// pixel at the edge not repeated: again and again where the picture is smaller than its padding.
int64_t ReflectIndex(int64_t i, int64_t size);

}  // namespace gan::core

#endif  // GAN_RUNTIME_TILES_H_
