#include "models/mixture.h"

#include <cmath>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

void RequireSame(const MixturePart& first, const MixturePart& other) {
  if (ToString(first.model.graph) == ToString(other.model.graph)) return;
  Fail(ErrorCode::kBadData, "model", "cannot mix {} ({}) with {} ({}): wants two of one shape",
       Printable(first.name), first.model.description, Printable(other.name),
       other.model.description);
}

Tensor Sum(const std::vector<MixturePart>& parts, const std::string& name) {
  const Tensor& first = parts[0].model.parameters.At(name);
  if (parts.size() == 1 && parts[0].weight == 1) return first;
  std::vector<double> sum(first.floats().size());
  for (const MixturePart& part : parts) {
    const Tensor& tensor = part.model.parameters.At(name);
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += part.weight * tensor.floats()[i];
  }
  Tensor out(DType::kF32, first.shape());
  for (size_t i = 0; i < sum.size(); ++i) out.floats()[i] = static_cast<float>(sum[i]);
  return out;
}

}  // namespace

Model Mix(std::vector<MixturePart> parts) {
  GAN_ASSERT(parts.size() >= 2);
  std::string mixture;
  for (const MixturePart& part : parts) {
    if (!std::isfinite(part.weight)) {
      Fail(ErrorCode::kUsage, "model", "wants a finite weight for {}, got {}", Printable(part.name),
           part.weight);
    }
    RequireSame(parts[0], part);
    mixture +=
        fmt::format("{}{} x {:g}", mixture.empty() ? "" : ", ", Printable(part.name), part.weight);
  }
  std::erase_if(parts, [](const MixturePart& part) { return part.weight == 0; });
  if (parts.empty()) Fail(ErrorCode::kUsage, "model", "wants a weight that is not 0");
  Model model = parts[0].model;
  model.parameters = NamedTensors();
  for (const auto& [name, tensor] : parts[0].model.parameters) {
    model.parameters.Add(name, Sum(parts, name));
  }
  model.facts.push_back({"mixture of", mixture});
  return model;
}

}  // namespace gan::core
