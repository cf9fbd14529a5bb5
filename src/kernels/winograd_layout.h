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

int64_t WinogradPhaseFloats(const WinogradShape& shape);  // of transformed filters

// How a part of the filters sees the picture along an axis: from which pixel on, and which taps
// they have, the first one and the distance to the next.
struct WinogradAxisView {
  int64_t begin = 0;
  int64_t tap = 0, tap_step = 1;
};
struct WinogradView {
  WinogradAxisView down, across;
};
// Phases and moves are counted row by row.
WinogradView ViewOf(const WinogradShape& shape, int64_t phase, int64_t move);

// Filters as a checkpoint has them, of `used` outputs: floats from one output and one input to the
// next.
struct WinogradFilters {
  const float* weight = nullptr;
  int64_t output = 0, input = 0, used = 0;
};

// The pixels of a patch, row by row; what lies outside the picture is at `zeros`.
using PatchPixels = std::array<const float*, kWinogradMostFrequencies>;
PatchPixels PixelsOfPatch(const WinogradShape& shape, const ConstPixelRows& rows, int64_t tile,
                          const WinogradView& view, const float* zeros);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_WINOGRAD_LAYOUT_H_
