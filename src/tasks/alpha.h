// Transparency without halos: what stands in for the colour of transparent pixels, and how the
// alpha channel itself is enlarged.
//
// Everything here looks at most kAlphaReach pixels around, so that tiles agree where they meet.
#ifndef GAN_TASKS_ALPHA_H_
#define GAN_TASKS_ALPHA_H_

#include <cstdint>
#include <optional>
#include <span>

#include "tasks/tile_window.h"
#include "tensor/tensor.h"

namespace gan::core {

inline constexpr int64_t kAlphaReach = 16;

// Gives transparent pixels (alpha exactly 0) the colours of those around them, one ring of pixels
// after the other, up to kAlphaReach of them; those further off stay as they are. A network then
// sees no edge where only alpha has one.
//
//   block  [colours + 1, H, W]  f32, alpha last; changed in place
void BleedColours(const TensorView& block);

// The value that all of `alpha` has, if there is one.
std::optional<float> ConstantValue(std::span<const float> alpha);

// Enlarges alpha by Lanczos-3. Requires a whole scale.
//
//   alpha  [rows.block, columns.block]    f32
//   out    [rows.out_size, columns.out_size]  f32, in [0, 1]
void EnlargeAlpha(std::span<const float> alpha, const TileWindow& rows, const TileWindow& columns,
                  std::span<float> out);

// Where alpha is 1 (or 0) at a pixel and two around it, a network's answer of 0.996 is made that
// too, so that what was opaque stays opaque. Sizes as in EnlargeAlpha.
void KeepCertainAlpha(std::span<const float> alpha, const TileWindow& rows,
                      const TileWindow& columns, std::span<float> out);

}  // namespace gan::core

#endif  // GAN_TASKS_ALPHA_H_
