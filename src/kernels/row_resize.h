// Resamples pictures that are rows of pixels.
#ifndef GAN_KERNELS_ROW_RESIZE_H_
#define GAN_KERNELS_ROW_RESIZE_H_

#include <cstdint>

#include "kernels/pixel_rows.h"
#include "kernels/resize.h"

namespace gan::core::kernels {

// Rows [begin, end) of the pictures that `down` and `across` make of pictures of height x width:
// first rows are blended, then pixels of those.
//
//   down, across  of MakeResizeAxis() for these sizes
//   blended       scratch: room for a row of x
//
// Runs on the calling thread. Allocates nothing. Requires ChannelLanes() not to be 0.
void ResizePixels(const ConstPixelRows& x, int64_t height, int64_t width, const ResizeAxis& down,
                  const ResizeAxis& across, int64_t begin, int64_t end, float* blended,
                  const PixelRows& out);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_ROW_RESIZE_H_
