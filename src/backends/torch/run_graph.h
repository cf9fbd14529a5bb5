// Runs a graph in LibTorch, under autograd or without it.
#ifndef GAN_BACKENDS_TORCH_RUN_GRAPH_H_
#define GAN_BACKENDS_TORCH_RUN_GRAPH_H_

#include <ATen/ATen.h>

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core::torch_backend {

// A graph's parameters by name: f32 leaves, which may require gradients.
using ParameterTensors = std::unordered_map<std::string, at::Tensor>;

// Copies of the graph's parameters as f32 on `device`. Error kBadData as CheckParameters has it.
ParameterTensors ParametersOf(const Graph& graph, const NamedTensors& tensors, at::Device device);

// The graph's outputs for these inputs (f32, in the graph's order, on the parameters' device).
// Every parameter of the graph must stand in `parameters`. Each result is let go once the last
// node has read it, save for what autograd keeps.
//
// Error kBadData when sizes do not fit, c10::Error from ATen.
// Thread safety: any number at a time.
std::vector<at::Tensor> RunGraph(const Graph& graph, const ParameterTensors& parameters,
                                 std::span<const at::Tensor> inputs);

}  // namespace gan::core::torch_backend

#endif  // GAN_BACKENDS_TORCH_RUN_GRAPH_H_
