// Means and variances of pictures that are rows of pixels: what group normalisation needs.
#ifndef GAN_KERNELS_ROW_MOMENTS_H_
#define GAN_KERNELS_ROW_MOMENTS_H_

#include <cstdint>

#include "kernels/group_norm.h"
#include "kernels/pixel_rows.h"

namespace gan::core::kernels {

// Numbers that each row has of each channel.
inline constexpr int64_t kRowMoments = 3;

// For rows [begin, end) of x: out.Row(y) gets the means of its channels, then the sums of their
// squared distances from those, pixel for pixel as `x` pads them. Rows stand alone, so that the
// order of sums does not depend on how they are shared out.
void RowMoments(const ConstPixelRows& x, int64_t width, int64_t begin, int64_t end,
                const PixelRows& out);

// From the moments of all rows of a picture, which begin at row `first` of `rows`, to what
// PixelOpKind::kNormalize wants, in that first row: means, 1 / deviation * weight, and bias.
//
//   params  as of GroupNorm()
void FinishMoments(const GroupNormParams& params, int64_t channels, int64_t height, int64_t width,
                   int64_t first, const PixelRows& rows);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_ROW_MOMENTS_H_
