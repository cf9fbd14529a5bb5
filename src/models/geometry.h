// How a network maps the sizes of pictures: what tiles and padding are worked out from.
#ifndef GAN_MODELS_GEOMETRY_H_
#define GAN_MODELS_GEOMETRY_H_

#include <cstdint>

#include "graph/footprint.h"
#include "graph/graph.h"

namespace gan::core {

// Along each axis, out = (in - 2 * margin) * scale_num / scale_den: the caller pads the picture by
// `margin` on each side (by reflection) and gets scale times the picture back.
struct PictureGeometry {
  int64_t in_channels = 3;
  int64_t out_channels = 3;
  int64_t scale_num = 1;  // output pixels per input pixel, in lowest terms
  int64_t scale_den = 1;
  int64_t margin = 0;    // input pixels lost on each side: 7 in waifu2x, 18 in Real-CUGAN
  int64_t multiple = 1;  // input height and width, margins included, must be multiples of this
  // Input pixels around a region (its margin not counted) that its output depends on. A crop whose
  // ends are this far from the region, rounded up to `multiple`, gives the region exactly.
  int64_t context = 0;
  // For the same bits from a crop, it must begin at a multiple of `grid` and have this context. Of
  // a backend that makes several pixels together; 1 and 0 when no backend was asked.
  int64_t grid = 1;
  int64_t exact_context = 0;
  bool everything = false;  // each output depends on the whole picture: no crop is exact
  // The one size of picture that the network takes; 0: any. With it `everything`.
  int64_t fixed_height = 0;
  int64_t fixed_width = 0;

  bool operator==(const PictureGeometry&) const = default;
};

// Error kBadData: the graph does not make one picture from one picture, or not with one scale for
// both axes.
PictureGeometry GeometryOf(const Graph& graph, const GrainOfNode& grain = nullptr);

}  // namespace gan::core

#endif  // GAN_MODELS_GEOMETRY_H_
