// Which parameters of a graph are statistics, that training counts and does not learn.
#ifndef GAN_GRAPH_BUFFERS_H_
#define GAN_GRAPH_BUFFERS_H_

#include <string>
#include <vector>

#include "graph/graph.h"

namespace gan::core {

// The names of the moving means and variances of batch normalisation, each once, in the order of
// the nodes that read them.
std::vector<std::string> BufferNames(const Graph& graph);

}  // namespace gan::core

#endif  // GAN_GRAPH_BUFFERS_H_
