#include "models/glyph_classifier/glyph_classifier.h"

#include <string>

#include "base/error.h"
#include "models/glyph_classifier/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "glyphs";

std::string Against(const StateDict& dict) {
  for (const char* name : {"conv.0.weight", "features.weight", "logits.weight"}) {
    if (dict.Find(name) == nullptr) return fmt::format("has no \"{}\"", name);
  }
  return "";
}

FeatureModel Detect(const StateDict& dict) {
  // The size of the pictures leaves no trace that is sure; TakeParameters tells where the layers
  // are not those of 28x28.
  const Shape logits = dict.Require(kName, "logits.weight", 4).shape();
  FeatureModel model{.name = std::string(kName)};
  model.graph = ClassifierGraph({.classes = logits[0], .features = logits[1]});
  model.parameters = TakeParameters(kName, model.graph, dict,
                                    [](std::string_view name) { return std::string(name); });
  return model;
}

}  // namespace

const FeatureFamily kGlyphClassifier = {kName, Against, Detect};

}  // namespace gan::core
