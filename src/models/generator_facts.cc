#include "models/generator_facts.h"

#include <string>

#include "base/error.h"
#include "models/stages.h"

namespace gan::core {

Model DescribeGenerator(const GeneratorFacts& facts) {
  Model model;
  model.family = facts.family;
  model.description =
      fmt::format("{} {} x {}, {} channel{}: from {} random numbers", facts.title, facts.size,
                  facts.size, facts.channels, facts.channels == 1 ? "" : "s", facts.latent);
  if (facts.classes > 0) model.description += fmt::format(" and {} classes", facts.classes);
  const auto fact = [&](std::string name, int64_t value) {
    model.facts.push_back({std::move(name), fmt::format("{}", value)});
  };
  fact("size", facts.size);
  fact("channels", facts.channels);
  fact("latent", facts.latent);
  fact("classes", facts.classes);
  model.latent = LatentInfo{facts.latent, facts.classes};
  return model;
}

PairConfig PairConfigOf(std::string_view family, const ModelSizes& sizes) {
  const auto size = [&](std::string_view name, int64_t absent) {
    const auto found = sizes.find(name);
    return found == sizes.end() ? absent : found->second;
  };
  PairConfig config;
  config.family = family;
  config.size = size("size", config.size);
  config.channels = size("channels", config.channels);
  config.classes = size("classes", config.classes);
  config.latent = size("latent", config.latent);
  config.generator_width = size("width", config.generator_width);
  config.attention = size("attention", 0) != 0;
  if (const int64_t norm = size("norm", -1); norm >= 0) config.generator_norm = norm != 0;
  if (!IsPictureSize(config.size)) {
    Fail(ErrorCode::kUsage, family, "wants size 28 or a power of two from 16 to 256, got {}",
         config.size);
  }
  return config;
}

void FailDiscriminator(std::string_view family, const StateDict& dict) {
  Fail(
      ErrorCode::kBadData, family,
      "holds a discriminator ({} tensors, such as \"{}{}\"), which judges pictures and makes none: "
      "give the file of the generator",
      dict.tensors.size(), Printable(dict.prefix), Printable(dict.tensors.begin()->first));
}

}  // namespace gan::core
