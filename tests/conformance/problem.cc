#include "tests/conformance/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gan::core::conformance {
namespace {

Tensor RandomTensor(const Shape& shape, Random& random, float spread) {
  Tensor tensor(DType::kF32, shape);
  random.FillNormal(tensor.floats(), spread);
  return tensor;
}

}  // namespace

Problem MakeProblem(const Case& c, Random& random) {
  GraphBuilder builder("case");
  Problem problem;
  std::vector<ValueId> operands;
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    const std::span<const int64_t> sizes = c.inputs[i].sizes();
    operands.push_back(
        builder.Input(fmt::format("x{}", i), SymbolicShape(sizes.begin(), sizes.end())));
    problem.inputs.push_back(RandomTensor(c.inputs[i], random, c.spread));
  }
  for (size_t i = 0; i < c.parameters.size(); ++i) {
    const Shape& shape = c.parameters[i];
    const std::string name = fmt::format("w{}", i);
    operands.push_back(builder.Parameter(name, shape));
    const auto terms = static_cast<float>(shape.elements() / shape[0]);
    Tensor values = RandomTensor(shape, random, 1 / std::sqrt(terms));
    if (c.positive) {
      for (float& value : values.floats()) value = std::abs(value) + 0.1f;
    }
    problem.parameters.Add(name, std::move(values));
  }
  problem.graph = builder.Finish({builder.Add(c.op, operands)});
  return problem;
}

std::string Difference(const Tensor& got, const Tensor& wanted, float tolerance, float scale) {
  if (got.shape() != wanted.shape()) {
    return fmt::format("shape {}, wanted {}", got.shape().ToString(), wanted.shape().ToString());
  }
  const std::span<const float> a = got.floats(), b = wanted.floats();
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] - b[i]) <= tolerance * std::max(scale, std::abs(b[i]))) continue;
    return fmt::format("element {} of {}: {}, wanted {}", i, got.shape().ToString(), a[i], b[i]);
  }
  return "";
}

}  // namespace gan::core::conformance
