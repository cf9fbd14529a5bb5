// When each value of a graph is made and last read.
#ifndef GAN_RUNTIME_LIFETIMES_H_
#define GAN_RUNTIME_LIFETIMES_H_

#include <vector>

#include "graph/graph.h"

namespace gan::core {

struct ValueLifetime {
  int made = -1;       // index of the node that makes it, -1 for inputs and parameters
  int last_read = -1;  // index of the last node that reads it; the node count for outputs
};

// One a value, by Index(id).
std::vector<ValueLifetime> LifetimesOf(const Graph& graph);

}  // namespace gan::core

#endif  // GAN_RUNTIME_LIFETIMES_H_
