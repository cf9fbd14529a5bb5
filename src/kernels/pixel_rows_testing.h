// What tests of kernels on rows of pixels share.
#ifndef GAN_KERNELS_PIXEL_ROWS_TESTING_H_
#define GAN_KERNELS_PIXEL_ROWS_TESTING_H_

#include "kernels/pixel_rows.h"

namespace gan::core::kernels {

// Requires ChannelLanes() not to be 0.
inline int64_t PaddedChannels(int64_t channels) {
  const int64_t lanes = ChannelLanes();
  return (channels + lanes - 1) / lanes * lanes;
}

// Memory of exactly the size, so that sanitizers see what is read past it.
struct RowsOf {
  RowsOf(int64_t rows, int64_t width, int64_t channels)
      : memory(DType::kF32, {rows, width, PaddedChannels(channels)}) {}
  PixelRows rows() {
    const Shape& s = memory.shape();
    return {memory.floats().data(), s[2], s[1] * s[2], s[0]};
  }
  Tensor memory;
};

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PIXEL_ROWS_TESTING_H_
