// The latent of a generator whose picture is most like a given one. Only in builds with LibTorch,
// which is loaded by ProjectPicture().
#ifndef GAN_TRAINING_PROJECT_H_
#define GAN_TRAINING_PROJECT_H_

#include <cstdint>
#include <span>
#include <string>

#include "gan/export.h"
#include "gan/model.h"
#include "gan/progress.h"

namespace gan {

struct ProjectOptions {
  // kZ, or of a model with styles kW (as it is by kAuto): one style for all layers, or kWPlus: one
  // for each, which comes nearer and lies further from what the generator knows.
  LatentKind latent_kind = LatentKind::kAuto;
  int64_t steps = 500;
  int64_t candidates = 256;  // latents drawn; the nearest `tries` of them descend side by side
  int64_t tries = 4;
  double rate = 0.05;       // of Adam, in standard deviations of the latents
  uint64_t seed = 0;        // of the candidates
  std::string which_class;  // "": candidates of all classes
  // How the picture gets the generator's size: "cover", "contain", "stretch".
  std::string fit = "cover";
  std::string device = "cpu";  // "cpu", "cuda", "cuda:1"
  int threads = 0;             // 0: every processor
  bool provenance = true;
};

// The fields by name, but for device and threads. Static memory. Thread-safe.
GAN_API std::span<const Option<ProjectOptions>> ProjectOptionList();

struct ProjectResult {
  std::string input;
  std::string latents;
  std::string picture;  // "": none
  std::string space;    // "z", "w", "w+"
  int64_t label = -1;   // the class of z, where the model has classes
  // Means of the squares of differences, of samples from 0 to 1: of the nearest candidate, and of
  // what was found; and that in decibels below 1 (PSNR).
  double start_error = 0;
  double error = 0;
  double psnr = 0;
  double seconds = 0;
};

// Projects the picture file `input`, brought to the generator's size and channels, into the latents
// of `model` by gradient descent on the mean square of differences. Writes into the .npy file
// `latents` z [1, size], w [1, size] or w+ [1, layers, size], of which Model::Run() makes what the
// picture file `picture` shows beside the input, unless it is "". The same for the same arguments
// and threads. A truncation of the model holds for where the descent begins, not for what it finds.
//
// Error kConfiguration: a build without LibTorch, or no such device; kUsage: a model without
// latents, or styles for one that has none, or a class that it does not know; kNoInput, kBadData:
// no picture; kInterrupted; kCannotCreate, kIo. Thread safety: one call at a time.
GAN_API ProjectResult ProjectPicture(const Model& model, const std::string& input,
                                     const std::string& latents, const std::string& picture = "",
                                     const ProjectOptions& options = {},
                                     const ProgressFn& progress = {},
                                     const CancelFlag* cancel = nullptr);

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const ProjectResult& result);

}  // namespace gan

#endif  // GAN_TRAINING_PROJECT_H_
