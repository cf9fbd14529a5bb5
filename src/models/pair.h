// The pairs of networks that are trained: a generator, which makes pictures from random numbers,
// and a discriminator, which judges pictures.
#ifndef GAN_MODELS_PAIR_H_
#define GAN_MODELS_PAIR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace gan::core {

struct PairConfig {
  std::string family = "dcgan";      // "dcgan", "resnet-gan", "r3gan"
  int64_t size = 64;                 // side of the pictures: a power of two from 16 to 256, or 28
  int64_t channels = 3;              // of the pictures, 1 to 4
  int64_t classes = 0;               // 0: without labels
  int64_t latent = 128;              // random numbers a picture
  int64_t generator_width = 64;      // features beside the picture; deeper layers have multiples
  int64_t discriminator_width = 64;  //
  bool attention = false;            // resnet-gan alone
  double dropout = 0;                // share of a discriminator's features, 0 to below 1
  // Batch normalisation or nothing; not given: what the family's paper has.
  std::optional<bool> generator_norm;
  std::optional<bool> discriminator_norm;
};

struct Pair {
  // Input 0: "z" [N, latent] or [N, latent, 1, 1]; input 1, with classes: "labels" [N, classes],
  // one-hot. Output 0: [N, channels, size, size] in [-1, 1].
  Graph generator;
  // Input 0: "image" [N, channels, size, size] in [-1, 1]; input 1, with classes: "labels" [N,
  // classes]. Output 0: logits [N, 1], high for real.
  Graph discriminator;
};

// Error kConfiguration: a family that is none, or a value that it does not take, with what it does.
Pair BuildPair(const PairConfig& config);

// The families that BuildPair takes.
std::vector<std::string_view> PairFamilyNames();

}  // namespace gan::core

#endif  // GAN_MODELS_PAIR_H_
