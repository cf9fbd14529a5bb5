// The graphs of resnet-gan, from their sizes.
#ifndef GAN_MODELS_RESNET_GAN_NETWORK_H_
#define GAN_MODELS_RESNET_GAN_NETWORK_H_

#include <cstdint>
#include <vector>

#include "graph/graph.h"
#include "models/pair.h"

namespace gan::core {

struct ResnetGenerator {
  int64_t latent = 128;
  int64_t classes = 0;
  int64_t base = 4;             // side of the first features, 4 or 7
  std::vector<int64_t> widths;  // of the first features, then of each block's output
  int64_t channels = 3;         // of the picture
  bool norm = true;             // batch norm, of the class's own when there are classes
  int64_t embedding = 0;        // without norm, numbers that stand for the class
  bool attention = false;
};

ResnetGenerator ResnetGeneratorFor(const PairConfig& config);

// The side of the pictures: each block doubles.
int64_t SideOf(const ResnetGenerator& generator);

// Input and output as of Pair::generator, z [N, latent]: "linear", "blocks.N" (with "norm1",
// "conv1", "norm2", "conv2", "shortcut"), "attention", "norm", "conv", tanh.
Graph ResnetGeneratorGraph(const ResnetGenerator& generator);

// Halving blocks down to 4 pixels (7 for 28), one block there, the sum over pixels, "linear" and
// with classes "projection".
Graph ResnetDiscriminatorGraph(const PairConfig& config);

}  // namespace gan::core

#endif  // GAN_MODELS_RESNET_GAN_NETWORK_H_
