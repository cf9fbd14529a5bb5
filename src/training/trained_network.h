// A network while it is trained: its graph, its parameters, what autograd sees of them.
#ifndef GAN_TRAINING_TRAINED_NETWORK_H_
#define GAN_TRAINING_TRAINED_NETWORK_H_

#include <ATen/ATen.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backends/torch/run_graph.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"
#include "training/flat_parameters.h"
#include "training/spectral_norm.h"

namespace gan::core {

// Parameters are trained; buffers (the running statistics of batch norms) are only updated.
// Not thread-safe.
class TrainedNetwork {
 public:
  struct Options {
    bool spectral_norm = false;  // on every convolution and linear layer but embeddings
    uint64_t seed = 0;           // of the power iterations' first vectors
    at::Device device = at::kCPU;
  };
  TrainedNetwork(Graph graph, const NamedTensors& initial, const Options& options);

  const Graph& graph() const { return runner_.graph(); }
  FlatParameters& parameters() { return parameters_; }
  const FlatParameters& parameters() const { return parameters_; }

  // Makes the weights that Run() uses, once before the runs of a phase: parameters that are trained
  // require gradients, others do not and cost none. `iterate`: a step of the power iterations.
  void Prepare(bool trained, bool iterate);

  // Output 0 for these inputs.
  at::Tensor Run(std::span<const at::Tensor> inputs,
                 const torch_backend::RunOptions& options) const;

  // The parameters and buffers as a generator is saved: spectral norms folded in. With `average`, a
  // block like parameters().values(), in place of the parameters.
  NamedTensors Export(const at::Tensor& average = {}) const;

  // What is not in parameters(): buffers and power iterations' vectors, by name.
  std::map<std::string, at::Tensor> Buffers() const;
  void RestoreBuffers(const std::map<std::string, at::Tensor>& buffers);

 private:
  torch_backend::GraphRunner runner_;
  FlatParameters parameters_;
  std::map<std::string, at::Tensor> buffers_;
  std::map<std::string, SpectralNorm> norms_;  // by parameter
  torch_backend::ParameterTensors prepared_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_TRAINED_NETWORK_H_
