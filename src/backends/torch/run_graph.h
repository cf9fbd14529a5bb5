// Runs a graph in LibTorch, under autograd or without it.
#ifndef GAN_BACKENDS_TORCH_RUN_GRAPH_H_
#define GAN_BACKENDS_TORCH_RUN_GRAPH_H_

#include <ATen/ATen.h>

#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "backends/torch/run_options.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core::torch_backend {

// A graph's parameters by name: f32 leaves, which may require gradients.
using ParameterTensors = std::unordered_map<std::string, at::Tensor>;

// Copies of the graph's parameters as f32 on `device`. Error kBadData as CheckParameters has it.
ParameterTensors ParametersOf(const Graph& graph, const NamedTensors& tensors, at::Device device);

// A graph that runs many times: what does not change from run to run is worked out once.
//
// Thread safety: any number of runs at a time; those that update one parameter's moving statistics
// must be one after another.
class GraphRunner {
 public:
  explicit GraphRunner(Graph graph);
  const Graph& graph() const { return graph_; }

  // The graph's outputs for these inputs (f32, in the graph's order, on the parameters' device).
  // Every parameter of the graph must stand in `parameters`. Each result is let go once the last
  // node has read it, save for what autograd keeps. A training run changes the parameters that
  // BufferNames gives, and no others. Everything can be differentiated twice.
  //
  // Error kBadData when sizes do not fit, c10::Error from ATen.
  std::vector<at::Tensor> Run(const ParameterTensors& parameters,
                              std::span<const at::Tensor> inputs,
                              const RunOptions& options = {}) const;

 private:
  void RequireSizesThatFit(std::span<const at::Tensor> inputs) const;

  Graph graph_;
  std::vector<ValueId> parameters_;
  std::vector<std::vector<ValueId>> released_;  // by node: the values that it is the last to read
  mutable std::mutex mutex_;
  mutable std::vector<std::vector<Shape>> fitting_;  // sizes of inputs that were checked
};

// A single run.
std::vector<at::Tensor> RunGraph(const Graph& graph, const ParameterTensors& parameters,
                                 std::span<const at::Tensor> inputs,
                                 const RunOptions& options = {});

}  // namespace gan::core::torch_backend

#endif  // GAN_BACKENDS_TORCH_RUN_GRAPH_H_
