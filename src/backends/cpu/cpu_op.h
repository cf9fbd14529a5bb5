// A node of a graph made ready for the CPU: weights packed, kernel chosen.
#ifndef GAN_BACKENDS_CPU_CPU_OP_H_
#define GAN_BACKENDS_CPU_CPU_OP_H_

#include <cstdint>
#include <memory>
#include <span>

#include "base/thread_pool.h"
#include "graph/op.h"
#include "tensor/tensor.h"

namespace gan::core {

// What a node is run with. inputs[i] of a parameter is an empty view: the op took what it needs
// from it when it was bound.
struct CpuRun {
  std::span<const ConstTensorView> inputs;
  TensorView output;
  std::span<std::byte> workspace;  // WorkspaceBytes() of them, 64-byte aligned
  ThreadPool& pool;
};

class CpuOp {
 public:
  virtual ~CpuOp() = default;

  // Bytes held for good: packed weights, biases.
  virtual uint64_t ParameterBytes() const { return 0; }
  // Of these, those that are not the memory of a parameter.
  virtual uint64_t PackedBytes() const { return 0; }
  // Scratch for one run at these sizes; parameters' sizes stand among the inputs.
  virtual uint64_t WorkspaceBytes(std::span<const Shape> /*inputs*/, const Shape& /*output*/,
                                  int /*threads*/) const {
    return 0;
  }
  // Whether the output may take the memory of input i, when they have as many elements.
  virtual bool MayOverwrite(size_t /*input*/) const { return false; }

  virtual void Run(const CpuRun& run) const = 0;
};

// The parameters among a node's inputs, f32, by input position; nullptr where a result or an
// input of the graph stands. They go when the graph is compiled: keep a copy (copies share memory)
// or a packed form.
struct BindContext {
  std::span<const Tensor* const> parameters;
};

// One overload an op, in the file of the op's name.
#define GAN_OP(Type, file) \
  std::unique_ptr<CpuOp> BindCpu(const Type& op, const BindContext& context);
#include "graph/ops/ops.def"
#undef GAN_OP

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_CPU_OP_H_
