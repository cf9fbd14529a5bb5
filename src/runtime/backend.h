// What can run a graph: the CPU engine, LibTorch.
#ifndef GAN_RUNTIME_BACKEND_H_
#define GAN_RUNTIME_BACKEND_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "graph/footprint.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"
#include "tensor/tensor.h"

namespace gan::core {

// Bytes that running a graph takes beside its inputs and outputs, known before anything is
// allocated. 0 where a backend cannot tell.
struct MemoryUse {
  uint64_t parameters = 0;   // weights, as packed
  uint64_t packed = 0;       // of these, what is not memory of the tensors given
  uint64_t activations = 0;  // results between nodes, at their peak
  uint64_t workspace = 0;    // scratch of single ops, at its peak
  uint64_t total() const { return parameters + activations + workspace; }
};

// A graph with its weights, ready to run at any size its symbols allow.
//
// Thread safety: one Run() or PlaceAt() at a time; Memory() any time.
class Executable {
 public:
  virtual ~Executable() = default;

  virtual const Graph& graph() const = 0;
  // What a node makes together; see graph/footprint.h.
  virtual Grain GrainOf(size_t /*node*/) const { return {}; }
  // What runs, one line a step: which kernel, what was fused, and why a faster way was declined.
  // Empty where a backend does not tell.
  virtual std::string Describe() const { return ""; }
  virtual MemoryUse Memory(const Bindings& bindings) const = 0;

  // Where the pictures of the next runs begin in a larger one, in its pixels, of which they are
  // tiles: for networks whose results depend on the place (dropout_masks.h).
  virtual void PlaceAt(int64_t /*y*/, int64_t /*x*/) {}

  // Inputs and outputs in the graph's order: f32, contiguous, outputs sized by the caller.
  // Error kBadData when sizes do not fit. What comes out may hold NaN or infinity: the caller
  // checks.
  virtual void Run(std::span<const ConstTensorView> inputs,
                   std::span<const TensorView> outputs) = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual std::string name() const = 0;    // "cpu", "torch"
  virtual std::string target() const = 0;  // "avx2", "LibTorch 1.13.1, cpu"

  // Takes what it needs from `parameters` (CheckParameters must hold). Those that nobody else holds
  // go as they are packed.
  virtual std::unique_ptr<Executable> Compile(const Graph& graph, NamedTensors parameters) = 0;
};

// Runs once and gives the outputs new memory. For tests and single runs.
std::vector<Tensor> RunOnce(Executable& executable, std::span<const Tensor> inputs);

}  // namespace gan::core

#endif  // GAN_RUNTIME_BACKEND_H_
