// The graphs of DCGAN, from their layers.
#ifndef GAN_MODELS_DCGAN_NETWORK_H_
#define GAN_MODELS_DCGAN_NETWORK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "models/pair.h"

namespace gan::core {

// A transposed convolution of the generator, and what follows it.
struct DcganLayer {
  std::string name;  // "main.0"
  std::string norm;  // batch norm "main.1"; "" without
  int64_t channels = 0;
  int64_t kernel = 4;
  int64_t stride = 2;
  int64_t padding = 1;
  bool bias = false;
};

struct DcganGenerator {
  int64_t latent = 100;
  int64_t classes = 0;
  int64_t embedding = 0;           // numbers that stand for the class, beside the latent
  std::vector<DcganLayer> layers;  // at least one; the last gives the picture
};

// The layers of PyTorch's DCGAN example, with more or fewer for other sizes: 1 pixel to 4, or 7 for
// pictures of 28, and then doublings.
DcganGenerator DcganGeneratorFor(const PairConfig& config);

// Input and output as of Pair::generator, z [N, latent, 1, 1]. ReLU between layers, tanh at the
// end. Embeddings are "label_embedding.weight" [embedding, classes].
Graph DcganGeneratorGraph(const DcganGenerator& generator);

// The side of the pictures. Error kBadData where it is beyond 4096.
int64_t SideOf(const DcganGenerator& generator);

// Halvings down to 4 pixels (7 for 28) and one convolution over what is left: "main.0.weight"...;
// with classes "projection.weight".
Graph DcganDiscriminatorGraph(const PairConfig& config);

}  // namespace gan::core

#endif  // GAN_MODELS_DCGAN_NETWORK_H_
