#include "kernels/winograd.h"

#include <algorithm>

#include "base/error.h"
#include "kernels/winograd_layout.h"

namespace gan::core::kernels {

int64_t WinogradPhaseFloats(const WinogradShape& shape) {
  return shape.frequencies() * WinogradPitch(shape.Slots(shape.summed()) * shape.outputs);
}

int64_t WinogradFilterFloats(const WinogradShape& shape) {
  return shape.phases() * WinogradPhaseFloats(shape);
}

int64_t WinogradInputsAtATime(const WinogradShape& shape) {
  // Of many outputs, going through M once more would cost more than V does.
  constexpr int64_t kMost = 96, kManyOutputs = 128, kMostOfSmallTiles = 384;
  if (shape.tile == 3) return std::min(shape.summed(), kMostOfSmallTiles);
  const bool blocks = shape.tile == 6 && shape.outputs < kManyOutputs;
  const int64_t most = shape.numbers == WinogradNumbers::kPairs ? 2 * kMost : kMost;
  return blocks ? std::min(shape.summed(), most) : shape.summed();
}

WinogradScratch WinogradScratchOf(const WinogradShape& shape, int64_t tiles) {
  WinogradScratch scratch;
  scratch.v_pitch = WinogradPitch(tiles * shape.Slots(WinogradInputsAtATime(shape)));
  scratch.m_pitch = WinogradPitch(tiles * shape.outputs);
  scratch.m = scratch.v + shape.frequencies() * scratch.v_pitch;
  scratch.patch = scratch.m + shape.frequencies() * scratch.m_pitch;
  scratch.result = scratch.patch + WinogradPitch(shape.frequencies() * kWinogradChunk);
  scratch.zeros = scratch.result + WinogradPitch(shape.tile * shape.tile * shape.outputs);
  scratch.floats = scratch.zeros + WinogradPitch(shape.inputs);
  return scratch;
}

int64_t WinogradScratchFloats(const WinogradShape& shape, int64_t tiles) {
  return WinogradScratchOf(shape, tiles).floats;
}

WinogradView ViewOf(const WinogradShape& shape, int64_t phase, int64_t move) {
  const auto axis = [&](int64_t of_phase, int64_t of_move, int64_t before) -> WinogradAxisView {
    if (shape.transposed) {
      // Pixel 2 i + phase of the result reads pixels i + (phase + before) / 2 and the one before
      // it.
      const int64_t moved = of_phase + before;
      return {moved / 2 - 1, moved % 2 + 2, -2};
    }
    if (shape.stride == 2) return {of_move - before, of_move, 2};
    return {3 * of_move - before, 3 * of_move, 1};
  };
  const int64_t moves = shape.moves();
  return {axis(phase / 2, move / moves, shape.top), axis(phase % 2, move % moves, shape.left)};
}

PatchPixels PixelsOfPatch(const WinogradShape& shape, const ConstPixelRows& rows, int64_t tile,
                          const WinogradView& view, const float* zeros) {
  const int64_t tile_row = tile / shape.TilesAcross();
  const int64_t picture = tile_row / shape.TilesDown();
  const int64_t top = tile_row % shape.TilesDown() * shape.tile * shape.stride + view.down.begin;
  const int64_t left = tile % shape.TilesAcross() * shape.tile * shape.stride + view.across.begin;
  const int shift = shape.doubled ? 1 : 0;
  const int64_t first_row = picture * (shape.height >> shift);
  PatchPixels pixels;
  for (int64_t i = 0; i < shape.patch(); ++i) {
    const int64_t y = top + i * shape.stride;
    const bool in_rows = y >= 0 && y < shape.height;
    const float* row = in_rows ? rows.Row(first_row + (y >> shift)) : zeros;
    for (int64_t j = 0; j < shape.patch(); ++j) {
      const int64_t x = left + j * shape.stride;
      const bool inside = in_rows && x >= 0 && x < shape.width;
      pixels[static_cast<size_t>(i * shape.patch() + j)] =
          inside ? row + (x >> shift) * rows.pixel : zeros;
    }
  }
  return pixels;
}

}  // namespace gan::core::kernels
