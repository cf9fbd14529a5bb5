#include "tasks/test_generator.h"

#include <algorithm>

namespace gan::core {

TestGenerator::TestGenerator(const TestGeneratorOptions& options) : options_(options) {
  GraphBuilder b("test generator");
  const Dim n = Dim::Symbol("N");
  const int64_t elements = options.channels * options.side * options.side;
  ValueId x =
      options.pixel ? b.Input("z", {n, options.latent, 1, 1}) : b.Input("z", {n, options.latent});
  if (options.pixel) x = b.Add(Reshape{{options.latent}}, {x});
  if (options.classes > 0) {
    x = b.Add(Concat{}, {x, b.Input("labels", {n, options.classes})});
  }
  x = b.Add(Linear{}, {x, b.Parameter("weight", {elements, options.latent + options.classes})});
  graph_ = b.Finish({b.Add(Reshape{{options.channels, options.side, options.side}}, {x})});
}

MemoryUse TestGenerator::Memory(const Bindings& bindings) const {
  return {.activations = options_.bytes_a_picture * static_cast<uint64_t>(bindings.at("N"))};
}

void TestGenerator::Run(std::span<const ConstTensorView> inputs,
                        std::span<const TensorView> outputs) {
  const int64_t count = inputs[0].shape[0], elements = outputs[0].shape.elements() / count;
  largest_batch_ = std::max(largest_batch_, count);
  for (int64_t n = 0; n < count; ++n, ++made_) {
    const float* z = Floats(inputs[0]) + n * options_.latent;
    float* out = Floats(outputs[0]) + n * elements;
    for (int64_t e = 0; e < elements; ++e) out[e] = z[e % options_.latent] / 8;
    if (options_.classes > 0) {
      const float* labels = Floats(inputs[1]) + n * options_.classes;
      out[0] = 0;
      for (int64_t k = 0; k < options_.classes; ++k) {
        out[0] += labels[k] * static_cast<float>(k) / 16;
      }
    }
    if (made_ == options_.breaks_at) out[0] = std::numeric_limits<float>::quiet_NaN();
  }
}

}  // namespace gan::core
