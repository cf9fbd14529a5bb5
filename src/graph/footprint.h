// Which part of the input a part of the output depends on: what exact tiles are cut by.
#ifndef GAN_GRAPH_FOOTPRINT_H_
#define GAN_GRAPH_FOOTPRINT_H_

#include <cstdint>
#include <functional>

#include "graph/graph.h"

namespace gan::core {

// Pixels [begin, end) along one axis; may reach outside the picture, where padding stands.
struct Interval {
  int64_t begin = 0;
  int64_t end = 0;
  bool operator==(const Interval&) const = default;
};

struct Footprint {
  Interval input;
  // Some op looks at the whole picture (a global mean, say): no part of the input is enough.
  bool everything = false;
};

// How many neighbouring pixels along an axis a node makes together, beginning at multiples of that:
// each then depends, if only in its last bits, on all that they read. And how many pixels they read
// beyond those that the op itself reads.
struct Grain {
  int64_t step = 1;
  int64_t beyond = 0;
};
using GrainOfNode = std::function<Grain(size_t node)>;  // by index of the node

// The input pixels of graph.inputs[0] that output pixels `output` of graph.outputs[0] depend on.
// Requires both to be pictures [N, C, H, W] and output not empty.
Footprint FootprintOf(const Graph& graph, SpatialAxis axis, Interval output,
                      const GrainOfNode& grain = nullptr);

}  // namespace gan::core

#endif  // GAN_GRAPH_FOOTPRINT_H_
