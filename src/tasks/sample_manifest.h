// What a folder of sampled pictures says of itself.
#ifndef GAN_TASKS_SAMPLE_MANIFEST_H_
#define GAN_TASKS_SAMPLE_MANIFEST_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tasks/sample.h"

namespace gan::core {

struct SampledFile {
  std::string file;    // below the folder, with '/'
  int64_t latent = 0;  // index of its latent
  int64_t label = -1;
};

// The folder of each class's pictures: its name where all are fit to be folders and differ, else
// its number.
std::vector<std::string> ClassFolders(int64_t classes, const std::vector<std::string>& names);

// labels.csv, where there are classes: "file,label" and a line for each picture. Names that hold
// commas or quotes are quoted as RFC 4180 has it.
void WriteSampleLabels(const std::filesystem::path& folder, const SampleSource& source,
                       const std::vector<SampledFile>& files);

// manifest.json: {"model": {"name", "family", "hash"}, "seed", "rng", "truncation", "classes",
// "pictures": [{"file", "index", "class", "label"}]}; of latents from a file "seed" and "rng" are
// null, and "latents": {"name", "kind", "hash"} is there; with styles also "truncation_cutoff",
// null for all layers, "noise", and "noise_seed" where that is random.
void WriteSampleManifest(const std::filesystem::path& folder, const SampleSource& source,
                         const SampleOptions& options, const std::vector<SampledFile>& files);

// The name of a class for people: its number where it has none.
std::string ClassName(const SampleSource& source, int64_t label);

}  // namespace gan::core

#endif  // GAN_TASKS_SAMPLE_MANIFEST_H_
