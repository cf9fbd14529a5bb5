// The graphs of DCGAN, from their layers.
#ifndef GAN_MODELS_DCGAN_NETWORK_H_
#define GAN_MODELS_DCGAN_NETWORK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "models/pair.h"

namespace gan::core {

// A transposed convolution of the generator, and what follows it; or a plain one.
struct DcganLayer {
  std::string name;  // "main.0"
  std::string norm;  // batch norm "main.1"; "" without
  int64_t channels = 0;
  int64_t kernel = 4;
  int64_t stride = 2;
  int64_t padding = 1;
  int64_t output_padding = 0;
  bool bias = false;
  bool plain = false;     // a convolution that is not transposed
  bool doubled = false;   // its input is enlarged by nearest pixels first
  float epsilon = 1e-5f;  // of the norm
};

// A linear layer that makes a small picture of the random numbers.
struct DcganStem {
  std::string name;
  bool bias = false;
  int64_t channels = 0;
  int64_t side = 0;
  std::string norm;          // batch norm behind it; "" without
  bool norm_of_row = false;  // each number has its own, not each channel
  bool active = false;       // an activation follows
  float epsilon = 1e-5f;
};

// How the class gets in: its vector stands beside the latent, or multiplies it, or a convolution of
// its own makes channels that stand beside those of the first layer.
enum class DcganCondition { kBeside, kTimes, kBranch };

struct DcganGenerator {
  int64_t latent = 100;
  int64_t classes = 0;
  int64_t embedding = 0;  // numbers that stand for the class
  DcganCondition condition = DcganCondition::kBeside;
  std::optional<DcganStem> stem;
  std::optional<DcganLayer> branch;  // of the class
  std::vector<DcganLayer> layers;    // at least one; the last gives the picture
  float slope = 0;                   // of the activations between: ReLU, or leaky
};

// The layers of PyTorch's DCGAN example, with more or fewer for other sizes: 1 pixel to 4, or 7 for
// pictures of 28, and then doublings.
DcganGenerator DcganGeneratorFor(const PairConfig& config);

// Input and output as of Pair::generator, z [N, latent, 1, 1], or [N, latent] with a stem. ReLU
// between layers, tanh at the end. Embeddings are "label_embedding.weight" [embedding, classes].
Graph DcganGeneratorGraph(const DcganGenerator& generator);

// The side of what a layer makes of a side; below 1 where it makes nothing.
int64_t SideAfter(const DcganLayer& layer, int64_t side);
// The side of the pictures. Error kBadData where it is beyond 4096.
int64_t SideOf(const DcganGenerator& generator);

// Halvings down to 4 pixels (7 for 28) and one convolution over what is left: "main.0.weight"...;
// with classes "projection.weight".
Graph DcganDiscriminatorGraph(const PairConfig& config);

}  // namespace gan::core

#endif  // GAN_MODELS_DCGAN_NETWORK_H_
