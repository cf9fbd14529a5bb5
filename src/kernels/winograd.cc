#include "kernels/winograd.h"

#include <algorithm>

#include "base/error.h"
#include "kernels/winograd_layout.h"

namespace gan::core::kernels {

int64_t WinogradFilterFloats(int64_t inputs, int64_t outputs) {
  return kWinogradFrequencies * WinogradPitch(inputs * outputs);
}

int64_t TransformedPitch(int64_t across, int64_t channels) {
  return WinogradPitch(across * channels);
}

WinogradScratch WinogradScratchOf(const WinogradShape& shape, int64_t tiles, int64_t transformed) {
  WinogradScratch scratch;
  scratch.v_pitch = WinogradPitch(tiles * (shape.inputs - transformed));
  scratch.m_pitch = WinogradPitch(tiles * shape.outputs);
  scratch.m = scratch.v + kWinogradFrequencies * scratch.v_pitch;
  scratch.patch = scratch.m + kWinogradFrequencies * scratch.m_pitch;
  scratch.result = scratch.patch + WinogradPitch(kWinogradFrequencies * kWinogradChunk);
  scratch.zeros = scratch.result + WinogradPitch(kWinogradTile * kWinogradTile * shape.outputs);
  scratch.floats = scratch.zeros + WinogradPitch(shape.inputs);
  return scratch;
}

int64_t WinogradScratchFloats(const WinogradShape& shape, int64_t tiles, int64_t transformed) {
  return WinogradScratchOf(shape, tiles, transformed).floats;
}

PatchPixels PixelsOfPatch(const WinogradShape& shape, const ConstPixelRows& rows, int64_t tile,
                          const float* zeros) {
  const int64_t tile_row = tile / shape.TilesAcross();
  const int64_t picture = tile_row / shape.TilesDown();
  const int64_t top = tile_row % shape.TilesDown() * kWinogradTile - shape.top;
  const int64_t left = tile % shape.TilesAcross() * kWinogradTile - shape.left;
  const int shift = shape.doubled ? 1 : 0;
  const int64_t first_row = picture * (shape.height >> shift);
  PatchPixels pixels;
  for (int64_t i = 0; i < kWinogradPatch; ++i) {
    const int64_t y = top + i;
    const bool in_rows = y >= 0 && y < shape.height;
    const float* row = in_rows ? rows.Row(first_row + (y >> shift)) : zeros;
    for (int64_t j = 0; j < kWinogradPatch; ++j) {
      const int64_t x = left + j;
      const bool inside = in_rows && x >= 0 && x < shape.width;
      pixels[static_cast<size_t>(i * kWinogradPatch + j)] =
          inside ? row + (x >> shift) * rows.pixel : zeros;
    }
  }
  return pixels;
}

}  // namespace gan::core::kernels
