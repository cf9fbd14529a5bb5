// What the CPU engine is compared with.
#ifndef GAN_TESTS_CONFORMANCE_ORACLE_H_
#define GAN_TESTS_CONFORMANCE_ORACLE_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "graph/graph.h"
#include "runtime/backend.h"

namespace gan::core::conformance {

// LibTorch where this build has it; else the CPU engine's plain loops.
class Oracle {
 public:
  Oracle();
  std::string name() const { return torch_ ? torch_->target() : "cpu, reference"; }
  // Runs on the reference target and then chooses the fastest again where it is not LibTorch.
  std::vector<Tensor> Run(const Graph& graph, const NamedTensors& parameters,
                          std::span<const Tensor> inputs);

 private:
  std::unique_ptr<Backend> torch_;  // null in a build without it
};

// The CPU engine on one of its targets.
std::vector<Tensor> RunOnCpu(const std::string& target, ThreadPool& pool, const Graph& graph,
                             const NamedTensors& parameters, std::span<const Tensor> inputs);

}  // namespace gan::core::conformance

#endif  // GAN_TESTS_CONFORMANCE_ORACLE_H_
