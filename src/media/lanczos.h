// Resampling by Lanczos-3, rows in, rows out.
#ifndef GAN_MEDIA_LANCZOS_H_
#define GAN_MEDIA_LANCZOS_H_

#include <cstdint>

#include "media/picture.h"

namespace gan::core {

// The greatest reduction along an axis: it bounds the rows that are held at a time.
inline constexpr int64_t kMaxReduction = 32;

// Rows of the picture that `rows` produces (`from`, of which width, height and channels are read),
// resampled to width x height. Sample positions are pixel centres; at the edges the filter is cut
// off and normalised; when shrinking it widens, so nothing aliases. With alpha, colours are
// weighted by it, so no colour of transparent pixels bleeds in. An axis whose size stays is
// untouched.
//
// Holds at most 6 * kMaxReduction + 1 rows of the new width. The producer given back must be called
// in order; it asks `rows` in order. Requires both sizes at least 1 and reductions within
// kMaxReduction.
RowProducer ResampledRows(const PictureInfo& from, RowProducer rows, int64_t width, int64_t height);

}  // namespace gan::core

#endif  // GAN_MEDIA_LANCZOS_H_
