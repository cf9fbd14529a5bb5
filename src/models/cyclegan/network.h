// The graph of the ResNet generator, from its layers.
#ifndef GAN_MODELS_CYCLEGAN_NETWORK_H_
#define GAN_MODELS_CYCLEGAN_NETWORK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "models/translator_layers.h"

namespace gan::core {

// How the size of the picture changes beside a 3 x 3 convolution.
enum class Sampling {
  kStrided,   // by the convolution itself: stride 2, or transposed
  kFiltered,  // by a fixed filter, which is in the file (Zhang 2019, "Making convolutional networks
              // shift-invariant again")
  kBilinear,  // upwards: enlarged before the convolution, which has a reflected border
  kNearest,   // upwards: likewise, with a border of zeros
};

struct CycleGanStep {
  Sampling sampling = Sampling::kStrided;
  TranslatorLayer layer;
  std::string filter;  // with kFiltered: the name of its tensor, "model.7.filt"
  int64_t filter_size = 0;
};

struct CycleGanNetwork {
  int64_t inputs = 3;
  TranslatorLayer head;
  bool reflect_downs = false;  // the border of strided convolutions; else zeros
  bool reflect_blocks = true;
  bool dropout = false;  // of half the numbers between a block's convolutions
  std::vector<CycleGanStep> downs;
  std::vector<std::pair<TranslatorLayer, TranslatorLayer>> blocks;
  std::vector<CycleGanStep> ups;
  TranslatorLayer tail;
};

// "image" [N, inputs, H, W] in [-1, 1] to a picture of its size in [-1, 1]; H and W multiples of
// what the steps down make of them.
Graph CycleGanGraph(const CycleGanNetwork& network);

}  // namespace gan::core

#endif  // GAN_MODELS_CYCLEGAN_NETWORK_H_
