#include "tests/conformance/oracle.h"

#include "backends/cpu/backend.h"
#include "kernels/target.h"
#include "runtime/plugin.h"

namespace gan::core::conformance {

// A build that should have LibTorch and cannot load it fails here, rather than test less.
Oracle::Oracle() : torch_(GAN_HAS_TORCH ? LoadBackendPlugin("torch", {.threads = 1}) : nullptr) {}

std::vector<Tensor> Oracle::Run(const Graph& graph, const NamedTensors& parameters,
                                std::span<const Tensor> inputs) {
  if (torch_) return RunOnce(*torch_->Compile(graph, parameters), inputs);
  ThreadPool pool(1);
  return RunOnCpu("reference", pool, graph, parameters, inputs);
}

std::vector<Tensor> RunOnCpu(const std::string& target, ThreadPool& pool, const Graph& graph,
                             const NamedTensors& parameters, std::span<const Tensor> inputs) {
  kernels::SetTarget(target);
  const std::unique_ptr<Backend> backend = MakeCpuBackend(pool);
  std::vector<Tensor> outputs = RunOnce(*backend->Compile(graph, parameters), inputs);
  kernels::SetTarget("auto");
  return outputs;
}

}  // namespace gan::core::conformance
