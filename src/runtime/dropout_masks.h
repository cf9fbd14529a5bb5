// Dropout while a network runs, as in training: for generators that were trained to be used so,
// whose results vary by it alone. (Isola et al. 2017, "Image-to-image translation with conditional
// adversarial networks", section 2.1)
#ifndef GAN_RUNTIME_DROPOUT_MASKS_H_
#define GAN_RUNTIME_DROPOUT_MASKS_H_

#include <cstdint>
#include <memory>

#include "runtime/backend.h"

namespace gan::core {

// Whether some node leaves numbers out in training.
bool HasDropout(const Graph& graph);

// The network with every dropout at work. graph() is `graph` itself; each dropout is a product with
// a mask of 0 and 1 / (1 - probability), which takes as much memory as what it is applied to.
//
// A mask is a function of `seed`, of which dropout of the graph it is, and of each number's picture
// in the batch, channel, row and column (n, c, y, x), from where PlaceAt() says: the same for any
// backend, number of threads and split into tiles. For the k-th dropout, all counted from 0, with
// mix(x) the last steps of SplitMix64 (Steele et al. 2014) and g = 0x9e3779b97f4a7c15:
//
//   dropout = mix(seed + g (k+1)), picture = mix(dropout + g (n+1)),
//   channel = mix(picture + g (c+1)), row = mix(channel + g (y+1)), number = mix(row + g (x+1))
//
// One is left out where the upper 24 bits of `number` are below probability * 2^24. Where whole
// channels are left out, row and column are 0.
//
// Requires HasDropout(graph).
std::unique_ptr<Executable> CompileWithDropout(Backend& backend, const Graph& graph,
                                               NamedTensors parameters, uint64_t seed);

}  // namespace gan::core

#endif  // GAN_RUNTIME_DROPOUT_MASKS_H_
