// The graph of the U-Net, from its levels.
#ifndef GAN_MODELS_PIX2PIX_NETWORK_H_
#define GAN_MODELS_PIX2PIX_NETWORK_H_

#include <cstdint>
#include <vector>

#include "graph/graph.h"
#include "models/translator_layers.h"

namespace gan::core {

// A halving, and the doubling that answers it. Kernels of 4 x 4.
struct UnetLevel {
  TranslatorLayer down, up;
  bool dropout = false;  // of half the numbers that the doubling gives
};

struct UnetNetwork {
  int64_t inputs = 3;
  std::vector<UnetLevel> levels;  // outermost first, at least two
};

// "image" [N, inputs, H, W] in [-1, 1], H and W multiples of 2^levels, to a picture of its size in
// [-1, 1].
Graph UnetGraph(const UnetNetwork& network);

// Of a file of the official implementation: `levels` halvings, features doubling up to eight times
// the outermost `features`.
struct UnetSizes {
  int64_t inputs = 3, outputs = 3, features = 64, levels = 8;
  FollowingNorm norm = FollowingNorm::kBatch;
};
UnetNetwork UnetOf(const UnetSizes& sizes);

// How a file names the convolutions and norms of level `i`, of which `innermost` is the last.
struct UnetNames {
  std::string down, down_norm, up, up_norm;
};
UnetNames UnetNamesAt(int64_t level, bool innermost);

// Whether the official implementation has dropout at level `i` of `levels`: those between the first
// with the most features and the innermost. Not where it was trained with --no_dropout, which
// leaves no trace in the tensors.
bool HasUnetDropout(int64_t level, int64_t levels);

}  // namespace gan::core

#endif  // GAN_MODELS_PIX2PIX_NETWORK_H_
