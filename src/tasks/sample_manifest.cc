#include "tasks/sample_manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/file.h"

namespace gan::core {
namespace {

using Json = nlohmann::ordered_json;

bool FitToBeAFolder(const std::string& name) {
  return !name.empty() && name.size() <= 100 && name[0] != '.' &&
         std::ranges::none_of(name, [](char c) {
           return c == '/' || c == '\\' || c == '\0' || static_cast<unsigned char>(c) < 0x20;
         });
}

std::string QuotedForCsv(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string ClassName(const SampleSource& source, int64_t label) {
  const auto at = static_cast<size_t>(label);
  return at < source.class_names.size() ? source.class_names[at] : fmt::format("{}", label);
}

std::vector<std::string> ClassFolders(int64_t classes, const std::vector<std::string>& names) {
  const std::set<std::string> different(names.begin(), names.end());
  if (static_cast<int64_t>(different.size()) == classes &&
      std::ranges::all_of(names, FitToBeAFolder)) {
    return names;
  }
  // As wide as the last, so that they sort.
  const size_t width = fmt::formatted_size("{}", std::max<int64_t>(classes - 1, 0));
  std::vector<std::string> numbers;
  for (int64_t label = 0; label < classes; ++label) {
    numbers.push_back(fmt::format("{:0{}}", label, width));
  }
  return numbers;
}

void WriteSampleLabels(const std::filesystem::path& folder, const SampleSource& source,
                       const std::vector<SampledFile>& files) {
  AtomicFile file(folder / "labels.csv");
  std::string text = "file,label\n";
  for (const SampledFile& sampled : files) {
    text += fmt::format("{},{}\n", QuotedForCsv(sampled.file),
                        QuotedForCsv(ClassName(source, sampled.label)));
  }
  file.Write(text);
  file.Commit();
}

namespace {

std::string_view NameOf(LatentSource source) {
  switch (source) {
    case LatentSource::kOwn: return "own";
    case LatentSource::kTorch: return "torch";
    case LatentSource::kNumpy: return "numpy";
  }
  GAN_ASSERT(false);
  return "";
}

std::string_view NameOf(StyleNoise noise) {
  switch (noise) {
    case StyleNoise::kStored: return "stored";
    case StyleNoise::kRandom: return "random";
    case StyleNoise::kOff: return "off";
  }
  GAN_ASSERT(false);
  return "";
}

// Under the names of the options that choose it again.
void AddStyle(const StyleChoice& style, Json& json) {
  json["truncation"] = style.truncation;
  json["truncation_cutoff"] = style.cutoff == 0 ? Json() : Json(style.cutoff);
  json["noise"] = NameOf(style.noise);
  if (style.noise == StyleNoise::kRandom) json["noise_seed"] = style.seed;
}

}  // namespace

void WriteSampleManifest(const std::filesystem::path& folder, const SampleSource& source,
                         const SampleOptions& options, const std::vector<SampledFile>& files) {
  Json json = {{"model", {{"name", source.name}, {"family", source.family}, {"hash", source.hash}}},
               {"seed", options.latents ? Json() : Json(options.seed)},
               {"rng", options.latents ? Json() : Json(NameOf(options.rng))},
               {"truncation", options.truncation ? Json(*options.truncation) : Json()}};
  if (const auto& from = options.latent_file) {
    json["latents"] = {{"name", from->name}, {"kind", from->kind}, {"hash", from->hash}};
  }
  if (source.style) AddStyle(*source.style, json);
  if (source.classes > 0) {
    Json& classes = json["classes"] = Json::array();
    for (int64_t label = 0; label < source.classes; ++label) {
      classes.push_back(ClassName(source, label));
    }
  }
  Json& pictures = json["pictures"] = Json::array();
  for (const SampledFile& sampled : files) {
    Json picture = {{"file", sampled.file}, {"index", sampled.latent}};
    if (sampled.label >= 0) {
      picture["class"] = ClassName(source, sampled.label);
      picture["label"] = sampled.label;
    }
    pictures.push_back(std::move(picture));
  }
  AtomicFile file(folder / "manifest.json");
  file.Write(json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  file.Commit();
}

}  // namespace gan::core
