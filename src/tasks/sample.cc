#include "tasks/sample.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>

#include "base/error.h"
#include "media/animation.h"
#include "media/sheet.h"
#include "runtime/plugin.h"
#include "tasks/sample_manifest.h"
#include "tasks/sampler.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

std::string_view ExtensionOf(PictureFormat format) {
  switch (format) {
    case PictureFormat::kPng: return ".png";
    case PictureFormat::kJpeg: return ".jpg";
    case PictureFormat::kWebp: return ".webp";
    case PictureFormat::kTiff: return ".tif";
  }
  GAN_ASSERT(false);
}

PictureWriteOptions WritingOf(const SampleOptions& options) {
  PictureWriteOptions write;
  write.provenance = options.provenance ? Provenance::kSampled : Provenance::kNone;
  return write;
}

Latents LatentsOf(const SampleSource& source, const SampleOptions& options) {
  if (options.latents) return Latents(*options.latents);
  const Graph& graph = source.network.graph();
  const SymbolicShape& z = graph.value(graph.inputs[0]).shape;
  if (z.size() < 2 || !z[1].IsConstant()) {
    Fail(ErrorCode::kBadData, "sample",
         "the generator does not say how many random numbers it "
         "wants");
  }
  if (options.rng != LatentSource::kOwn) {
    return Latents(z[1].constant(), options.seed, options.rng);
  }
  return Latents(z[1].constant(), options.seed, options.truncation);
}

// The pictures of a folder as they are written; without Keep() they go again.
class PictureFolder {
 public:
  PictureFolder(const SampleSource& source, const fs::path& root, const SampleOptions& options)
      : source_(source),
        root_(root),
        options_(options),
        extension_(ExtensionOf(options.format.value_or(PictureFormat::kPng))),
        class_folders_(ClassFolders(source.classes, source.class_names)) {
    std::error_code error;
    if (!options.overwrite && fs::exists(root, error) && !fs::is_empty(root, error)) {
      Fail(ErrorCode::kUsage, Printable(root.native(), 500),
           "holds files already: name another folder, or allow it with --overwrite");
    }
    MakeFolder(root);
    for (const std::string& folder : class_folders_) MakeFolder(root / folder);
  }
  ~PictureFolder() {
    if (kept_) return;
    std::error_code ignored;
    for (const SampledFile& file : files_) fs::remove(root_ / file.file, ignored);
    // Folders last made first; those that hold something else stay.
    std::ranges::reverse(made_);
    for (const fs::path& folder : made_) fs::remove(folder, ignored);
  }
  PictureFolder(const PictureFolder&) = delete;
  PictureFolder& operator=(const PictureFolder&) = delete;

  void Add(const SampleItem& item, const Tensor& picture) {
    std::string file = fmt::format("{:06}{}", files_.size(), extension_);
    if (item.label >= 0) file = class_folders_[static_cast<size_t>(item.label)] + "/" + file;
    WritePicture(root_ / file, picture, WritingOf(options_));
    files_.push_back({file, item.latent, item.label});
  }

  void Keep() {
    if (source_.classes > 0) WriteSampleLabels(root_, source_, files_);
    WriteSampleManifest(root_, source_, options_, files_);
    kept_ = true;
  }
  int64_t files() const { return static_cast<int64_t>(files_.size()); }

 private:
  void MakeFolder(const fs::path& path) {
    std::error_code error;
    if (fs::create_directories(path, error)) made_.push_back(path);
    if (error) {
      Fail(ErrorCode::kCannotCreate, Printable(path.native(), 500), "the folder cannot be made: {}",
           error.message());
    }
  }

  const SampleSource& source_;
  fs::path root_;
  const SampleOptions& options_;
  std::string extension_;
  std::vector<std::string> class_folders_;
  std::vector<SampledFile> files_;
  std::vector<fs::path> made_;
  bool kept_ = false;
};

void ToSheet(const Sampler& sampler, const Sampler::Run& run, const SamplePlan& plan,
             const fs::path& output, const SampleOptions& options) {
  std::vector<Tensor> pictures;
  sampler.Make(plan.items, run,
               [&](size_t, const Tensor& picture) { pictures.push_back(picture); });
  WritePicture(output, MakeSheet(pictures, plan.columns), WritingOf(options));
}

// Error kConfiguration: a build without the module.
VideoOpener LoadVideoOpener() {
  auto* open =
      reinterpret_cast<OpenVideoFunction*>(LoadPluginFunction("video", kOpenVideoFunction));
  return [open](const VideoOptions& options) {
    return std::unique_ptr<VideoEncoder>(open(PluginVersion(), &options));
  };
}

// Frames are asked for one at a time, and made some at a time.
void ToAnimation(const Sampler& sampler, const Sampler::Run& run, const SamplePlan& plan,
                 const fs::path& output, const SampleOptions& options) {
  VideoOpener open_video;
  if (IsVideo(*AnimationFormatFrom(output))) open_video = LoadVideoOpener();
  const auto cells = static_cast<size_t>(plan.cells);
  const size_t frames = plan.items.size() / cells;
  const size_t together = std::max<size_t>(1, static_cast<size_t>(sampler.batch()) / cells);
  std::vector<Tensor> pictures;
  size_t first = 0;
  Sampler::Run part = run;
  part.progress = {};
  const auto frame = [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    if (pictures.empty() || at >= first + together) {
      first = at;
      pictures.clear();
      const size_t count = std::min(together, frames - first) * cells;
      sampler.Make(std::span(plan.items).subspan(first * cells, count), part,
                   [&](size_t, const Tensor& picture) { pictures.push_back(picture); });
    }
    return MakeSheet(std::span(pictures).subspan((at - first) * cells, cells), plan.columns);
  };
  WriteAnimation(output, static_cast<int64_t>(frames), frame,
                 {.frame_milliseconds = options.frame_milliseconds,
                  .provenance = WritingOf(options).provenance,
                  .open_video = open_video,
                  .progress = run.progress,
                  .cancel = run.cancel});
}

int64_t ToFolder(const Sampler& sampler, const Sampler::Run& run, const SamplePlan& plan,
                 const SampleSource& source, const fs::path& output, const SampleOptions& options) {
  PictureFolder folder(source, output, options);
  sampler.Make(plan.items, run,
               [&](size_t i, const Tensor& picture) { folder.Add(plan.items[i], picture); });
  folder.Keep();
  return folder.files();
}

}  // namespace

SampleForm SampleFormFor(const fs::path& output, const SampleRequest& request) {
  std::error_code error;
  if (output.filename().empty() || fs::is_directory(output, error) || !output.has_extension()) {
    return SampleForm::kFolder;
  }
  const std::optional<AnimationFormat> animation = AnimationFormatFrom(output);
  if (animation && (animation != AnimationFormat::kWebp || request.frames)) {
    return SampleForm::kAnimation;
  }
  FormatFromExtension(output);
  return SampleForm::kSheet;
}

SampleResult SampleTo(const SampleSource& source, const fs::path& output,
                      const SampleOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  Latents latents = LatentsOf(source, options);
  const Sampler sampler(source.network, source.classes, latents, options.max_memory);
  SampleResult result;
  result.form = SampleFormFor(output, options.request);
  const SamplePlan plan =
      PlanSamples(result.form, options.request, source.classes, latents.count(), options.seed);
  latents.Draw(plan.latents);
  const Sampler::Run run{options.request.interpolation.value_or(options.usual_interpolation),
                         options.progress, options.cancel};
  result.pictures = static_cast<int64_t>(plan.items.size());
  result.height = sampler.picture()[1];
  result.width = sampler.picture()[2];
  result.files = 1;
  switch (result.form) {
    case SampleForm::kSheet: ToSheet(sampler, run, plan, output, options); break;
    case SampleForm::kAnimation:
      result.frames = result.pictures / plan.cells;
      ToAnimation(sampler, run, plan, output, options);
      break;
    case SampleForm::kFolder:
      result.files = ToFolder(sampler, run, plan, source, output, options);
      break;
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

int64_t FindClass(std::string_view text, int64_t classes, const std::vector<std::string>& names) {
  if (classes == 0) {
    Fail(ErrorCode::kUsage, "class", "this generator was trained without classes");
  }
  const auto found = std::ranges::find(names, text);
  if (found != names.end()) return found - names.begin();
  int64_t label = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
  if (error == std::errc() && end == text.data() + text.size() && label >= 0 && label < classes) {
    return label;
  }
  std::string known = fmt::format("a number from 0 to {}", classes - 1);
  for (const std::string& name : names) known += ", " + Printable(name, 40);
  Fail(ErrorCode::kUsage, "class", "wants all, {}; got \"{}\"", Printable(known, 1000),
       Printable(text));
}

}  // namespace gan::core
