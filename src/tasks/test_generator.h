// A generator that tests sample without a backend: it writes its latent and its class into the
// picture, where they can be read back.
#ifndef GAN_TASKS_TEST_GENERATOR_H_
#define GAN_TASKS_TEST_GENERATOR_H_

#include <cstdint>
#include <limits>

#include "runtime/backend.h"

namespace gan::core {

struct TestGeneratorOptions {
  int64_t latent = 4;
  int64_t classes = 0;
  int64_t channels = 1;
  int64_t side = 4;
  bool pixel = false;            // z is [N, latent, 1, 1]
  uint64_t bytes_a_picture = 0;  // that Memory() says
  int64_t breaks_at = -1;        // the picture of all runs that is NaN; -1: none
};

class TestGenerator : public Executable {
 public:
  explicit TestGenerator(const TestGeneratorOptions& options);

  const Graph& graph() const override { return graph_; }
  MemoryUse Memory(const Bindings& bindings) const override;
  // Element e of a picture is z[e % latent] / 8; but the first, with classes, is the class / 16, or
  // the mean of several by their weights.
  void Run(std::span<const ConstTensorView> inputs, std::span<const TensorView> outputs) override;

  int64_t largest_batch() const { return largest_batch_; }

 private:
  TestGeneratorOptions options_;
  Graph graph_;
  int64_t made_ = 0;
  int64_t largest_batch_ = 0;
};

}  // namespace gan::core

#endif  // GAN_TASKS_TEST_GENERATOR_H_
