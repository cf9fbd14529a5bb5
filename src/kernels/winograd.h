// Convolution 3x3 with stride 1 by Winograd's F(4x4, 3x3): 36 multiplications where the direct sum
// takes 144. (Lavin & Gray 2016, "Fast algorithms for convolutional neural networks".)
//
// The output is cut into tiles of 4x4 pixels whose grid begins at the picture's corner. Each tile
// reads 6x6 input pixels, which are transformed (V), multiplied by transformed filters (U)
// frequency by frequency over all channels, and transformed back:
//
//   V [36][tiles][inputs]     U [36][outputs / lanes][inputs][lanes]     M [36][tiles][outputs]
//
// A result depends in its last bits on all 36 pixels that its tile reads, and on nothing else: not
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

inline constexpr int64_t kWinogradTile = 4;   // output pixels of a tile along an axis
inline constexpr int64_t kWinogradPatch = 6;  // input pixels it reads
inline constexpr int64_t kWinogradFrequencies = 36;

// Transformed tiles of some channels, [36][tiles across][channels] for each row of tiles. They
// stand in a ring as PixelRows do. Kept where several convolutions read the same channels.
struct TransformedRows {
  float* data = nullptr;
  int64_t pitch = 0;  // floats from a frequency to the next
  int64_t held = 1;   // rows of tiles that there is memory for

  float* Row(int64_t row) const { return data + row % held * kWinogradFrequencies * pitch; }
};

// Part of the channels that a convolution reads, as pixels or already transformed. Several make a
// concatenation without a copy.
struct WinogradInput {
  ConstPixelRows rows;
  int64_t channels = 0;         // padded to whole vectors
  TransformedRows transformed;  // where its data is not null, `rows` is not read
};
inline constexpr size_t kWinogradMostInputs = 16;

// Sizes of one convolution. Heights and widths are of a picture.
struct WinogradShape {
  int64_t height = 0, width = 0;  // of the input as the filter sees it: doubled where it is
  int64_t top = 0, left = 0;      // rows and columns of zeros before the picture
  int64_t out_height = 0, out_width = 0;
  // The input has half these sizes, and each of its pixels stands for 2x2. Eleven of the 36
  // frequencies of such a picture are 0. Requires top and left to be 1.
  bool doubled = false;
  int64_t inputs = 0;   // channels, each part padded to whole vectors
  int64_t outputs = 0;  // padded to whole vectors

  int64_t TilesDown() const { return (out_height + kWinogradTile - 1) / kWinogradTile; }
  int64_t TilesAcross() const { return (out_width + kWinogradTile - 1) / kWinogradTile; }
};

// Floats of transformed filters for so many padded channels.
int64_t WinogradFilterFloats(int64_t inputs, int64_t outputs);

// Transforms the filters of outputs [block * lanes, (block + 1) * lanes).
//
//   weight  [O, I, 3, 3]  f32, contiguous
//   parts   channels of each part of the input, before padding; their sum is I
//   doubled as in the shape of the convolution
//   out     WinogradFilterFloats() of the whole convolution
void TransformWinogradFilters(const ConstTensorView& weight, std::span<const int64_t> parts,
                              bool doubled, int64_t block, float* out);

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

// transformed: channels of the inputs that come transformed and need no room.
int64_t WinogradScratchFloats(const WinogradShape& shape, int64_t tiles, int64_t transformed = 0);

// Runs on the calling thread. Allocates nothing. Requires at most kWinogradMostInputs inputs.
void RunWinograd(const WinogradJob& job);

// Transforms `count` tiles from `first` on of a picture that no convolution doubles; of `shape` the
// sizes of the picture and the padding count. scratch: as for a job of one tile.
void TransformWinogradInput(const WinogradShape& shape, const WinogradInput& input, int64_t first,
                            int64_t count, float* scratch, const TransformedRows& out);

// Floats from a frequency to the next for `across` tiles of so many channels.
int64_t TransformedPitch(int64_t across, int64_t channels);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_WINOGRAD_H_
