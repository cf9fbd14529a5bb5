// Made pictures beside the training pictures that are most like them: what to look at before one
// believes that a generator makes anything new.
#ifndef GAN_METRICS_NEIGHBOUR_SHEET_H_
#define GAN_METRICS_NEIGHBOUR_SHEET_H_

#include <cstdint>

#include "base/progress.h"
#include "base/thread_pool.h"
#include "metrics/nearest_neighbours.h"
#include "metrics/picture_source.h"

namespace gan::core {

// For each of `made` [n, C, H, W] the k pictures of the reference whose pixels are nearest, all of
// them looked at: opaque, in the channels of `made`, and shrunk to at most 32 pixels a side.
// Requires 1 <= k <= count. Memory: some 1,000 reference pictures.
Neighbours NearestInPixels(const Tensor& made, const PictureSource& reference, int64_t count,
                           int64_t k, ThreadPool& pool, const CancelFlag* cancel = nullptr);

// One row a made picture: itself, its nearest by features, its nearest by pixels, with a gap
// between. [channels, height, width] in [0, 1], at the size of what was made.
Tensor NeighbourSheet(const Tensor& made, const PictureSource& reference,
                      const Neighbours& by_features, const Neighbours& by_pixels);

}  // namespace gan::core

#endif  // GAN_METRICS_NEIGHBOUR_SHEET_H_
