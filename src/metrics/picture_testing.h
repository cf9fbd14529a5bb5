// Pictures and a small network that looks at them. For tests.
#ifndef GAN_METRICS_PICTURE_TESTING_H_
#define GAN_METRICS_PICTURE_TESTING_H_

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "metrics/picture_source.h"
#include "models/feature_model.h"

namespace gan::core {

// [N, channels, side, side] -> 6 features of 3 classes, with fixed random weights.
inline FeatureModel SmallFeatureModel(int64_t channels = 1, int64_t side = 12) {
  GraphBuilder graph("small");
  ValueId x = graph.Input("input", {Dim::Symbol("N"), channels, side, side});
  const auto conv = [&](const std::string& name, int64_t outputs, int64_t kernel, int64_t stride) {
    const int64_t inputs = graph.ShapeOf(x)[1].constant();
    const ValueId weight = graph.Parameter(name, {outputs, inputs, kernel, kernel});
    return graph.Add(Conv2d{.kernel = {kernel, kernel}, .stride = {stride, stride}}, {x, weight});
  };
  x = graph.Add(Activation{ActivationKind::kRelu}, {conv("first", 8, 3, 2)});
  x = graph.Add(GlobalPool{}, {conv("second", 6, 3, 1)});
  FeatureModel model{"small-1", graph.Finish({x, conv("third", 3, 1, 1)}), {}};
  Random random(11);
  for (const Value& value : model.graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    Tensor tensor(DType::kF32, Evaluate(value.shape, {}));
    random.FillNormal(tensor.floats(), 0.3f);
    model.parameters.Add(value.name, tensor);
  }
  return model;
}

// Stripes of random direction, width and phase: `seed` chooses another set of the same kind, and
// `contrast` another kind.
inline PictureSource Stripes(uint64_t seed, float contrast = 1, int64_t channels = 1,
                             int64_t side = 12) {
  return [=](int64_t first, int64_t count) {
    Tensor out(DType::kF32, {count, channels, side, side});
    float* to = out.floats().data();
    for (int64_t n = first; n < first + count; ++n) {
      Random random(seed * 1'000'003 + static_cast<uint64_t>(n));
      for (int64_t c = 0; c < channels; ++c) {
        const double turn = random.Uniform() * 3, width = 0.3 + random.Uniform(),
                     phase = random.Uniform() * 6;
        for (int64_t i = 0; i < side * side; ++i) {
          const double along = std::cos(turn) * static_cast<double>(i / side) +
                               std::sin(turn) * static_cast<double>(i % side);
          *to++ = contrast * static_cast<float>(std::sin(along * width + phase));
        }
      }
    }
    return out;
  };
}

}  // namespace gan::core

#endif  // GAN_METRICS_PICTURE_TESTING_H_
