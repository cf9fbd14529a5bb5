// A generator from a checkpoint, ready to run.
#ifndef GAN_MODEL_H_
#define GAN_MODEL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gan/array.h"
#include "gan/engine.h"
#include "gan/export.h"

namespace gan {

// How the sizes of pictures map. A network gives, for W input pixels, W * scale_num / scale_den
// output pixels, once `margin` pixels were added on each side, which it loses again.
struct Geometry {
  int64_t scale_num = 1;
  int64_t scale_den = 1;
  int64_t margin = 0;
  int64_t multiple = 1;  // width and height, margins included, must be multiples of this
  // Input pixels on each side that an output pixel depends on; nothing when it depends on all.
  std::optional<int64_t> reach;
  // The one size of picture that the network takes, as some ONNX files have it; 0: any.
  int64_t fixed_width = 0;
  int64_t fixed_height = 0;
};

// Memory and work of one run on a whole picture, known before anything is allocated.
struct Plan {
  int64_t width = 0;  // input pixels
  int64_t height = 0;
  uint64_t parameters = 0;   // bytes of weights, as packed for the engine
  uint64_t activations = 0;  // bytes of results between layers, at their peak
  uint64_t workspace = 0;    // bytes of scratch of single layers, at its peak
  uint64_t pictures = 0;     // bytes of the input and the output
  uint64_t total() const { return parameters + activations + workspace + pictures; }
  double multiply_adds = 0;
};

// What a generator that makes pictures from random numbers takes, and the pictures' size.
struct LatentInput {
  int64_t size = 0;     // numbers a picture, each N(0, 1)
  int64_t classes = 0;  // that it can be told to make; 0: none
  int64_t width = 0;    // of the pictures, pixels
  int64_t height = 0;
  std::vector<std::string> class_names;  // one a class, or none: not known
};

// What may be chosen of a generator with styles (StyleGAN).
struct StyleOptions {
  double truncation = 1;  // how far from the average style to go; 0: the average picture
  int64_t cutoff = 0;     // layers that it holds for, from the coarsest; 0: all
  enum class Noise { kStored, kRandom, kOff };  // what is added to each layer's results
  Noise noise = Noise::kStored;
  uint64_t noise_seed = 0;  // of kRandom

  bool operator==(const StyleOptions&) const = default;
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<StyleOptions>> StyleOptionList();

// Dropout at work as in training, and as pix2pix is meant to be used: results vary with the seed.
// What is left out depends on the seed and on the place in the picture alone, so the same seed
// gives the same bytes for any number of threads and for any exact tiles. Off: nothing is left out.
struct DropoutOptions {
  bool on = false;
  std::optional<uint64_t> seed;  // of what is left out; nothing: 0
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<DropoutOptions>> DropoutOptionList();

// What a generator with styles turns its random numbers z into before it makes pictures: w, one
// style for each of its layers. (Karras et al. 2019; W+ of Abdal et al. 2019)
struct StyleSpace {
  int64_t size = 0;    // numbers of a style
  int64_t layers = 0;  // from the coarsest, 4 x 4, to the finest
};

// What an array of latents holds.
enum class LatentKind {
  kAuto,   // what its shape fits: z before w, where these are of one size
  kZ,      // random numbers [N, latent->size], or with two sizes of 1 behind
  kW,      // [N, style_space->size]: the same style for all layers
  kWPlus,  // [N, style_space->layers, style_space->size]
};

// By name, as options of every command that takes latents. Static memory. Thread-safe.
GAN_API std::span<const Option<LatentKind>> LatentKindOptionList();

struct ModelInfo {
  std::string family;       // "esrgan", "dcgan", "ncnn"
  std::string description;  // one line for people
  // What was read off the tensors: {"num_feat", "64"}, ...
  std::vector<std::pair<std::string, std::string>> facts;
  int64_t in_channels = 0;  // 0 with `latent`
  int64_t out_channels = 0;
  Geometry geometry;                      // without meaning with `latent`
  std::optional<LatentInput> latent;      // nothing: pictures come from pictures
  bool styles = false;                    // takes StyleOptions
  std::optional<StyleSpace> style_space;  // with `styles`
  bool dropout = false;                   // has dropout, and it is known where
  int64_t parameters = 0;                 // numbers in all weights
  double multiply_adds_per_pixel;         // per input pixel; with `latent`, per pixel made
};

// Copies share one network. Thread safety: one Run() at a time; the rest any time.
class GAN_API Model {
 public:
  // `name` is a checkpoint (PyTorch, safetensors, ncnn or ONNX, told by content), or the name of
  // one in the model folder: see FindModel; or a mixture of networks of one shape,
  // "a.pth:0.7,b.pth:0.3", whose weights are averaged so. Error kNoInput: not there; kBadData:
  // broken, hostile, or no generator that is known, with the reason for each family;
  // kConfiguration: the device is not in this build; kUsage: dropout of a network where none is
  // known (see ModelInfo::dropout), or a seed for nothing.
  static Model Load(const std::string& name, const EngineOptions& engine = {},
                    const LoadOptions& options = {}, const DropoutOptions& dropout = {});

  // A network of a family with random weights, the same for the same seed, for measurements.
  // `sizes` overrides the family's defaults, by the names that ModelInfo::facts shows
  // ({{"num_block", 6}}). Error kUsage: no such family or size.
  static Model Random(const std::string& family, const std::map<std::string, int64_t>& sizes = {},
                      uint64_t seed = 1, const EngineOptions& engine = {},
                      const DropoutOptions& dropout = {});

  // The same network with another choice of truncation and noise. Error kUsage: one without styles,
  // or a truncation where the file has no average style.
  Model WithStyle(const StyleOptions& style) const;

  const ModelInfo& info() const;
  const EngineOptions& engine() const;
  std::string target() const;  // what runs it: "avx2", "LibTorch 1.13.1, cpu"

  // With info().latent the plan is of one picture, whatever is asked for.
  // Error kBadData: the size does not fit the geometry, or is beyond arithmetic.
  Plan PlanFor(int64_t width, int64_t height) const;

  // Runs the network as it is, without tiles: [N, C, H, W] in, the same ranks out. Sizes must fit
  // info().geometry: margins included, multiples kept. With info().latent: [N, latent] in, with or
  // without two sizes of 1 behind, pictures in [-1, 1] out; and, where it has classes, `labels`:
  // the number of a class for each picture [N], or a weight for each class [N, classes]. With
  // info().style_space also styles, by `kind`; they have their class already, and take no labels.
  // Error kBadData: another shape; kUsage: labels missing or without use, styles for a model that
  // has none; kConfiguration: more memory than allowed; kInternal: the result is not finite.
  Array Run(const Array& input, const Array& labels = {},
            LatentKind kind = LatentKind::kAuto) const;

  // The styles of random numbers, truncated as the model's StyleOptions say: w [N, size], or, where
  // a cutoff makes layers differ, [N, layers, size]. Errors as of Run(); kUsage: a model without.
  Array Styles(const Array& input, const Array& labels = {}) const;

  struct State;  // for the library
  State& state() const { return *state_; }

 private:
  explicit Model(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

// $GAN_MODELS, else $XDG_DATA_HOME/gan/models, else ~/.local/share/gan/models; "" without a home.
// Thread-safe as long as nobody changes the environment.
GAN_API std::string ModelFolder();

// Names of the model files in the model folder, sorted; none when there is no such folder.
GAN_API std::vector<std::string> ListModels();

// Likewise of those that come with gan, which are found by name as well.
GAN_API std::vector<std::string> ListShippedModels();

// The path of the file `name`; of the best, else the newest generator in it where it is the folder
// of a training run; otherwise of the model of that name in the model folder, or that comes with
// gan, with or without its extension. Error kNoInput, listing the models that are there.
GAN_API std::string FindModel(const std::string& name);

}  // namespace gan

#endif  // GAN_MODEL_H_
