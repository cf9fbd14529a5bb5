// Many small pictures in one: contact sheets of data sets, grids of samples.
#ifndef GAN_MEDIA_SHEET_H_
#define GAN_MEDIA_SHEET_H_

#include <cstdint>
#include <span>

#include "tensor/tensor.h"

namespace gan::core {

// Lays pictures out in rows of `columns`, in reading order, with `gap` pixels between neighbours
// and none around them. What no picture covers has the value `background` in every channel.
//
//   pictures  each [C, H, W]  f32, C from 1 to 4, all of one shape
//   out       [C, rows * (H + gap) - gap, columns * (W + gap) - gap]
//
// Error kUsage: no picture, fewer than 1 column, a negative gap, pictures that differ in shape or
// have no shape of a picture, or a sheet of more than 2^31 samples.
Tensor MakeSheet(std::span<const Tensor> pictures, int64_t columns, int64_t gap = 1,
                 float background = 1);

}  // namespace gan::core

#endif  // GAN_MEDIA_SHEET_H_
