#include "models/initialise.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "models/family.h"

namespace gan::core {
namespace {

// Elements of one kernel.
double Taps(const SymbolicShape& shape) {
  return static_cast<double>(shape[2].constant() * shape[3].constant());
}

struct Roles {
  const Graph& graph;
  const Node& node;
  std::vector<ParameterUse>& uses;

  const SymbolicShape& ShapeAt(size_t i) const { return graph.value(node.inputs[i]).shape; }
  double SizeAt(size_t i, size_t axis) const {
    return static_cast<double>(ShapeAt(i)[axis].constant());
  }
  void Set(size_t i, const ParameterUse& use) const {
    if (i >= node.inputs.size()) return;
    const ValueId id = node.inputs[i];
    if (graph.value(id).kind == ValueKind::kParameter) uses[Index(id)] = use;
  }

  void operator()(const Conv2d& op) const {
    const double taps = Taps(ShapeAt(1));
    Set(1, {ParameterRole::kConvolution, SizeAt(1, 1) * taps,
            SizeAt(1, 0) / static_cast<double>(op.groups) * taps});
    Set(2, {ParameterRole::kBias});
  }
  void operator()(const ConvTranspose2d& op) const {
    // Of an output pixel's window only every stride-th tap along each axis meets an input.
    const double taps = Taps(ShapeAt(1));
    const double met = taps / static_cast<double>(op.stride.h * op.stride.w);
    const bool single = ShapeAt(0)[2] == Dim(1) && ShapeAt(0)[3] == Dim(1);
    const double in = SizeAt(1, 0) / static_cast<double>(op.groups);
    Set(1, {ParameterRole::kTransposed, in * (single ? 1 : met), SizeAt(1, 1) * taps});
    Set(2, {ParameterRole::kBias});
  }
  void operator()(const Linear&) const {
    Set(1, {ParameterRole::kLinear, SizeAt(1, 1), SizeAt(1, 0)});
    Set(2, {ParameterRole::kBias});
  }
  void operator()(const BatchNorm&) const {
    const bool affine = node.inputs.size() == 5;
    if (affine) Set(1, {ParameterRole::kNormWeight});
    if (affine) Set(2, {ParameterRole::kNormBias});
    Set(affine ? 3 : 1, {ParameterRole::kMean});
    Set(affine ? 4 : 2, {ParameterRole::kVariance});
  }
  void operator()(const GroupNorm&) const {
    Set(1, {ParameterRole::kNormWeight});
    Set(2, {ParameterRole::kNormBias});
  }
  template <class Other>
  void operator()(const Other&) const {}
};

void FillAround(Tensor& tensor, const Start& start, Random& random) {
  if (start.one_hot) {
    const int64_t rows = tensor.shape()[0], columns = tensor.shape()[1];
    std::ranges::fill(tensor.floats(), 0.0f);
    // More columns than rows share them: training tells them apart.
    for (int64_t i = 0; i < columns; ++i) {
      tensor.floats()[static_cast<size_t>(i % rows * columns + i)] = 1;
    }
    return;
  }
  random.FillNormal(tensor.floats(), start.deviation);
  for (float& x : tensor.floats()) x += start.mean;
}

void FillWeight(Tensor& tensor, const ParameterUse& use, InitStyle style, Random& random) {
  const std::span<float> out = tensor.floats();
  switch (style) {
    case InitStyle::kFamily: GAN_ASSERT(false); return;
    case InitStyle::kNormal002: random.FillNormal(out, 0.02f); return;
    case InitStyle::kXavier: {
      const auto bound = static_cast<float>(std::sqrt(6 / (use.fan_in + use.fan_out)));
      random.FillUniform(out, -bound, bound);
      return;
    }
    case InitStyle::kHe:
    case InitStyle::kFixup:
      random.FillNormal(out, static_cast<float>(std::sqrt(2 / use.fan_in)));
      return;
    case InitStyle::kOrthogonal: {
      const int64_t rows = tensor.shape()[0];
      FillOrthogonal(out, rows, tensor.shape().elements() / rows, random);
      return;
    }
  }
  GAN_ASSERT(false);
}

// Requires zeros.
void FillByRole(Tensor& tensor, const ParameterUse& use, InitStyle style, Random& random) {
  switch (use.role) {
    case ParameterRole::kConvolution:
    case ParameterRole::kTransposed:
    case ParameterRole::kLinear: FillWeight(tensor, use, style, random); return;
    case ParameterRole::kNormWeight:
      FillAround(tensor, {1, style == InitStyle::kNormal002 ? 0.02f : 0.0f}, random);
      return;
    case ParameterRole::kVariance: FillAround(tensor, {1, 0}, random); return;
    case ParameterRole::kBias:
    case ParameterRole::kNormBias:
    case ParameterRole::kMean: return;
    case ParameterRole::kOther: break;
  }
  GAN_ASSERT(false);  // the family has to give such a parameter its start
}

// Residual branches start as nothing, and their weights small enough that the network's steps do
// not grow with its depth.
void ApplyFixup(Tensor& tensor, const BranchPlace& place, int64_t branches) {
  const double exponent = -1.0 / static_cast<double>(2 * place.length - 2);
  const auto scale =
      place.last ? 0.0f : static_cast<float>(std::pow(static_cast<double>(branches), exponent));
  for (float& x : tensor.floats()) x *= scale;
}

int64_t CountBranches(const Graph& graph, const PairFamily& family) {
  int64_t branches = 0;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    const auto place = family.branch(value.name);
    if (place && place->last) ++branches;
  }
  return branches;
}

const PairFamily& PairFamilyOf(std::string_view name) {
  for (const Family* family : Families()) {
    if (family->name == name && family->pair != nullptr) return *family->pair;
  }
  Fail(ErrorCode::kConfiguration, "network", "knows no family \"{}\" to train", Printable(name));
}

}  // namespace

std::vector<ParameterUse> UsesOfParameters(const Graph& graph) {
  std::vector<ParameterUse> uses(graph.values.size());
  for (const Node& node : graph.nodes) std::visit(Roles{graph, node, uses}, node.op);
  return uses;
}

NamedTensors InitialParameters(const Graph& graph, std::string_view family, InitStyle style,
                               uint64_t seed) {
  const PairFamily& pair = PairFamilyOf(family);
  if (style == InitStyle::kFamily) style = pair.style;
  const bool fixup = style == InitStyle::kFixup;
  if (fixup && pair.branch == nullptr) {
    Fail(ErrorCode::kConfiguration, family,
         "has no residual blocks for fixup initialisation; wants family, normal, xavier, he or "
         "orthogonal");
  }
  const int64_t branches = fixup ? CountBranches(graph, pair) : 0;
  const std::vector<ParameterUse> uses = UsesOfParameters(graph);
  Random random(seed);
  NamedTensors out;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    const Value& value = graph.values[i];
    if (value.kind != ValueKind::kParameter) continue;
    Tensor tensor = Tensor::Zeros(DType::kF32, Evaluate(value.shape, {}));
    if (const auto start = pair.start(value.name)) {
      FillAround(tensor, *start, random);
    } else {
      FillByRole(tensor, uses[i], style, random);
      const auto place = fixup ? pair.branch(value.name) : std::nullopt;
      if (place) ApplyFixup(tensor, *place, branches);
    }
    out.Add(value.name, std::move(tensor));
  }
  return out;
}

void FillOrthogonal(std::span<float> out, int64_t rows, int64_t columns, Random& random) {
  GAN_ASSERT(rows * columns == static_cast<int64_t>(out.size()));
  // Orthonormal vectors along the longer side: as many as the shorter has.
  const int64_t count = std::min(rows, columns);
  const auto length = static_cast<size_t>(std::max(rows, columns));
  std::vector<std::vector<double>> basis;
  const auto remove = [](std::vector<double>& v, const std::vector<double>& axis) {
    double along = 0;
    for (size_t i = 0; i < v.size(); ++i) along += v[i] * axis[i];
    for (size_t i = 0; i < v.size(); ++i) v[i] -= along * axis[i];
  };
  for (int64_t k = 0; k < count; ++k) {
    std::vector<double> v(length);
    for (double& x : v) x = random.Normal();
    for (const auto& axis : basis) remove(v, axis);
    double square = 0;
    for (const double x : v) square += x * x;
    for (double& x : v) x /= std::sqrt(square);
    basis.push_back(std::move(v));
  }
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) {
      const double x = rows <= columns ? basis[static_cast<size_t>(r)][static_cast<size_t>(c)]
                                       : basis[static_cast<size_t>(c)][static_cast<size_t>(r)];
      out[static_cast<size_t>(r * columns + c)] = static_cast<float>(x);
    }
  }
}

}  // namespace gan::core
