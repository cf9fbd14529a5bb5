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

// What the second operand has of a picture; the rest is repeated.
enum class PixelOperand {
  kWhole,    // all of it
  kPixel,    // one pixel: each channel its own number
  kChannel,  // one channel: each pixel its own number
};

struct PixelOp {
  PixelOpKind kind = PixelOpKind::kAffine;
  float alpha = 1, beta = 0;
  const float* slope = nullptr;  // one a channel, padding included
  const float* shift = nullptr;  // likewise
  ActivationParams activation = {};
  // Whole: of the same sizes as what the step works on. kNormalize: the rows that FinishMoments()
  // made.
  ConstPixelRows other = {};
  PixelOperand operand = PixelOperand::kWhole;
  // Rows of a picture, for kNormalize and what is repeated; and those of `other` in all, which may
  // be one picture's for all pictures.
  int64_t height = 0, other_rows = 0;
};

// Applies `ops` in order to `count` pixels of row y that begin at column x and stand at `from`,
// `channels` floats each (padding included), and writes them to `to`, which may be `from`.
void ApplyPixelOps(std::span<const PixelOp> ops, const float* from, int64_t channels, int64_t y,
                   int64_t x, int64_t count, float* to);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PIXEL_OPS_H_
