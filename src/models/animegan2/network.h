// The graph of AnimeGANv2's generator.
#ifndef GAN_MODELS_ANIMEGAN2_NETWORK_H_
#define GAN_MODELS_ANIMEGAN2_NETWORK_H_

#include <cstdint>

#include "graph/graph.h"

namespace gan::core {

struct AnimeGan2Sizes {
  int64_t channels = 3;
  int64_t width = 32;  // features at the size of the picture; 2, 4 and 8 times that deeper down
  int64_t blocks = 4;  // inverted residual ones; the first of them widens
};

// "image" [N, channels, H, W] in [-1, 1], H and W multiples of 4, to a picture of its size in
// [-1, 1].
Graph AnimeGan2Graph(const AnimeGan2Sizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_ANIMEGAN2_NETWORK_H_
