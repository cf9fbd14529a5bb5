// The graphs of r3gan, from their sizes.
#ifndef GAN_MODELS_R3GAN_NETWORK_H_
#define GAN_MODELS_R3GAN_NETWORK_H_

#include <cstdint>
#include <vector>

#include "graph/graph.h"
#include "models/pair.h"

namespace gan::core {

// Features and residual blocks at one size of picture.
struct R3ganStage {
  int64_t width = 64;    // features
  int64_t hidden = 128;  // features within a block: twice as many
  int64_t group = 16;    // features that a convolution of 3 x 3 mixes
  int64_t blocks = 2;
};

struct R3ganGenerator {
  int64_t latent = 64;
  int64_t classes = 0;
  int64_t embedding = 0;           // numbers that stand for the class, beside the latent
  int64_t base = 4;                // side of the first stage, 4 or 7
  std::vector<R3ganStage> stages;  // from the first to the picture's size
  int64_t channels = 3;            // of the picture
};

R3ganGenerator R3ganGeneratorFor(const PairConfig& config);

// The side of the pictures: each stage but the first doubles.
int64_t SideOf(const R3ganGenerator& generator);

// Input and output as of Pair::generator, z [N, latent]: features "basis" [1, width, base, base]
// scaled by "linear" of z, then "stages.N" ("transition" where the width changes, "blocks.M" with
// "conv1", "conv2", "conv3"), "output", and a tanh that the paper has not, so that pictures stay
// within [-1, 1].
Graph R3ganGeneratorGraph(const R3ganGenerator& generator);

// "input", stages from the picture down to 4 pixels (7 for 28), each channel weighed over the
// pixels that are left ("pooling"), "linear" and with classes "projection".
Graph R3ganDiscriminatorGraph(const PairConfig& config);

}  // namespace gan::core

#endif  // GAN_MODELS_R3GAN_NETWORK_H_
