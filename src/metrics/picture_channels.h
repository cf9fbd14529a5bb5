// Channels of pictures, as feature networks and sheets want them.
#ifndef GAN_METRICS_PICTURE_CHANNELS_H_
#define GAN_METRICS_PICTURE_CHANNELS_H_

#include <cstdint>

#include "tensor/tensor.h"

namespace gan::core {

// pictures [N, C, H, W] in [-1, 1], C from 1 to 4 -> [N, 1 or 3, H, W]: as somebody who opens the
// saved picture sees it, clamped, rounded to 8 bits, alpha laid on white.
Tensor AsSaved(const Tensor& pictures);

// From 1 channel to 3 by repeating, from 3 to 1 by Rec. 601 luma; the same tensor when it has that
// many. Requires both to be 1 or 3.
Tensor WithColours(const Tensor& pictures, int64_t channels);

}  // namespace gan::core

#endif  // GAN_METRICS_PICTURE_CHANNELS_H_
