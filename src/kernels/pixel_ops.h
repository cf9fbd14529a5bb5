// A short program of element-wise steps on rows of pixels: what follows a convolution and is done
// while its results are in registers or L1.
#ifndef GAN_KERNELS_PIXEL_OPS_H_
#define GAN_KERNELS_PIXEL_OPS_H_

#include <cstdint>
#include <span>

#include "kernels/activation.h"
#include "kernels/pixel_rows.h"

namespace gan::core::kernels {

enum class PixelOpKind {
  kLeakyRelu,     // v < 0 ? alpha v : v; NaN stays NaN
  kPrelu,         // v < 0 ? slope[c] v : v
  kClip,          // min(max(v, alpha), beta); NaN stays NaN
  kAffine,        // v * alpha + beta, two roundings
  kScaleShift,    // v * slope[c] + shift[c]
  kNormalize,     // (v - mean[c]) * scale[c] + shift[c] of the picture: see RowMoments
  kActivation,    // `activation`: what has no kind of its own
  kAdd,           // v + other
  kSubtract,      // v - other
  kSubtractFrom,  // other - v
  kMultiply,      // v * other
};

struct PixelOp {
  PixelOpKind kind = PixelOpKind::kAffine;
  float alpha = 1, beta = 0;
  const float* slope = nullptr;  // one a channel, padding included
  const float* shift = nullptr;  // likewise
  ActivationParams activation = {};
  // Of the same sizes as what the step works on. kNormalize: the rows that FinishMoments() made,
  // of pictures of `height` rows.
  ConstPixelRows other = {};
  int64_t height = 0;
};

// Applies `ops` in order to `count` pixels of row y that begin at column x and stand at `from`,
// `channels` floats each (padding included), and writes them to `to`, which may be `from`.
void ApplyPixelOps(std::span<const PixelOp> ops, const float* from, int64_t channels, int64_t y,
                   int64_t x, int64_t count, float* to);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PIXEL_OPS_H_
