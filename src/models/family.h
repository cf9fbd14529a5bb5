// What a model family gives to the registry.
#ifndef GAN_MODELS_FAMILY_H_
#define GAN_MODELS_FAMILY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "models/model.h"
#include "models/state_dict.h"

namespace gan::core {

// A size that BuildRandom takes, the value usual in published models, and what is allowed.
struct SizeSpec {
  std::string_view name;
  int64_t usual, low, high;
};

struct Family {
  std::string_view name;   // "esrgan"
  std::string_view title;  // for people: "ESRGAN generator"
  std::span<const SizeSpec> sizes;

  // "" when the names of the tensors are those of this family, else what speaks against it: a
  // clause about the checkpoint, "has no ...".
  std::string (*against)(const StateDict& dict);
  // Requires against() to be "". Error kBadData where tensors are missing, left over or misfit.
  Model (*detect)(const StateDict& dict);
  // Without parameters. `sizes` has every name of `Family::sizes`, within its bounds.
  Model (*build)(const ModelSizes& sizes);
};

}  // namespace gan::core

#endif  // GAN_MODELS_FAMILY_H_
