// Where the transformed tiles of a Winograd convolution stand, and which pixels a tile reads.
#ifndef GAN_KERNELS_WINOGRAD_LAYOUT_H_
#define GAN_KERNELS_WINOGRAD_LAYOUT_H_

#include <array>
#include <cstdint>

#include "kernels/winograd.h"

namespace gan::core::kernels {

// Elements from one frequency to the next for slices of `floats`: an odd number of cache lines, so
// that the slices that a transform writes to at a time lie in different sets of L1.
constexpr int64_t WinogradPitch(int64_t floats) {
  constexpr int64_t kLine = 16;
  return ((floats + kLine - 1) / kLine | 1) * kLine;
}

// Channels that are transformed at a time: a patch of so many stays in L1 between the two passes.
inline constexpr int64_t kWinogradChunk = 64;

inline constexpr int64_t kWinogradMostFrequencies = 64;

struct WinogradScratch {
  int64_t v_pitch = 0, m_pitch = 0;
  int64_t v = 0, m = 0, patch = 0, result = 0, zeros = 0;  // offsets
  int64_t floats = 0;
};
WinogradScratch WinogradScratchOf(const WinogradShape& shape, int64_t tiles);

// Pixels by which a part of a filter sees the picture moved.
struct WinogradMove {
  int64_t down = 0, across = 0;
};

// The pixels of a patch, row by row; what lies outside the picture is at `zeros`.
using PatchPixels = std::array<const float*, kWinogradMostFrequencies>;
PatchPixels PixelsOfPatch(const WinogradShape& shape, const ConstPixelRows& rows, int64_t tile,
                          const WinogradMove& move, const float* zeros);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_WINOGRAD_LAYOUT_H_
