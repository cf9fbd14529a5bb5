// What the families of generators from random numbers say of themselves, in one voice.
#ifndef GAN_MODELS_GENERATOR_FACTS_H_
#define GAN_MODELS_GENERATOR_FACTS_H_

#include <cstdint>
#include <string_view>

#include "models/model.h"
#include "models/pair.h"
#include "models/state_dict.h"

namespace gan::core {

struct GeneratorFacts {
  std::string_view family;
  std::string_view title;  // "DCGAN"
  int64_t size = 0;
  int64_t channels = 0;
  int64_t latent = 0;
  int64_t classes = 0;
};

// Family, description, facts and latent of a model; no graph yet.
Model DescribeGenerator(const GeneratorFacts& facts);

// The configuration that BuildRandom's sizes "size", "channels", "latent", "classes", "width",
// "norm" and, where the family has it, "attention" stand for. Error kUsage for a size that is no
// power of two nor 28.
PairConfig PairConfigOf(std::string_view family, const ModelSizes& sizes);

// Error kBadData: the tensors are a discriminator's.
[[noreturn]] void FailDiscriminator(std::string_view family, const StateDict& dict);

}  // namespace gan::core

#endif  // GAN_MODELS_GENERATOR_FACTS_H_
