// Pictures as rows of pixels with the channels of a pixel side by side: what a chain of
// convolutions works on, so that vectors run over channels whatever the picture's width.
#ifndef GAN_KERNELS_PIXEL_ROWS_H_
#define GAN_KERNELS_PIXEL_ROWS_H_

#include <cstdint>

#include "kernels/pad2d.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Floats in a vector of the current target: channels of a pixel are padded to a multiple of it with
// zeros. 0 where vectors have no size that is known when the program is built, and for "reference".
int64_t ChannelLanes();

// Rows in a ring: row y of a picture stands where y % held does, so that a value that is used up
// while it is made needs memory for a few rows only. Rows of several pictures follow one another.
template <class Element>
struct BasicPixelRows {
  Element* data = nullptr;
  int64_t pixel = 0;  // elements from a pixel to the next
  int64_t row = 0;    // elements from a row to the next
  int64_t held = 1;   // rows that there is memory for

  Element* Row(int64_t y) const { return data + y % held * row; }
  Element* At(int64_t y, int64_t x) const { return Row(y) + x * pixel; }
  operator BasicPixelRows<const Element>() const {  // NOLINT(google-explicit-constructor)
    return {data, pixel, row, held};
  }
};
using PixelRows = BasicPixelRows<float>;
using ConstPixelRows = BasicPixelRows<const float>;

// Rows [begin, end) of `x`, counted over all its pictures, from planes to pixels; channels past
// those of `x` become 0.
//
//   x  [N, C, H, W]  f32, any strides
void PlanesToPixels(const ConstTensorView& x, int64_t begin, int64_t end, const PixelRows& out);

// The way back; what pads the channels is dropped.
void PixelsToPlanes(const ConstPixelRows& x, int64_t begin, int64_t end, const TensorView& out);

// Rows [begin, end) of a pixel shuffle's output from an input of `height` rows and `width` pixels
// a picture: out[c, y * factor + i, x * factor + j] = x[(c * factor + i) * factor + j, y, x].
// `channels` are those of the output; padding becomes 0.
void ShufflePixels(const ConstPixelRows& x, int64_t factor, int64_t channels, int64_t width,
                   int64_t begin, int64_t end, const PixelRows& out);

// Rows [begin, end) of a picture that is repeated factor_h times downwards and factor_w times
// across; width is the input's.
void RepeatPixels(const ConstPixelRows& x, int64_t factor_h, int64_t factor_w, int64_t width,
                  int64_t begin, int64_t end, const PixelRows& out);

// Channels [0, channels) of rows [begin, end) to channels [at, at + channels) of `out`; the
// channels of `out` after those become 0.
void JoinPixels(const ConstPixelRows& x, int64_t channels, int64_t at, int64_t width, int64_t begin,
                int64_t end, const PixelRows& out);

// Rows [begin, end) of pictures of height x width with a border around them. Requires what Pad2d()
// does.
void PadPixels(const ConstPixelRows& x, PadMode mode, const Padding2d& padding, float value,
               int64_t height, int64_t width, int64_t begin, int64_t end, const PixelRows& out);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PIXEL_ROWS_H_
