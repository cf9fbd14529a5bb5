#include "models/pair.h"

#include <algorithm>

#include "base/error.h"
#include "models/family.h"
#include "models/stages.h"

namespace gan::core {
namespace {

void CheckRange(const PairConfig& config, std::string_view name, int64_t value, int64_t low,
                int64_t high) {
  if (value < low || value > high) {
    Fail(ErrorCode::kConfiguration, config.family, "wants {} from {} to {}, got {}", name, low,
         high, value);
  }
}

void Check(const PairConfig& config) {
  if (!IsPictureSize(config.size)) {
    Fail(ErrorCode::kConfiguration, config.family,
         "wants pictures of 28 pixels a side or a power of two from 16 to 256, got {}",
         config.size);
  }
  CheckRange(config, "channels", config.channels, 1, 4);
  CheckRange(config, "classes", config.classes, 0, 4096);
  CheckRange(config, "a latent", config.latent, 1, 4096);
  CheckRange(config, "a generator width", config.generator_width, 1, 1024);
  CheckRange(config, "a discriminator width", config.discriminator_width, 1, 1024);
  if (!(config.dropout >= 0 && config.dropout < 1)) {
    Fail(ErrorCode::kConfiguration, config.family, "wants dropout from 0 to below 1, got {}",
         config.dropout);
  }
}

}  // namespace

Pair BuildPair(const PairConfig& config) {
  for (const Family* family : Families()) {
    if (family->pair == nullptr || family->name != config.family) continue;
    Check(config);
    return family->pair->build(config);
  }
  std::string known;
  for (const std::string_view name : PairFamilyNames()) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", name);
  }
  Fail(ErrorCode::kConfiguration, "network", "knows no family \"{}\" to train; it knows {}",
       Printable(config.family), known);
}

std::vector<std::string_view> PairFamilyNames() {
  std::vector<std::string_view> names;
  for (const Family* family : Families()) {
    if (family->pair != nullptr) names.push_back(family->name);
  }
  return names;
}

}  // namespace gan::core
