// Bilinear resampling of pictures for feature networks, in the two ways that published figures
// differ by.
#ifndef GAN_METRICS_PICTURE_RESIZE_H_
#define GAN_METRICS_PICTURE_RESIZE_H_

#include <cstdint>
#include <string_view>

#include "tensor/tensor.h"

namespace gan::core {

enum class Resizer {
  // Two neighbours a side whatever the scale, as PyTorch's interpolate without align_corners and
  // the PyTorch ports of the first FID do: shrinking leaves pixels out.
  kBilinear,
  // A triangle as wide as the scale, as PyTorch's interpolate with antialias and Pillow do. Equals
  // the other where pictures grow.
  kAntialias,
};
std::string_view NameOf(Resizer resizer);  // "bilinear", "antialias"
// Error kUsage for an unknown name.
Resizer ResizerFromName(std::string_view name);

// pictures [N, C, H, W] f32 -> [N, C, height, width]. The same tensor when it has that size.
Tensor ResizePictures(const Tensor& pictures, int64_t height, int64_t width, Resizer resizer);

}  // namespace gan::core

#endif  // GAN_METRICS_PICTURE_RESIZE_H_
