// The graph of the compact generator, from its sizes.
#ifndef GAN_MODELS_COMPACT_NETWORK_H_
#define GAN_MODELS_COMPACT_NETWORK_H_

#include <cstdint>

#include "graph/graph.h"

namespace gan::core {

enum class CompactActivation {
  kPrelu,      // one slope a channel, the only kind that shows in a checkpoint
  kRelu,       //
  kLeakyRelu,  // slope 0.1
};

struct CompactSizes {
  int64_t channels = 3;  // of the picture, in and out
  int64_t features = 64;
  int64_t convolutions = 16;  // between the first and the last
  int64_t upscale = 4;
  CompactActivation activation = CompactActivation::kPrelu;
};

// [N, channels, H, W] -> [N, channels, H upscale, W upscale]. Parameters as in BasicSR: "body.N",
// convolutions at even N, PReLU slopes at odd N.
Graph CompactGraph(const CompactSizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_COMPACT_NETWORK_H_
