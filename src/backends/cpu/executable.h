// A graph bound to kernels, with its memory planned for the sizes it last ran at.
#ifndef GAN_BACKENDS_CPU_EXECUTABLE_H_
#define GAN_BACKENDS_CPU_EXECUTABLE_H_

#include <memory>
#include <vector>

#include "backends/cpu/cpu_op.h"
#include "backends/cpu/placement.h"
#include "runtime/backend.h"

namespace gan::core {

class CpuExecutable : public Executable {
 public:
  CpuExecutable(const Graph& graph, const NamedTensors& parameters, ThreadPool& pool);

  const Graph& graph() const override { return graph_; }
  MemoryUse Memory(const Bindings& bindings) const override;
  void Run(std::span<const ConstTensorView> inputs, std::span<const TensorView> outputs) override;

 private:
  // Everything that depends on sizes.
  struct Plan {
    std::vector<Shape> shapes;
    Placement placement;
    uint64_t workspace = 0;
  };
  Plan MakePlan(const Bindings& bindings) const;
  void PrepareFor(const Bindings& bindings);
  std::byte* AddressOf(ValueId id, std::span<const TensorView> outputs);

  Graph graph_;
  std::vector<std::unique_ptr<CpuOp>> ops_;  // one a node
  uint64_t parameter_bytes_ = 0;
  ThreadPool& pool_;
  Bindings planned_for_;
  Plan plan_;
  Tensor block_;  // activations, then workspace
};

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_EXECUTABLE_H_
