// In which order nodes run.
#ifndef GAN_BACKENDS_CPU_NODE_ORDER_H_
#define GAN_BACKENDS_CPU_NODE_ORDER_H_

#include <cstddef>
#include <vector>

#include "graph/graph.h"

namespace gan::core {

bool IsConvolution(const Node& node);  // transposed ones too

// The numbers of the nodes with those first that depend on no convolution, each part in the order
// of the graph: what a generator computes from its latent (styles, demodulation) then stands in no
// stretch of convolutions. What enlarges a picture comes just before the first node that reads it,
// so that the large one is not held meanwhile.
std::vector<size_t> RunningOrder(const Graph& graph);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_NODE_ORDER_H_
