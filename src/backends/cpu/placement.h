// Which memory each result of a run uses: a place in the shared block, or a caller's output.
#ifndef GAN_BACKENDS_CPU_PLACEMENT_H_
#define GAN_BACKENDS_CPU_PLACEMENT_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "graph/graph.h"

namespace gan::core {

struct Placement {
  static constexpr int kBlock = -1;
  struct Place {
    int output = kBlock;  // position among the graph's outputs, or kBlock
    uint64_t offset = 0;  // in the block
  };
  std::vector<Place> places;  // one a value; meaningful for results only
  uint64_t bytes = 0;         // of the block
};

// may_overwrite(node, input): the node's output may take that input's memory. It does when nothing
// reads the input later and both have as many elements.
Placement PlaceResults(const Graph& graph, const std::vector<Shape>& shapes,
                       const std::function<bool(size_t node, size_t input)>& may_overwrite);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_PLACEMENT_H_
