// What a model family gives to the registry.
#ifndef GAN_MODELS_FAMILY_H_
#define GAN_MODELS_FAMILY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/initialise.h"
#include "models/model.h"
#include "models/pair.h"
#include "models/state_dict.h"

namespace gan::core {

// A size that BuildRandom takes, the value usual in published models, and what is allowed.
struct SizeSpec {
  std::string_view name;
  int64_t usual, low, high;
};

// Where a parameter starts whatever the style: drawn from N(mean, deviation), or as far as it goes
// with the one-hot vectors of its columns.
struct Start {
  float mean = 0;
  float deviation = 0;
  bool one_hot = false;
};

// Where a convolution stands in a residual branch: one of `length`, the last or not.
struct BranchPlace {
  int64_t length = 0;
  bool last = false;
};

// What a family that is trained has besides.
struct PairFamily {
  // Requires the ranges that PairConfig names. Error kConfiguration for what this family lacks.
  Pair (*build)(const PairConfig& config);
  InitStyle style;  // what kFamily stands for
  std::optional<Start> (*start)(std::string_view parameter);
  // nullptr for a family without residual blocks.
  std::optional<BranchPlace> (*branch)(std::string_view parameter);
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
  // Without parameters, but for those that are never drawn. `sizes` has every name of
  // `Family::sizes`, within its bounds.
  Model (*build)(const ModelSizes& sizes);

  const PairFamily* pair = nullptr;  // for families that are trained
};

// Every family, in the order in which they are asked.
std::span<const Family* const> Families();

}  // namespace gan::core

#endif  // GAN_MODELS_FAMILY_H_
