// The options of every job by name: name, text and check stand here once, for the command line,
// the C API and whatever comes after them.
#include <array>
#include <limits>
#include <tuple>

#include "api/option_text.h"
#include "base/log.h"
#include "gan/bench.h"
#include "gan/checkpoint.h"
#include "gan/dataset.h"
#include "gan/engine.h"
#include "gan/model.h"
#include "gan/sample.h"
#include "gan/upscale.h"

namespace gan {

using core::kLatentKinds;
using core::ParseBytes;
using core::ParseInteger;
using core::ParseLatentKind;
using core::ParseNumber;
using core::ParsePixels;
using core::ParseRange;
using core::ParseSeed;
using core::ParseSeeds;
using core::ParseSwitch;
using core::ParseWord;

namespace {

constexpr int64_t kMaxPictures = 10'000'000;
constexpr int64_t kMaxSide = 1'000'000;  // pixels; beyond any format that is written

void SetTiles(UpscaleOptions& o, std::string_view text) {
  using Tiles = UpscaleOptions::Tiles;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    o.tile_size = ParseInteger("tile", text, 8, 65'536);
    o.tiles = Tiles::kFixed;
    return;
  }
  static constexpr std::array kModes = {Tiles::kAuto, Tiles::kExact, Tiles::kOff};
  o.tiles = kModes[ParseWord("tile", text, {"auto", "exact", "off"})];
}

void SetGrid(SampleOptions& o, std::string_view text) {
  const core::PixelSize grid = ParsePixels("grid", text);
  o.columns = grid.width;
  o.rows = grid.height;
}

void SetInterpolation(SampleOptions& o, std::string_view text) {
  o.interpolation = ParseWord("interpolate", text, {"lerp", "slerp"}) == 0
                        ? SampleOptions::Interpolation::kLinear
                        : SampleOptions::Interpolation::kSpherical;
}

void AddSize(BenchOptions& o, std::string_view text) {
  const size_t equals = text.find('=');
  const std::string_view value = equals == text.npos ? "" : text.substr(equals + 1);
  o.sizes[std::string(text.substr(0, equals))] = ParseInteger("set", value, 0, 1 << 20);
}

}  // namespace

std::span<const Option<EngineOptions>> EngineOptionList() {
  using O = EngineOptions;
  static constexpr Option<O> kList[] = {
      {"device", "cpu|torch", "what runs the network: this engine (default) or LibTorch",
       [](O& o, std::string_view t) {
         o.device = ParseWord("device", t, {"cpu", "torch"}) == 0 ? Device::kCpu : Device::kTorch;
       }},
      {"threads", "N", "threads to work with; default: every processor",
       [](O& o, std::string_view t) {
         o.threads = static_cast<int>(ParseInteger("threads", t, 1, 1024));
       }},
      {"precision", "auto|fp32|bf16",
       "arithmetic; default auto: fp32; bf16 rounds: faster with AVX-512 BF16, see gan doctor",
       [](O& o, std::string_view t) {
         o.precision = static_cast<Precision>(ParseWord("precision", t, {"auto", "fp32", "bf16"}));
       }},
      {"max-memory", "SIZE", "memory to stay within: 512M, 2G; default: 3/4 of what is free",
       [](O& o, std::string_view t) { o.max_memory = ParseBytes("max-memory", t); }},
      {"cpu-target", "NAME",
       "instruction set; default: $GAN_CPU_TARGET, else the best (gan doctor)",
       [](O& o, std::string_view t) { o.cpu_target = t; }},
  };
  return kList;
}

std::span<const Option<LoadOptions>> LoadOptionList() {
  using O = LoadOptions;
  static constexpr Option<O> kList[] = {
      {"allow-non-finite", "", "accept weights that are NaN or infinite",
       [](O& o, std::string_view t) { o.allow_non_finite = ParseSwitch("allow-non-finite", t); }},
      {"max-file", "SIZE", "largest checkpoint to read; default 8G",
       [](O& o, std::string_view t) { o.max_file = ParseBytes("max-file", t); }},
  };
  return kList;
}

std::span<const Option<StyleOptions>> StyleOptionList() {
  using O = StyleOptions;
  static constexpr Option<O> kList[] = {
      {"truncation", "PSI",
       "StyleGAN: how far from the average style to go; default 1, all the way",
       [](O& o, std::string_view t) { o.truncation = ParseNumber("truncation", t, -100, 100); }},
      {"truncation-cutoff", "N", "StyleGAN: for the N coarsest layers alone; default: all",
       [](O& o, std::string_view t) { o.cutoff = ParseInteger("truncation-cutoff", t, 1, 1000); }},
      {"noise", "stored|random|off", "StyleGAN: the noise of each layer; default as in the file",
       [](O& o, std::string_view t) {
         static constexpr std::array kAll = {O::Noise::kStored, O::Noise::kRandom, O::Noise::kOff};
         o.noise = kAll[ParseWord("noise", t, {"stored", "random", "off"})];
       }},
      {"noise-seed", "S", "StyleGAN: of random noise; default 0",
       [](O& o, std::string_view t) { o.noise_seed = ParseSeed("noise-seed", t); }},
  };
  return kList;
}

std::span<const Option<DropoutOptions>> DropoutOptionList() {
  using O = DropoutOptions;
  static constexpr Option<O> kList[] = {
      {"dropout", "", "pix2pix, CycleGAN: leave numbers out as in training, so that results vary",
       [](O& o, std::string_view t) { o.on = ParseSwitch("dropout", t); }},
      {"seed", "S", "of what --dropout leaves out; default 0",
       [](O& o, std::string_view t) { o.seed = ParseSeed("seed", t); }},
  };
  return kList;
}

std::span<const Option<LatentKind>> LatentKindOptionList() {
  static constexpr Option<LatentKind> kList[] = {
      {"latent", kLatentKinds, "what the input is; default: what its shape fits, z before w",
       [](LatentKind& kind, std::string_view t) { kind = ParseLatentKind(t); }},
  };
  return kList;
}

std::span<const Option<InspectOptions>> InspectOptionList() {
  using O = InspectOptions;
  static constexpr Option<O> kList[] = {
      {"size", "WxH", "plan memory and work for a picture of this size, in pixels",
       [](O& o, std::string_view t) {
         const core::PixelSize size = ParsePixels("size", t);
         o.width = size.width;
         o.height = size.height;
       }},
      {"graph", "", "show the network, one line a layer",
       [](O& o, std::string_view t) { o.graph = ParseSwitch("graph", t); }},
      {"plan", "", "show what runs it: kernels, what was fused, why not",
       [](O& o, std::string_view t) { o.plan = ParseSwitch("plan", t); }},
  };
  return kList;
}

std::span<const Option<BenchOptions>> BenchOptionList() {
  using O = BenchOptions;
  static constexpr Option<O> kList[] = {
      {"model", "MODEL", "a checkpoint, or the name of one in the model folder",
       [](O& o, std::string_view t) { o.model = t; }},
      {"network", "FAMILY", "instead: random weights of this family; default esrgan",
       [](O& o, std::string_view t) { o.network = t; }},
      {"set", "NAME=N", "with --network: a size, such as num_block=6; may be repeated", AddSize},
      {"size", "WxH", "input pixels; default 256 (a square)",
       [](O& o, std::string_view t) {
         const core::PixelSize size = ParsePixels("size", t);
         o.width = size.width;
         o.height = size.height;
       }},
      {"runs", "N", "timed runs, after one that is not; default 5",
       [](O& o, std::string_view t) {
         o.runs = static_cast<int>(ParseInteger("runs", t, 1, 1000));
       }},
  };
  return kList;
}

std::span<const Option<UpscaleOptions>> UpscaleOptionList() {
  using O = UpscaleOptions;
  static constexpr Option<O> kList[] = {
      {"scale", "S", "enlarge S times (any number); default: as the model does",
       [](O& o, std::string_view t) { o.scale = ParseNumber("scale", t, 0.01, 64); }},
      {"width", "W", "pixels; the height follows unless given",
       [](O& o, std::string_view t) { o.width = ParseInteger("width", t, 1, kMaxSide); }},
      {"height", "H", "pixels; the width follows unless given",
       [](O& o, std::string_view t) { o.height = ParseInteger("height", t, 1, kMaxSide); }},
      {"tile", "auto|exact|N|off",
       "pieces to work in; default auto, as memory allows; exact: the bytes of off", SetTiles},
      {"alpha", "model|lanczos", "what enlarges transparency; default model",
       [](O& o, std::string_view t) {
         o.alpha = ParseWord("alpha", t, {"model", "lanczos"}) == 0
                       ? UpscaleOptions::Alpha::kModel
                       : UpscaleOptions::Alpha::kLanczos;
       }},
      {"max-pixels", "N", "refuse larger pictures; default 268000000",
       [](O& o, std::string_view t) {
         o.max_pixels = static_cast<uint64_t>(
             ParseInteger("max-pixels", t, 1, std::numeric_limits<int64_t>::max()));
       }},
      {"lenient", "", "take what there is of a truncated picture",
       [](O& o, std::string_view t) { o.lenient = ParseSwitch("lenient", t); }},
      {"format", "png|jpeg|webp|tiff", "file format; default: by the output's name, or the input's",
       [](O& o, std::string_view t) {
         static constexpr std::array kNames = {"png", "jpeg", "webp", "tiff"};
         o.format = kNames[ParseWord("format", t, {"png", "jpeg", "webp", "tiff"})];
       }},
      {"bits", "8|16", "per sample; default: as the input",
       [](O& o, std::string_view t) {
         o.bits = ParseWord("bits", t, {"8", "16"}) == 0 ? 8 : 16;
       }},
      {"quality", "1..100", "of JPEG and WebP; default 92",
       [](O& o, std::string_view t) {
         o.quality = static_cast<int>(ParseInteger("quality", t, 1, 100));
       }},
      {"full-colour", "", "JPEG: colours at full resolution (4:4:4)",
       [](O& o, std::string_view t) { o.jpeg_full_colour = ParseSwitch("full-colour", t); }},
      {"lossless", "", "WebP without loss",
       [](O& o, std::string_view t) { o.lossless = ParseSwitch("lossless", t); }},
      {"png-compression", "0..9", "effort; default 4",
       [](O& o, std::string_view t) {
         o.png_compression = static_cast<int>(ParseInteger("png-compression", t, 0, 9));
       }},
      {"tiff-compression", "none|lzw|deflate|zstd", "default deflate",
       [](O& o, std::string_view t) {
         static constexpr std::array kNames = {"none", "lzw", "deflate", "zstd"};
         o.tiff_compression =
             kNames[ParseWord("tiff-compression", t, {"none", "lzw", "deflate", "zstd"})];
       }},
      {"strip", "", "drop EXIF and XMP (the ICC profile stays)",
       [](O& o, std::string_view t) { o.strip = ParseSwitch("strip", t); }},
      {"no-provenance", "", "do not say in the file's XMP that a generator made it",
       [](O& o, std::string_view t) { o.provenance = !ParseSwitch("no-provenance", t); }},
      {"recursive", "", "folders with all that is below them",
       [](O& o, std::string_view t) { o.recursive = ParseSwitch("recursive", t); }},
      {"skip-existing", "", "leave out pictures whose output is there already",
       [](O& o, std::string_view t) { o.skip_existing = ParseSwitch("skip-existing", t); }},
      {"overwrite-inputs", "", "let an output replace its own input",
       [](O& o, std::string_view t) { o.overwrite_inputs = ParseSwitch("overwrite-inputs", t); }},
      {"suffix", "TEXT", "of output names beside the input; default: _x4 and the like",
       [](O& o, std::string_view t) { o.suffix = t; }},
  };
  return kList;
}

std::span<const Option<SampleOptions>> SampleOptionList() {
  using O = SampleOptions;
  static constexpr Option<O> kList[] = {
      {"count", "N", "pictures; default 64, or what the grid holds",
       [](O& o, std::string_view t) { o.count = ParseInteger("count", t, 1, kMaxPictures); }},
      {"seed", "S", "of the random numbers; default 0",
       [](O& o, std::string_view t) { o.seed = ParseSeed("seed", t); }},
      {"rng", "auto|torch|numpy|own",
       "whose numbers the seed gives; default PyTorch's, with --truncation our own",
       [](O& o, std::string_view t) {
         static constexpr std::array kAll = {O::Rng::kAuto, O::Rng::kTorch, O::Rng::kNumpy,
                                             O::Rng::kOwn};
         o.rng = kAll[ParseWord("rng", t, {"auto", "torch", "numpy", "own"})];
       }},
      {"truncation", "T", "less variety, more of the usual; numbers beyond T drawn again, or psi",
       [](O& o, std::string_view t) { o.truncation = ParseNumber("truncation", t, 0.01, 100); }},
      {"class", "NAME|all", "name or number of what to draw, where the model knows classes",
       [](O& o, std::string_view t) { o.which_class = t; }},
      {"per-class", "", "with --class all: N pictures of each",
       [](O& o, std::string_view t) { o.per_class = ParseSwitch("per-class", t); }},
      {"grid", "COLUMNSxROWS", "of a sheet or a frame; default: about a square, a row a class",
       SetGrid},
      {"interpolate", "lerp|slerp", "go from one picture to the next, straight or on the sphere",
       SetInterpolation},
      {"frames", "N", "of an animation (.mp4, .webp...); default 30 a point it passes through",
       [](O& o, std::string_view t) { o.frames = ParseInteger("frames", t, 1, 100'000); }},
      {"frame-time", "MS", "milliseconds a frame; default 60",
       [](O& o, std::string_view t) {
         o.frame_milliseconds = static_cast<int>(ParseInteger("frame-time", t, 20, 60'000));
       }},
      {"latents", "FILE", "NumPy: latents of your own, [n, size], or StyleGAN's w or w+",
       [](O& o, std::string_view t) { o.latents = t; }},
      {"latent", kLatentKinds, "what they are; default: what their shape fits, z before w",
       [](O& o, std::string_view t) { o.latent_kind = ParseLatentKind(t); }},
      {"labels", "FILE", "NumPy: the class of each picture, [n]",
       [](O& o, std::string_view t) { o.labels = t; }},
      {"mix-rows", "S,...", "StyleGAN: a sheet of mixed styles, a row for each of these seeds",
       [](O& o, std::string_view t) { o.mix_rows = ParseSeeds("mix-rows", t); }},
      {"mix-columns", "S,...", "the seeds whose styles are put into each row's",
       [](O& o, std::string_view t) { o.mix_columns = ParseSeeds("mix-columns", t); }},
      {"mix-layers", "A-B", "the layers that are the column's, 0 the coarsest; default 7 of 18",
       [](O& o, std::string_view t) {
         std::tie(o.mix_first, o.mix_last) = ParseRange("mix-layers", t);
       }},
      {"format", "png|jpeg|webp|tiff", "of the pictures in a folder; default png",
       [](O& o, std::string_view t) {
         static constexpr std::array kNames = {"png", "jpeg", "webp", "tiff"};
         o.format = kNames[ParseWord("format", t, {"png", "jpeg", "webp", "tiff"})];
       }},
      {"no-provenance", "", "do not say in the file's XMP that a generator made it",
       [](O& o, std::string_view t) { o.provenance = !ParseSwitch("no-provenance", t); }},
      {"overwrite", "", "write into a folder that holds files already",
       [](O& o, std::string_view t) { o.overwrite = ParseSwitch("overwrite", t); }},
  };
  return kList;
}

void SetVerbosity(int level) { core::SetVerbosity(level); }

std::span<const Option<DatasetOptions>> DatasetOptionList() {
  using O = DatasetOptions;
  static constexpr Option<O> kList[] = {
      {"size", "N", "pixels a side; default: as the pictures are",
       [](O& o, std::string_view t) { o.size = ParseInteger("size", t, 1, 8192); }},
      {"fit", "cover|contain|stretch",
       "how a picture gets that size; default cover: cut to a square; contain: black beside it",
       [](O& o, std::string_view t) {
         static constexpr std::array kNames = {"cover", "contain", "stretch"};
         o.fit = kNames[ParseWord("fit", t, {"cover", "contain", "stretch"})];
       }},
      {"channels", "1|2|3|4", "grey, grey with alpha, RGB, RGB with alpha; default: as they are",
       [](O& o, std::string_view t) {
         o.channels = static_cast<int>(ParseInteger("channels", t, 1, 4));
       }},
      {"labels", "auto|folders|csv|none", "where they come from; default auto",
       [](O& o, std::string_view t) {
         static constexpr std::array kNames = {"auto", "folders", "csv", "none"};
         o.labels = kNames[ParseWord("labels", t, {"auto", "folders", "csv", "none"})];
       }},
      {"split", "NAME", "part of the data: train (default), val, test",
       [](O& o, std::string_view t) { o.split = t; }},
      {"limit", "N", "take only so many pictures, chosen by the seed",
       [](O& o, std::string_view t) {
         o.limit = ParseInteger("limit", t, 1, std::numeric_limits<int64_t>::max());
       }},
      {"limit-per-class", "N", "take only so many of each class",
       [](O& o, std::string_view t) {
         o.limit_per_class =
             ParseInteger("limit-per-class", t, 1, std::numeric_limits<int64_t>::max());
       }},
      {"seed", "N", "of the choice; default 0",
       [](O& o, std::string_view t) { o.seed = ParseSeed("seed", t); }},
      {"cache", "FOLDER", "of decoded pictures; default $XDG_CACHE_HOME/gan or ~/.cache/gan",
       [](O& o, std::string_view t) { o.cache = t; }},
  };
  return kList;
}

}  // namespace gan
