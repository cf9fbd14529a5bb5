// The graph of the small classifier, from its sizes.
#ifndef GAN_MODELS_GLYPH_CLASSIFIER_NETWORK_H_
#define GAN_MODELS_GLYPH_CLASSIFIER_NETWORK_H_

#include <cstdint>

#include "graph/graph.h"

namespace gan::core {

struct ClassifierSizes {
  int64_t channels = 1;
  int64_t size = 28;  // height and width of the pictures, 16 to 256
  int64_t classes = 2;
  int64_t features = 128;
};

// Input 0 "image": [N, channels, size, size] in [-1, 1]. Output 0: features [N, features, 1, 1],
// none below 0; output 1: logits [N, classes, 1, 1].
//
// 3x3 convolutions with ReLU, two of which halve the picture, and more until at most 8 pixels a
// side are left; a mean pool halves these; a full layer makes the features, another the logits.
// Parameters "conv.N", "features", "logits". Error kConfiguration for sizes out of range.
Graph ClassifierGraph(const ClassifierSizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_GLYPH_CLASSIFIER_NETWORK_H_
