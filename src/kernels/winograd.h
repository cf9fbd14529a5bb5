// Convolution 3x3 with stride 1 by Winograd's F(4x4, 3x3): 36 multiplications where the direct sum
// takes 144, or F(6x6, 3x3): 64 where it takes 324, with 5 times the rounding error. (Lavin & Gray
// 2016, "Fast algorithms for convolutional neural networks".)
//
// The output is cut into tiles of 4x4 or 6x6 pixels whose grid begins at the picture's corner. Each
// reads a patch two pixels larger, which is transformed (V), multiplied by transformed filters (U)
// frequency by frequency over all channels, and transformed back:
//
//   V [patch^2][tiles][summed]  U [phases][patch^2][outputs / lanes][summed][lanes]
//   M [patch^2][tiles][outputs]
//
// where U and V hold pairs, of two neighbours along `summed`.
//
// A larger filter is cut into filters of 3x3, each of which sees the picture moved by 3 more
// pixels; their products are summed before they are transformed back.
//
// A 4x4 filter of stride 2 is four filters of 2x2, each of which sees every second pixel; a
// transposed one is four filters of 2x2, each of which makes every second pixel: a phase. Those are
// F(3x3, 2x2): 16 multiplications where the direct sum takes 36.
//
// Products may be of numbers rounded to bf16, summed in fp32: AVX-512 BF16 does two at a time.
// Rounding costs more the larger a tile is: one random convolution keeps 42 dB of its size with
// F(4x4, 3x3) and 30 dB with F(6x6, 3x3).
//
// A result depends in its last bits on all pixels that its tile reads, and on nothing else: not
// on the other tiles, the threads or the size of the picture.
#ifndef GAN_KERNELS_WINOGRAD_H_
#define GAN_KERNELS_WINOGRAD_H_

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/pixel_ops.h"
#include "kernels/pixel_rows.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Part of the channels that a convolution reads. Several make a concatenation without a copy.
struct WinogradInput {
  ConstPixelRows rows;
  int64_t channels = 0;  // padded to whole vectors
};
inline constexpr size_t kWinogradMostInputs = 16;

// What U and V hold.
enum class WinogradNumbers {
  kFloat,
  kRounded,  // floats that are bf16 numbers: for any processor, no faster than kFloat
  kPairs,    // bf16, those of two inputs side by side in a slot
};
// Which of the last two the current target has.
WinogradNumbers Bf16Numbers();

// Sizes of one convolution. Heights and widths are of a picture.
struct WinogradShape {
  int64_t tile = 4;               // pixels of a tile and phase along an axis: 3, 4 or 6
  int64_t taps = 3;               // of the filter along an axis, 3 or more
  int64_t stride = 1;             // 2 requires tile 3 and 4 taps
  bool transposed = false;        // of stride 2, with `stride` left 1; requires tile 3 and 4 taps
  int64_t height = 0, width = 0;  // of the input as the filter sees it: doubled where it is
  // Rows and columns of zeros before the picture; where the convolution is transposed, of the
  // result that are left out.
  int64_t top = 0, left = 0;
  int64_t out_height = 0, out_width = 0;
  // The input has half these sizes, and each of its pixels stands for 2x2. Eleven of the 36
  // frequencies of such a picture are 0. Requires tile 4, 3 taps, and top and left to be 1.
  bool doubled = false;
  WinogradNumbers numbers = WinogradNumbers::kFloat;
  int64_t inputs = 0;   // channels, each part padded to whole vectors
  int64_t outputs = 0;  // padded to whole vectors

  int64_t patch() const { return tile == 3 ? 4 : tile + 2; }
  int64_t phases() const { return transposed ? 4 : 1; }
  // Places from which the filters of a phase see the picture, along an axis.
  int64_t moves() const { return transposed ? 1 : stride == 2 ? 2 : (taps + 2) / 3; }
  int64_t summed() const { return inputs * moves() * moves(); }
  // Of 4 bytes, that so many numbers of U and V fill.
  int64_t Slots(int64_t count) const {
    return numbers == WinogradNumbers::kPairs ? count / 2 : count;
  }
  int64_t made() const { return transposed ? 2 * tile : tile; }  // pixels of a tile, all phases
  int64_t frequencies() const { return patch() * patch(); }
  int64_t TilesDown() const { return (out_height + made() - 1) / made(); }
  int64_t TilesAcross() const { return (out_width + made() - 1) / made(); }
};

// Floats of transformed filters.
int64_t WinogradFilterFloats(const WinogradShape& shape);

// Of the channels that are summed, those that are transformed at a time: V of many tiles would not
// stay in L2. M is summed up over such blocks.
int64_t WinogradInputsAtATime(const WinogradShape& shape);

// Transforms the filters of outputs [block * lanes, (block + 1) * lanes).
//
//   weight  [O, I, taps, taps]  f32, contiguous; of a transposed convolution [I, O, 4, 4]
//   parts   channels of each part of the input, before padding; their sum is I
//   shape   of the convolution; heights and widths do not count
//   out     WinogradFilterFloats() of the whole convolution
void TransformWinogradFilters(const ConstTensorView& weight, std::span<const int64_t> parts,
                              const WinogradShape& shape, int64_t block, float* out);

// Some tiles of a convolution. Tile t is the one at (t / TilesAcross(), t % TilesAcross()); rows
// of tiles go on over several pictures.
struct WinogradJob {
  WinogradShape shape;
  std::span<const WinogradInput> inputs;
  const float* filter = nullptr;  // transformed
  const float* bias = nullptr;    // one an output, padding included
  std::span<const PixelOp> ops;   // what is done to the results before they are written
  PixelRows out;
  int64_t first = 0, count = 0;  // tiles
  float* scratch = nullptr;      // WinogradScratchFloats(), 64-byte aligned
};

int64_t WinogradScratchFloats(const WinogradShape& shape, int64_t tiles);

// Runs on the calling thread. Allocates nothing. Requires at most kWinogradMostInputs inputs.
void RunWinograd(const WinogradJob& job);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_WINOGRAD_H_
