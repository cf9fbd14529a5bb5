// Drawing pictures from a generator: a sheet, a labelled folder, an animation; and finding one's
// way among the latents that they are made of.
#ifndef GAN_SAMPLE_H_
#define GAN_SAMPLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gan/export.h"
#include "gan/model.h"
#include "gan/progress.h"

namespace gan {

struct SampleOptions {
  // How many pictures; 0: 64, or as many as the grid or the files below hold. Interpolated, the
  // rows of a sheet (8) or the points that an animation passes through (4).
  int64_t count = 0;
  bool per_class = false;  // so many of each class; with all classes alone

  // Whose random numbers the seed gives: PyTorch's (torch.manual_seed(seed); torch.randn(n, size)
  // on a CPU), NumPy's (RandomState(seed).randn(n, size)), so that sheets made elsewhere come out
  // again; or this program's own, where picture i depends on the seed, i and the model alone, not
  // on the number of pictures. kAuto: PyTorch's; with a truncation of numbers, our own.
  enum class Rng { kAuto, kTorch, kNumpy, kOwn };
  Rng rng = Rng::kAuto;
  uint64_t seed = 0;
  // Random numbers beyond this on either side are drawn again; 0: none are. At least 0.01. Of a
  // model with styles: how far from the average style to go, as of StyleOptions.
  double truncation = 0;
  // NumPy files with latents of one's own, as Model::Run() takes them, and the classes [n]; "":
  // drawn.
  std::string latents;
  LatentKind latent_kind = LatentKind::kAuto;
  std::string labels;

  // Style mixing, of a model with styles, into a sheet: below each other what the seeds `mix_rows`
  // give, beside each other what `mix_columns` give, and where they cross the row's picture with
  // the column's styles in the layers from mix_first to mix_last; -1: the coarsest 7 of 18 layers,
  // or as large a share. With `latents` the numbers are rows of that file, from 0.
  std::vector<uint64_t> mix_rows;
  std::vector<uint64_t> mix_columns;
  int64_t mix_first = -1;
  int64_t mix_last = -1;

  // The name or number of a class, or "all"; "": drawn for each picture. For models with classes.
  std::string which_class;

  int64_t columns = 0;  // of a sheet or a frame; 0: about a square, or one row a class
  int64_t rows = 0;     // given together with `columns`

  // On the way between two latents. A sheet goes from one to the next in each row; an animation
  // passes through all of them and ends where it began, by kSpherical unless told. With all
  // classes, and a grid of other than one row a class, both go from each class to the next as well:
  // a sheet along each row, on one latent; an animation in time, on `count` latents (1) in each
  // cell.
  enum class Interpolation { kNone, kLinear, kSpherical };
  Interpolation interpolation = Interpolation::kNone;
  int64_t frames = 0;           // of an animation; 0: 30 a point
  int frame_milliseconds = 60;  // 20 to 60,000

  std::string format;      // of single pictures: "png", "jpeg", "webp", "tiff"; "": PNG
  bool provenance = true;  // say in XMP that a generator made this (Iptc4xmpExt:DigitalSourceType)
  bool overwrite = false;  // write into a folder that holds files already
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<SampleOptions>> SampleOptionList();

struct SampleResult {
  std::string output;
  std::string kind;  // "sheet", "folder", "animation"
  int64_t pictures = 0;
  int64_t files = 0;  // the manifest and the labels of a folder not counted
  int64_t width = 0;  // of one picture, pixels
  int64_t height = 0;
  int64_t frames = 0;  // of an animation
  double seconds = 0;
};

struct SampleEvents {
  ProgressFn progress;  // after each batch
  const CancelFlag* cancel = nullptr;
};

// Draws from `model`, which must have info().latent, into `output`:
//   - a folder (it is one, ends in '/', or has no extension): one file a picture, with classes in a
//     folder for each of them and labels.csv beside these, and manifest.json, which says for each
//     file what it was made of. When something fails, the pictures are removed again;
//   - .mp4, .apng, .gif, or .webp with `frames`: an animation;
//   - any other picture file: a sheet, one row a class if all are asked for.
// Files appear whole or not at all; a sheet or an animation replaces what stood there.
//
// Error kUsage: options that contradict each other or ask for classes that the model does not know;
// a model that makes pictures of pictures; a folder with files in it. kBadData: files that do not
// fit. kInternal: a picture is not finite; no file is left. kConfiguration: not even one picture
// fits the memory, or .mp4 or .apng in a build without FFmpeg. kInterrupted, kCannotCreate, kIo.
// Thread safety: one call at a time on one model.
GAN_API SampleResult Sample(const Model& model, const std::string& output,
                            const SampleOptions& options = {}, const SampleEvents& events = {});

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const SampleResult& result);

// Latents are moved in one space: the random numbers z, or, of a model with styles, those of all
// its layers or of some. Where a truncation was chosen, the styles to begin from are truncated, and
// moves are as long as asked for.

struct DirectionOptions {
  // What makes most of a difference to the first layer that reads a latent (SeFa, Shen & Zhou 2021,
  // "Closed-form factorization of latent semantics"; of styles: to all layers chosen), or what
  // varies most among many pictures: styles themselves, or else what the first activation gives,
  // with the numbers that predict it (GANSpace, Härkönen et al. 2020).
  enum class Method { kSefa, kPca };
  Method method = Method::kSefa;
  int64_t count = 8;
  int64_t first_layer = -1;  // of a model with styles, 0 the coarsest; -1: all
  int64_t last_layer = -1;
  int64_t samples = 4096;   // drawn for kPca, and to measure styles by; fewer where they are large
  uint64_t seed = 0;        // of the samples, and of the picture that the sheet begins from
  std::string which_class;  // "": drawn for each picture
  double span = 3;          // of the sheet: from -span to span standard deviations
  int64_t columns = 7;
  bool provenance = true;
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<DirectionOptions>> DirectionOptionList();

struct DirectionResult {
  std::string output;
  std::string sheet;  // "": none
  std::string space;  // "z", "w"
  int64_t count = 0;  // as asked for, or as many as there are
  int64_t size = 0;   // numbers of each
  // Of what the method looks at, each direction's share of the sum of squares.
  std::vector<double> shares;
  double seconds = 0;
};

// Writes directions [count, size] into the .npy file `output`, the strongest first: a step of 1 is
// one standard deviation of the latents. And into the picture file `sheet`, unless it is "", a row
// for each: one picture moved from -span to span. Files appear whole or not at all.
//
// Error kUsage: a model without latents, layers or a class that it does not have; kBadData: a
// network whose first layer is neither linear nor a transposed convolution. Others as of Sample().
// Thread safety: one call at a time on one model.
GAN_API DirectionResult FindDirections(const Model& model, const std::string& output,
                                       const std::string& sheet,
                                       const DirectionOptions& options = {},
                                       const SampleEvents& events = {});

struct EditOptions {
  // NumPy file to begin from, as Model::Run() takes it; "": drawn by the seed.
  std::string latents;
  LatentKind latent_kind = LatentKind::kAuto;
  uint64_t seed = 0;
  int64_t count = 1;
  std::string which_class;  // "": drawn by the seed

  struct Move {
    int64_t direction = 0;  // its row
    double by = 0;
  };
  std::string directions;  // NumPy file [K, size], as FindDirections() writes it
  std::vector<Move> moves;
  int64_t first_layer = -1;  // of a model with styles: the layers that are moved; -1: all
  int64_t last_layer = -1;
  bool provenance = true;
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<EditOptions>> EditOptionList();

struct EditResult {
  std::string picture;  // "": none
  std::string latents;
  std::string space;     // "z", "w", "w+"
  int64_t pictures = 0;  // in it
  double seconds = 0;
};

// Moves latents along directions; writes a sheet of their pictures into the picture file `picture`,
// and what was moved into the .npy file `latents`: z, w or, where layers differ, w+. Either may be
// "". Errors as of FindDirections(); kUsage: a direction that the file does not hold; kBadData:
// latents or directions of another length. Thread safety: one call at a time on one model.
GAN_API EditResult EditLatents(const Model& model, const std::string& picture,
                               const std::string& latents, const EditOptions& options,
                               const SampleEvents& events = {});

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const DirectionResult& result);
GAN_API std::string ToJson(const EditResult& result);

}  // namespace gan

#endif  // GAN_SAMPLE_H_
