// A graph bound to kernels, with its memory planned for the sizes it last ran at.
#ifndef GAN_BACKENDS_CPU_EXECUTABLE_H_
#define GAN_BACKENDS_CPU_EXECUTABLE_H_

#include <memory>
#include <string>
#include <vector>

#include "backends/cpu/cpu_op.h"
#include "backends/cpu/passes.h"
#include "backends/cpu/placement.h"
#include "backends/cpu/weight_supply.h"
#include "runtime/backend.h"

namespace gan::core {

class CpuExecutable : public Executable {
 public:
  CpuExecutable(const Graph& graph, NamedTensors parameters, ThreadPool& pool,
                const CpuPasses& passes);

  const Graph& graph() const override { return graph_; }
  Grain GrainOf(size_t node) const override { return grains_[node]; }
  std::string Describe() const override { return description_; }
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

  void BindNode(const Node& node, WeightSupply& weights);

  Graph graph_;
  // The same values and what runs: a stretch on rows is one node, its last one, that reads what the
  // stretch reads. The values inside it are made by nothing.
  Graph joined_;
  std::vector<std::unique_ptr<CpuOp>> ops_;  // one a node of joined_
  std::string description_;
  std::vector<Grain> grains_;  // one a node of graph_
  uint64_t parameter_bytes_ = 0, packed_bytes_ = 0;
  ThreadPool& pool_;
  Bindings planned_for_;
  Plan plan_;
  Tensor block_;  // activations, then workspace
};

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_EXECUTABLE_H_
