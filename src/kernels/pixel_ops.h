// A short program of element-wise steps on rows of pixels: what follows a convolution and is done
// while its results are in registers or L1.
#ifndef GAN_KERNELS_PIXEL_OPS_H_
#define GAN_KERNELS_PIXEL_OPS_H_

#include <cstdint>
#include <span>

#include "kernels/pixel_rows.h"

namespace gan::core::kernels {

enum class PixelOpKind {
  kLeakyRelu,     // v < 0 ? alpha v : v; NaN stays NaN
  kPrelu,         // v < 0 ? slope[c] v : v
  kClip,          // min(max(v, alpha), beta); NaN stays NaN
  kAffine,        // v * alpha + beta, two roundings
  kAdd,           // v + other
  kSubtract,      // v - other
  kSubtractFrom,  // other - v
  kMultiply,      // v * other
};

struct PixelOp {
  PixelOpKind kind = PixelOpKind::kAffine;
  float alpha = 1, beta = 0;
  const float* slope = nullptr;  // one a channel, padding included
  ConstPixelRows other;          // of the same sizes as what the step works on
};

// Applies `ops` in order to `count` pixels of row y that begin at column x and stand at `from`,
// `channels` floats each (padding included), and writes them to `to`, which may be `from`.
void ApplyPixelOps(std::span<const PixelOp> ops, const float* from, int64_t channels, int64_t y,
                   int64_t x, int64_t count, float* to);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PIXEL_OPS_H_
