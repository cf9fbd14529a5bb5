#include "tasks/test_network.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace gan::core {
namespace {

constexpr int64_t kFeatures = 4;

Graph BuildGraph(const TestNetworkOptions& options) {
  GraphBuilder b("test");
  const int64_t unit = options.unshuffle;
  ValueId x = b.Input(
      "x", {Dim::Symbol("N"), options.channels, Dim::Symbol("H", unit), Dim::Symbol("W", unit)});
  int64_t channels = options.channels;
  const auto conv = [&](const std::string& name, int64_t out, int64_t padding) {
    const ValueId weight = b.Parameter(name, {out, channels, 3, 3});
    const Padding2d around{padding, padding, padding, padding};
    x = b.Add(Conv2d{.kernel = {3, 3}, .padding = around}, {x, weight});
    channels = out;
  };
  if (unit > 1) {
    x = b.Add(PixelUnshuffle{unit}, {x});
    channels *= unit * unit;
  }
  for (int64_t i = 0; i < options.layers; ++i) {
    conv("body." + std::to_string(i), kFeatures, options.valid ? 0 : 1);
  }
  x = b.Add(Resize{.num = {options.scale * unit, options.scale * unit}}, {x});
  conv("last", options.channels, 1);
  return b.Finish({x});
}

// Weights that sum to 1 over their inputs, none alike, so that a flat picture stays about flat.
Tensor RandomWeights(const Shape& shape, Random& random) {
  Tensor weights(DType::kF32, shape);
  random.FillUniform(weights.floats(), 0.1f, 1.9f);
  const float inputs = static_cast<float>(shape[1] * 9);
  for (float& weight : weights.floats()) weight /= inputs;
  return weights;
}

// out[y][x] += weight * in[y + dy][x + dx] where that exists. Planes of a picture [1, C, H, W].
void AddShifted(float weight, int64_t dy, int64_t dx, const float* in, const Shape& in_shape,
                float* out, const Shape& out_shape) {
  const int64_t width = in_shape[3];
  for (int64_t y = std::max<int64_t>(-dy, 0); y < std::min(out_shape[2], in_shape[2] - dy); ++y) {
    for (int64_t x = std::max<int64_t>(-dx, 0); x < std::min(out_shape[3], width - dx); ++x) {
      out[y * out_shape[3] + x] += weight * in[(y + dy) * width + x + dx];
    }
  }
}

Tensor Apply(const Conv2d& op, const Tensor& x, const Tensor& weight, const Shape& out_shape) {
  Tensor out = Tensor::Zeros(DType::kF32, out_shape);
  const float* weights = weight.floats().data();
  for (int64_t o = 0; o < out_shape[1]; ++o) {
    for (int64_t tap = 0; tap < x.shape()[1] * 9; ++tap) {
      AddShifted(*weights++, tap % 9 / 3 - op.padding.top, tap % 3 - op.padding.left,
                 x.floats().data() + tap / 9 * x.shape()[2] * x.shape()[3], x.shape(),
                 out.floats().data() + o * out_shape[2] * out_shape[3], out_shape);
    }
  }
  return out;
}

Tensor Apply(const Resize& op, const Tensor& x, const Shape& out_shape) {
  Tensor out(DType::kF32, out_shape);
  const int64_t height = out_shape[2], width = out_shape[3];
  for (int64_t i = 0; i < out_shape.elements(); ++i) {
    const int64_t c = i / (height * width), y = i / width % height, z = i % width;
    const int64_t from = (c * x.shape()[2] + y / op.num.h) * x.shape()[3] + z / op.num.w;
    out.floats()[static_cast<size_t>(i)] = x.floats()[static_cast<size_t>(from)];
  }
  return out;
}

Tensor Apply(const PixelUnshuffle& op, const Tensor& x, const Shape& out_shape) {
  Tensor out(DType::kF32, out_shape);
  const int64_t height = out_shape[2], width = out_shape[3], f = op.factor;
  for (int64_t i = 0; i < out_shape.elements(); ++i) {
    const int64_t plane = i / (height * width), y = i / width % height, z = i % width;
    const int64_t c = plane / (f * f), dy = plane / f % f, dx = plane % f;
    const int64_t from = (c * x.shape()[2] + y * f + dy) * x.shape()[3] + z * f + dx;
    out.floats()[static_cast<size_t>(i)] = x.floats()[static_cast<size_t>(from)];
  }
  return out;
}

}  // namespace

TestNetwork::TestNetwork(const TestNetworkOptions& options)
    : options_(options), graph_(BuildGraph(options)) {
  Random random(7);
  for (const Value& value : graph_.values) {
    if (value.kind != ValueKind::kParameter) continue;
    parameters_.Add(value.name, RandomWeights(Evaluate(value.shape, {}), random));
  }
}

MemoryUse TestNetwork::Memory(const Bindings& bindings) const {
  uint64_t largest = 0;
  for (const Shape& shape : ConcreteShapes(graph_, bindings)) {
    largest = std::max(largest, static_cast<uint64_t>(shape.elements()) * sizeof(float));
  }
  return {.activations = 2 * largest};
}

void TestNetwork::Run(std::span<const ConstTensorView> inputs,
                      std::span<const TensorView> outputs) {
  ++runs_;
  const std::vector<Shape> shapes = ConcreteShapes(graph_, BindInputs(graph_, {inputs[0].shape}));
  Tensor x(DType::kF32, inputs[0].shape);
  CopyElements(inputs[0], x.view());
  const bool breaks =
      std::ranges::any_of(x.floats(), [&](float value) { return value > options_.breaks_above; });
  for (const Node& node : graph_.nodes) {
    const Shape& shape = shapes[Index(node.output)];
    if (const auto* conv = std::get_if<Conv2d>(&node.op)) {
      x = Apply(*conv, x, parameters_.At(graph_.value(node.inputs[1]).name), shape);
    } else if (const auto* resize = std::get_if<Resize>(&node.op)) {
      x = Apply(*resize, x, shape);
    } else {
      x = Apply(std::get<PixelUnshuffle>(node.op), x, shape);
    }
  }
  for (float& value : x.floats()) value += options_.bias;
  if (breaks) x.floats()[0] = std::numeric_limits<float>::quiet_NaN();
  CopyElements(x.view(), outputs[0]);
}

}  // namespace gan::core
