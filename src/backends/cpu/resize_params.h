// The kernels' terms for resampling.
#ifndef GAN_BACKENDS_CPU_RESIZE_PARAMS_H_
#define GAN_BACKENDS_CPU_RESIZE_PARAMS_H_

#include "base/error.h"
#include "graph/ops/resize.h"
#include "kernels/resize.h"

namespace gan::core {

inline kernels::ResizeMode KernelMode(ResizeMode mode) {
  switch (mode) {
    case ResizeMode::kNearest: return kernels::ResizeMode::kNearest;
    case ResizeMode::kBilinear: return kernels::ResizeMode::kBilinear;
    case ResizeMode::kBicubic: return kernels::ResizeMode::kBicubic;
  }
  GAN_ASSERT(false);
  return {};
}

inline kernels::ResizeCoordinates KernelCoordinates(ResizeCoordinates coordinates) {
  switch (coordinates) {
    case ResizeCoordinates::kAsymmetric: return kernels::ResizeCoordinates::kAsymmetric;
    case ResizeCoordinates::kHalfPixel: return kernels::ResizeCoordinates::kHalfPixel;
    case ResizeCoordinates::kAlignCorners: return kernels::ResizeCoordinates::kAlignCorners;
  }
  GAN_ASSERT(false);
  return {};
}

inline kernels::ResizeParams KernelParams(const Resize& op) {
  return {.mode = KernelMode(op.mode),
          .coordinates = KernelCoordinates(op.coordinates),
          .num_h = op.num.h,
          .den_h = op.den.h,
          .num_w = op.num.w,
          .den_w = op.den.w};
}

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_RESIZE_PARAMS_H_
