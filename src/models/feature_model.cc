#include "models/feature_model.h"

#include <array>

#include "base/error.h"
#include "models/glyph_classifier/glyph_classifier.h"
#include "models/inception/inception.h"

namespace gan::core {
namespace {

constexpr std::array kFamilies = {&kGlyphClassifier, &kInception};

}  // namespace

FeatureModel DetectFeatureModel(const NamedTensors& tensors) {
  const std::vector<StateDict> dicts = FindStateDicts(tensors);
  std::string reasons;
  for (const StateDict& dict : dicts) {
    for (const FeatureFamily* family : kFamilies) {
      const std::string against = family->against(dict);
      if (against.empty()) return family->detect(dict);
      reasons += fmt::format("; {}: {}", family->name, against);
    }
  }
  Fail(ErrorCode::kBadData, "features", "wants the weights of a network that describes pictures{}",
       reasons.empty() ? ", got no tensors" : reasons);
}

}  // namespace gan::core
