// The graph of Inception-v3.
#ifndef GAN_MODELS_INCEPTION_NETWORK_H_
#define GAN_MODELS_INCEPTION_NETWORK_H_

#include <cstdint>

#include "graph/graph.h"

namespace gan::core {

struct InceptionSizes {
  int64_t classes = 1008;
  // As the network of the first FID pools: means leave the border out, and the last block takes the
  // greatest instead of the mean.
  bool first_fid = true;
};

// [N, 3, 299, 299] in [-1, 1] -> features [N, 2048, 1, 1] (the mean of the last block, "pool3"),
// logits [N, classes, 1, 1]. Parameters: "NAME.weight" and "NAME.bias" of each convolution with the
// batch norm behind it folded in, by torchvision's names ("Mixed_5b.branch1x1"), and "fc.weight"
// [classes, 2048, 1, 1], "fc.bias".
Graph InceptionGraph(const InceptionSizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_INCEPTION_NETWORK_H_
