#include "gan/upscale.h"

#include <array>
#include <optional>
#include <utility>

#include "api/model_state.h"
#include "api/progress_state.h"
#include "base/error.h"
#include "base/log.h"
#include "tasks/batch.h"
#include "tasks/upscale.h"

namespace gan {
namespace {

core::TileOptions TilesOf(const UpscaleOptions& options) {
  using Tiles = UpscaleOptions::Tiles;
  core::TileOptions tiles;
  switch (options.tiles) {
    case Tiles::kAuto: tiles.mode = core::TileMode::kAuto; break;
    case Tiles::kExact: tiles.mode = core::TileMode::kExact; break;
    case Tiles::kFixed: tiles.mode = core::TileMode::kFixed; break;
    case Tiles::kOff: tiles.mode = core::TileMode::kOff; break;
  }
  tiles.size = options.tile_size;
  return tiles;
}

// nullopt for "". Error kUsage for a format that is none.
std::optional<core::PictureFormat> FormatOf(const std::string& name) {
  if (name.empty()) return std::nullopt;
  return core::FormatFromExtension("picture." + name);
}

core::TiffCompression CompressionOf(const std::string& name) {
  using core::TiffCompression;
  static constexpr std::array kAll = {TiffCompression::kNone, TiffCompression::kLzw,
                                      TiffCompression::kDeflate, TiffCompression::kZstd};
  static constexpr std::array<std::string_view, 4> kNames = {"none", "lzw", "deflate", "zstd"};
  for (size_t i = 0; i < kAll.size(); ++i) {
    if (kNames[i] == name) return kAll[i];
  }
  core::Fail(ErrorCode::kUsage, "tiff-compression", "wants none, lzw, deflate or zstd, got \"{}\"",
             core::Printable(name));
}

core::PictureWriteOptions WritingOf(const UpscaleOptions& options) {
  core::PictureWriteOptions write;
  write.format = FormatOf(options.format);
  write.bits = options.bits;
  write.quality = options.quality;
  if (options.jpeg_full_colour) write.jpeg_subsampling = core::ChromaSubsampling::kOff;
  write.webp_lossless = options.lossless;
  write.png_compression = options.png_compression;
  write.tiff_compression = CompressionOf(options.tiff_compression);
  write.strip_metadata = options.strip;
  write.provenance = options.provenance ? core::Provenance::kEnlarged : core::Provenance::kNone;
  if (options.width > 0) write.width = options.width;
  if (options.height > 0) write.height = options.height;
  return write;
}

core::UpscaleOptions TaskOptions(const UpscaleOptions& options, const Model::State& model) {
  if (options.scale != 0 && (options.width != 0 || options.height != 0)) {
    core::Fail(ErrorCode::kUsage, "upscale", "--scale excludes --width and --height");
  }
  core::UpscaleOptions task;
  task.tiles = TilesOf(options);
  task.alpha = options.alpha == UpscaleOptions::Alpha::kModel ? core::AlphaMethod::kModel
                                                              : core::AlphaMethod::kLanczos;
  task.max_memory = model.options.max_memory;
  if (model.model.signed_pictures) task.range = {-1, 1};
  if (options.scale != 0) task.scale = options.scale;
  task.read.max_pixels = options.max_pixels;
  task.read.lenient = options.lenient;
  task.write = WritingOf(options);
  return task;
}

// What tells an output from its input when both lie in one folder.
std::string DefaultSuffix(const UpscaleOptions& options, const Geometry& geometry) {
  if (options.width > 0 && options.height > 0) {
    return fmt::format("_{}x{}", options.width, options.height);
  }
  if (options.width > 0) return fmt::format("_w{}", options.width);
  if (options.height > 0) return fmt::format("_h{}", options.height);
  if (options.scale != 0) return fmt::format("_x{:g}", options.scale);
  return fmt::format("_x{:g}", static_cast<double>(geometry.scale_num) / geometry.scale_den);
}

// The jobs of one call, with the events that the caller sees of them.
class Batch {
 public:
  Batch(const Model& model, const UpscaleOptions& options, const UpscaleEvents& events,
        bool network_colours, std::vector<core::BatchJob> jobs)
      : model_(model.state()),
        task_(TaskOptions(options, model.state())),
        events_(events),
        jobs_(std::move(jobs)) {
    task_.network_colours = network_colours;
    task_.pool = &model_.engine.pool;
    task_.cancel = CoreFlag(events.cancel);
    task_.progress = [this](double finished) {
      if (events_.progress) events_.progress(file_, finished);
    };
  }

  std::vector<UpscaleResult> Run() {
    core::BatchCallbacks callbacks;
    callbacks.start = [this](size_t index, const core::BatchJob&) { Start(index); };
    callbacks.finish = [this](size_t index, const core::JobResult& result) {
      Finish(index, result);
    };
    core::RunBatch(
        jobs_, [this](const core::BatchJob& job) { Work(job); }, callbacks, task_.cancel);
    if (interrupted_) core::Fail(ErrorCode::kInterrupted, "upscale", "stopped as asked");
    return std::move(results_);
  }

 private:
  UpscaleEvents::File FileAt(size_t index) const {
    return {index, jobs_.size(), jobs_[index].input.string(), jobs_[index].output.string()};
  }

  void Start(size_t index) {
    file_ = FileAt(index);
    if (events_.started) events_.started(file_);
  }

  void Work(const core::BatchJob& job) {
    size_ = core::UpscalePicture(*model_.executable, job.input, job.output, task_);
    core::Log().info("{}: {} tile(s) of {} x {} pixels, {} MB planned, {:.2f} s",
                     core::Printable(job.input.string()), size_.tiles, size_.tile_width,
                     size_.tile_height, size_.planned_memory >> 20, size_.seconds);
    for (const std::string& warning : size_.warnings) core::Log().warn(warning);
  }

  void Finish(size_t index, const core::JobResult& job) {
    const UpscaleEvents::File file = FileAt(index);
    UpscaleResult result;
    result.input = file.input;
    result.output = file.output;
    result.seconds = job.seconds;
    switch (job.status) {
      case core::JobStatus::kDone:
        result.width = size_.out_width;
        result.height = size_.out_height;
        break;
      case core::JobStatus::kSkipped: result.status = UpscaleResult::Status::kSkipped; break;
      case core::JobStatus::kFailed:
        result.status = UpscaleResult::Status::kFailed;
        result.code = job.code.value_or(ErrorCode::kInternal);
        result.message = job.message;
        break;
      case core::JobStatus::kInterrupted: interrupted_ = true; return;
    }
    results_.push_back(result);
    if (events_.finished) events_.finished(file, result);
  }

  Model::State& model_;
  core::UpscaleOptions task_;
  const UpscaleEvents& events_;
  std::vector<core::BatchJob> jobs_;
  UpscaleEvents::File file_;  // being worked on
  core::UpscaleResult size_;  // of the last picture done
  std::vector<UpscaleResult> results_;
  bool interrupted_ = false;
};

}  // namespace

namespace {

void RequirePictures(std::string_view command, const Model& model) {
  if (!model.info().latent) return;
  core::Fail(ErrorCode::kUsage, command,
             "{} makes pictures from random numbers and takes none: use gan sample",
             model.info().description);
}

std::vector<UpscaleResult> RunAll(const Model& model, const std::vector<std::string>& inputs,
                                  const std::string& output, const UpscaleOptions& options,
                                  const UpscaleEvents& events, const std::string& default_suffix,
                                  bool network_colours) {
  core::BatchOptions batch;
  if (!output.empty()) batch.output = output;
  batch.recursive = options.recursive;
  batch.skip_existing = options.skip_existing;
  batch.overwrite_inputs = options.overwrite_inputs;
  if (!options.suffix.empty()) batch.suffix = options.suffix;
  batch.default_suffix = default_suffix;
  batch.format = FormatOf(options.format);
  return Batch(model, options, events, network_colours, core::PlanBatch(inputs, batch)).Run();
}

// Statistics of a tile are not those of the picture.
void RefuseTiles(const Model& model, UpscaleOptions& options) {
  if (model.info().geometry.reach) return;
  if (options.tiles == UpscaleOptions::Tiles::kExact ||
      options.tiles == UpscaleOptions::Tiles::kFixed) {
    core::Fail(
        ErrorCode::kUsage, "tile",
        "{} looks at the whole picture at once (a norm over all its pixels), so that no tile "
        "gives the picture's answer: leave --tile out, or give smaller pictures",
        model.info().description);
  }
  options.tiles = UpscaleOptions::Tiles::kOff;
}

}  // namespace

std::vector<UpscaleResult> Upscale(const Model& model, const std::vector<std::string>& inputs,
                                   const std::string& output, const UpscaleOptions& options,
                                   const UpscaleEvents& events) {
  RequirePictures("upscale", model);
  return RunAll(model, inputs, output, options, events,
                DefaultSuffix(options, model.info().geometry), false);
}

std::vector<UpscaleResult> Translate(const Model& model, const std::vector<std::string>& inputs,
                                     const std::string& output, const UpscaleOptions& options,
                                     const UpscaleEvents& events) {
  RequirePictures("translate", model);
  const Geometry& geometry = model.info().geometry;
  if (geometry.scale_num != geometry.scale_den) {
    core::Fail(ErrorCode::kUsage, "translate",
               "wants a network that keeps a picture's size, {} does not: use gan upscale",
               model.info().description);
  }
  UpscaleOptions chosen = options;
  RefuseTiles(model, chosen);
  chosen.alpha = UpscaleOptions::Alpha::kLanczos;  // transparency is no picture to translate
  return RunAll(model, inputs, output, chosen, events, "_translated", true);
}

}  // namespace gan
