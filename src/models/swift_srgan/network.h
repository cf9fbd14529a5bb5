// The graph of Swift-SRGAN's generator.
#ifndef GAN_MODELS_SWIFT_SRGAN_NETWORK_H_
#define GAN_MODELS_SWIFT_SRGAN_NETWORK_H_

#include <cstdint>

#include "graph/graph.h"

namespace gan::core {

struct SwiftSrganSizes {
  int64_t channels = 3;
  int64_t features = 64;
  int64_t blocks = 16;
  int64_t doublings = 2;
};

// "image" [N, channels, H, W] in [0, 1] to a picture 2^doublings times as wide and high, in [0, 1].
Graph SwiftSrganGraph(const SwiftSrganSizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_SWIFT_SRGAN_NETWORK_H_
