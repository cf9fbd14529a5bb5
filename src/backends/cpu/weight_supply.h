// The weights of a graph while it is bound to kernels.
#ifndef GAN_BACKENDS_CPU_WEIGHT_SUPPLY_H_
#define GAN_BACKENDS_CPU_WEIGHT_SUPPLY_H_

#include <vector>

#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// Keeps no weight that every node which reads it has been given: large ones are packed anew, and
// both forms of all of them would take twice the memory of the checkpoint.
class WeightSupply {
 public:
  // Requires CheckParameters to hold.
  WeightSupply(const Graph& graph, NamedTensors parameters);

  // Input i of a node of the graph, f32; no memory where the node has no such input. To be asked
  // for once. Requires a parameter to stand there.
  Tensor Take(const Node& node, size_t i);

 private:
  std::vector<Tensor> tensors_;  // by value
  std::vector<int> readers_;     // of each, that are still to come
};

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_WEIGHT_SUPPLY_H_
