// The kernels' terms for convolutions.
#ifndef GAN_BACKENDS_CPU_CONV_PARAMS_H_
#define GAN_BACKENDS_CPU_CONV_PARAMS_H_

#include "graph/ops/conv2d.h"
#include "graph/ops/conv_transpose2d.h"
#include "kernels/conv2d.h"
#include "kernels/conv_transpose2d.h"

namespace gan::core {

inline kernels::Conv2dParams KernelParams(const Conv2d& op) {
  return {.stride_h = op.stride.h,
          .stride_w = op.stride.w,
          .dilation_h = op.dilation.h,
          .dilation_w = op.dilation.w,
          .groups = op.groups,
          .padding = {op.padding.top, op.padding.left, op.padding.bottom, op.padding.right}};
}

inline kernels::ConvTranspose2dParams KernelParams(const ConvTranspose2d& op) {
  return {.stride_h = op.stride.h,
          .stride_w = op.stride.w,
          .dilation_h = op.dilation.h,
          .dilation_w = op.dilation.w,
          .groups = op.groups,
          .padding = {op.padding.top, op.padding.left, op.padding.bottom, op.padding.right},
          .output_padding_h = op.output_padding.h,
          .output_padding_w = op.output_padding.w};
}

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_CONV_PARAMS_H_
