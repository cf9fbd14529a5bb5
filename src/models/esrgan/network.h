// The graph of ESRGAN's generator, from its sizes.
#ifndef GAN_MODELS_ESRGAN_NETWORK_H_
#define GAN_MODELS_ESRGAN_NETWORK_H_

#include <cstdint>

#include "graph/graph.h"

namespace gan::core {

struct EsrganSizes {
  int64_t in_channels = 3;  // of the picture, before pixel_unshuffle
  int64_t out_channels = 3;
  int64_t features = 64;
  int64_t growth = 32;  // channels that each convolution of a dense block adds
  int64_t blocks = 23;
  int64_t doublings = 2;  // nearest x2 and a convolution, each
  int64_t unshuffle = 1;  // the picture is folded by this first, so scale = 2^doublings / unshuffle
};

// [N, in, H, W] -> [N, out, H scale, W scale]; H and W multiples of `unshuffle`. Parameters are
// named as in BasicSR: "conv_first", "body.N.rdbK.convJ", "conv_body", "conv_upI", "conv_hr",
// "conv_last".
Graph EsrganGraph(const EsrganSizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_ESRGAN_NETWORK_H_
