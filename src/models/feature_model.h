// Networks whose inner values describe pictures: what metrics compare pictures by.
#ifndef GAN_MODELS_FEATURE_MODEL_H_
#define GAN_MODELS_FEATURE_MODEL_H_

#include <string>
#include <string_view>

#include "graph/graph.h"
#include "models/state_dict.h"
#include "tensor/named_tensors.h"

namespace gan::core {

struct FeatureModel {
  std::string name;  // as figures are signed with: "Inception-v3 (TF port)", "glyphs"
  // Input 0: [N, C, S, S] with constant C (1 or 3) and S, in [-1, 1].
  // Output 0: features, [N, F] or [N, F, 1, 1]. Output 1, of a classifier: logits, [N, K] or
  // [N, K, 1, 1].
  Graph graph;
  NamedTensors parameters;  // f32, exactly those of the graph
};

// What a family of such networks gives to the list in feature_model.cc; as of Family.
struct FeatureFamily {
  std::string_view name;
  std::string (*against)(const StateDict& dict);
  FeatureModel (*detect)(const StateDict& dict);
};

// The feature network among the tensors of a checkpoint. Error kBadData: none that is known, with
// what spoke against each, or tensors that are missing or misfit.
FeatureModel DetectFeatureModel(const NamedTensors& tensors);

}  // namespace gan::core

#endif  // GAN_MODELS_FEATURE_MODEL_H_
