// Drawing pictures from a generator into files: a sheet, a folder of single ones, an animation.
#ifndef GAN_TASKS_SAMPLE_H_
#define GAN_TASKS_SAMPLE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "media/picture.h"
#include "models/style_choice.h"
#include "runtime/backend.h"
#include "tasks/latents.h"
#include "tasks/sample_plan.h"

namespace gan::core {

// What is known of the generator.
struct SampleSource {
  Executable& network;
  int64_t classes = 0;                   // 0: none
  std::vector<std::string> class_names;  // one a class, or none at all
  std::string name;                      // of the file, for the manifest
  std::string family;
  std::string hash;                  // of the weights, as the file has them
  std::optional<StyleChoice> style;  // of a generator with styles
};

// Where latents were read from.
struct LatentFile {
  std::string name;  // without its folder
  std::string kind;  // "z", "w" or "w+": what they are
  std::string hash;  // of the array in it, as that of weights
};

struct SampleOptions {
  SampleRequest request;
  uint64_t seed = 0;
  LatentSource rng = LatentSource::kOwn;  // whose numbers the seed gives
  std::optional<double> truncation;       // see Latents; with kOwn alone
  std::optional<Tensor> latents;          // [n, size] f32, in place of the seed's
  std::optional<LatentFile> latent_file;  // that they are of, for the manifest
  std::optional<PictureFormat> format;    // in a folder; PNG unless given
  bool provenance = true;                 // the file says that a network made it, in XMP
  bool overwrite = false;                 // a folder may hold files already
  int frame_milliseconds = 60;            // of an animation
  // Between latents, where the request does not say.
  Interpolation usual_interpolation = Interpolation::kSpherical;
  uint64_t max_memory = UINT64_MAX;  // bytes for the network and one batch
  ProgressFn progress;
  const CancelFlag* cancel = nullptr;
};

struct SampleResult {
  SampleForm form = SampleForm::kSheet;
  int64_t pictures = 0;
  int64_t files = 0;
  int64_t width = 0, height = 0;  // of one picture
  int64_t frames = 0;             // of an animation
  double seconds = 0;             // in all
};

// A folder: what is one, ends in '/', or has no extension. An animation: .gif, .apng, .mp4, or
// .webp when frames are asked for. Otherwise a sheet. Error kUsage: an extension that is none of
// ours.
SampleForm SampleFormFor(const std::filesystem::path& output, const SampleRequest& request);

// A sheet or an animation appears whole or not at all. A folder gets one picture a file, with
// classes in a folder for each (its name, or its number), beside them labels.csv, and at the end
// manifest.json (see WriteSampleManifest); when something fails before that, the pictures go again.
//
// Error kUsage: as PlanSamples, or a folder that holds files already. kInternal: the network made
// NaN or infinity. kBadData, kConfiguration: as Sampler. kCannotCreate, kIo: as AtomicFile.
// Thread safety: one call at a time for one network.
SampleResult SampleTo(const SampleSource& source, const std::filesystem::path& output,
                      const SampleOptions& options);

// The number of the class that `text` names: one of `names`, or a number below `classes`. Error
// kUsage, naming the nearest or all.
int64_t FindClass(std::string_view text, int64_t classes, const std::vector<std::string>& names);

}  // namespace gan::core

#endif  // GAN_TASKS_SAMPLE_H_
