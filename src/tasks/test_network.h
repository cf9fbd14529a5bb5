// A small network that tests run without a backend: plain loops over the few ops it is made of.
#ifndef GAN_TASKS_TEST_NETWORK_H_
#define GAN_TASKS_TEST_NETWORK_H_

#include <cstdint>
#include <limits>

#include "runtime/backend.h"

namespace gan::core {

// [unshuffle,] `layers` 3x3 convolutions, nearest enlargement, one more 3x3 convolution.
struct TestNetworkOptions {
  int64_t channels = 3;
  int64_t scale = 2;
  int64_t unshuffle = 1;
  int64_t layers = 2;
  bool valid = false;  // the first convolutions without padding: a margin of `layers`
  float bias = 0;      // of the last convolution
  // An input sample above this makes the output NaN.
  float breaks_above = std::numeric_limits<float>::infinity();
};

class TestNetwork : public Executable {
 public:
  explicit TestNetwork(const TestNetworkOptions& options);

  const Graph& graph() const override { return graph_; }
  MemoryUse Memory(const Bindings& bindings) const override;
  void Run(std::span<const ConstTensorView> inputs, std::span<const TensorView> outputs) override;

  int64_t runs() const { return runs_; }

 private:
  TestNetworkOptions options_;
  Graph graph_;
  NamedTensors parameters_;
  int64_t runs_ = 0;
};

}  // namespace gan::core

#endif  // GAN_TASKS_TEST_NETWORK_H_
