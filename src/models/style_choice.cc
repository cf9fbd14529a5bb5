#include "models/style_choice.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/random.h"

namespace gan::core {
namespace {

using Replacements = std::map<std::string, Tensor, std::less<>>;

void Truncate(const StyleChoice& choice, const StyleControls& controls, Replacements& out) {
  if (choice.truncation == 1) return;
  if (controls.truncations.empty()) {
    Fail(ErrorCode::kUsage, "truncation",
         "wants the average style, which this file does not hold: leave it out");
  }
  const auto layers = static_cast<int64_t>(controls.truncations.size());
  const int64_t count = choice.cutoff == 0 ? layers : std::min(choice.cutoff, layers);
  for (int64_t i = 0; i < count; ++i) {
    Tensor psi(DType::kF32, {1, 1});
    psi.floats()[0] = static_cast<float>(choice.truncation);
    out.insert_or_assign(controls.truncations[static_cast<size_t>(i)], std::move(psi));
  }
}

void ChooseNoise(const StyleChoice& choice, const Model& model, Replacements& out) {
  const StyleControls& controls = *model.style;
  if (choice.noise == StyleNoise::kOff) {
    for (const std::string& name : controls.strengths) {
      out.insert_or_assign(name, Tensor::Zeros(DType::kF32, model.parameters.At(name).shape()));
    }
  }
  if (choice.noise != StyleNoise::kRandom) return;
  Random random(choice.seed);
  for (const std::string& name : controls.noises) {
    Tensor noise(DType::kF32, model.parameters.At(name).shape());
    random.FillNormal(noise.floats());
    out.insert_or_assign(name, std::move(noise));
  }
}

}  // namespace

void ApplyStyleChoice(const StyleChoice& choice, Model& model) {
  if (!model.style) {
    Fail(ErrorCode::kUsage, "style", "{} has no styles: truncation and noise are StyleGAN's",
         model.description);
  }
  if (!std::isfinite(choice.truncation) || choice.cutoff < 0) {
    Fail(ErrorCode::kUsage, "truncation",
         "wants a finite number and a cutoff of at least 0, got {} and {}", choice.truncation,
         choice.cutoff);
  }
  Replacements replacements;
  Truncate(choice, *model.style, replacements);
  ChooseNoise(choice, model, replacements);
  NamedTensors parameters;
  for (const auto& [name, tensor] : model.parameters) {
    const auto found = replacements.find(name);
    parameters.Add(name, found == replacements.end() ? tensor : found->second);
  }
  model.parameters = std::move(parameters);
}

}  // namespace gan::core
