// Pictures of any size brought to one size and one number of channels.
#ifndef GAN_DATA_FIT_H_
#define GAN_DATA_FIT_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "data/collection.h"
#include "tensor/tensor.h"

namespace gan::core {

enum class Fit : uint8_t {
  kCover,    // the largest centred part with the proportions wanted, the rest cut off
  kContain,  // all of it, centred; black (and transparent) beside it
  kStretch,  // all of it, proportions changed
};

// "cover", "contain", "stretch". Error kUsage for another word.
Fit FitFromName(std::string_view name);

// Decodes, by Lanczos-3 that is widened when shrinking, so that nothing aliases. A picture that has
// the size already stays as it is. Memory: some rows of the picture, whatever its size.
//
//   out  [channels of the picture, height, width]  f32, in [0, 1]
//
// Error kBadData: as of the picture's rows.
Tensor FittedPicture(OpenedPicture picture, Fit fit, int64_t height, int64_t width);

// Between 1 (grey), 2 (grey, alpha), 3 (RGB) and 4 channels: grey is repeated; colour becomes its
// luma (0.299 R + 0.587 G + 0.114 B, ITU-R BT.601, on the samples as they are); missing alpha is
// opaque; alpha that is not wanted lays the picture on white.
//
//   from, out  [channels, ...]  f32, contiguous, the same but for the channels
Tensor WithChannels(const Tensor& from, int64_t channels);

}  // namespace gan::core

#endif  // GAN_DATA_FIT_H_
