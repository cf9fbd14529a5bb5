#include "api/picture_set.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>

#include "api/load.h"
#include "base/error.h"
#include "data/dataset.h"
#include "formats/detect.h"
#include "formats/zip_archive.h"
#include "tasks/sampler.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUsualSamples = 2000;

// PyTorch's archives, and not one of pictures. What is wrong with an archive is told by whoever
// reads it in earnest.
bool HoldsCheckpoint(const ByteSource& zip) {
  try {
    return std::ranges::any_of(ZipArchive(zip, Limits{}).entries(), [](const ZipEntry& entry) {
      return entry.name.ends_with("/data.pkl");
    });
  } catch (const Error&) {
    return false;
  }
}

// The file of the generator that a path leads to, "" when it leads to pictures.
std::string GeneratorFile(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    const fs::path newest = fs::path(path) / "generator.safetensors";
    return fs::is_regular_file(newest, ignored) ? newest.string() : "";
  }
  if (!fs::exists(path, ignored)) return path;  // perhaps a name in the model folder
  const FileSource source(path, UINT64_MAX);
  switch (DetectFormat(source)) {
    case FileFormat::kSafetensors:
    case FileFormat::kTorchLegacy:
    case FileFormat::kPickle:
    case FileFormat::kNcnnParam: return path;
    case FileFormat::kZip: return HoldsCheckpoint(source) ? path : "";
    default: return "";
  }
}

// What a generator's source holds on to.
struct Drawing {
  Drawing(Model generator, Backend& backend, const PictureSetOptions& options)
      : model(std::move(generator)),
        network(backend.Compile(model.graph, model.parameters)),
        latents(model.latent->size, options.seed),
        sampler(*network, model.latent->classes, latents, options.max_memory) {}

  Model model;
  std::unique_ptr<Executable> network;
  Latents latents;
  Sampler sampler;
};

PictureSet Draw(const std::string& path, const PictureSetOptions& options, Backend& backend) {
  Model model = GeneratorOf(ReadContents(path, options.load));
  if (!model.latent) {
    Fail(ErrorCode::kBadData, Printable(path),
         "wants a generator that makes pictures from random numbers, got {}, which makes pictures "
         "from pictures: judge a folder of its results",
         model.description);
  }
  const auto drawing = std::make_shared<Drawing>(std::move(model), backend, options);
  PictureSet set;
  set.count = options.samples == 0 ? kUsualSamples : options.samples;
  set.name = fs::path(path).filename().string();
  set.pictures = [drawing, seed = options.seed](int64_t first, int64_t count) {
    const int64_t classes = drawing->model.latent->classes;
    std::vector<SampleItem> items;
    for (int64_t i = first; i < first + count; ++i) {
      items.push_back({.latent = i, .label = classes > 0 ? DrawBelow(seed, i, classes) : -1});
    }
    const Shape& shape = drawing->sampler.picture();
    Tensor out(DType::kF32, {count, shape[0], shape[1], shape[2]});
    drawing->sampler.Make(items, {}, [&](size_t i, const Tensor& picture) {
      float* to = out.floats().data() + static_cast<int64_t>(i) * shape.elements();
      for (const float value : picture.floats()) *to++ = value * 2 - 1;
    });
    return out;
  };
  return set;
}

}  // namespace

PictureSet OpenDataPictures(const std::string& path, const std::string& split,
                            const PictureSetOptions& options) {
  DatasetOptions open;
  open.path = path;
  open.labels = "none";
  open.split = split;
  open.size = options.size;
  open.limit = options.samples;
  open.seed = options.seed;
  open.cache = options.cache;
  open.threads = options.threads;
  const Dataset data = Dataset::Open(open, {}, options.cancel);
  PictureSet set;
  set.count = data.count();
  set.fingerprint = data.fingerprint();
  const fs::path named = fs::path(path).lexically_normal();
  set.name = fmt::format(
      "{}, {}", Printable((named.has_filename() ? named : named.parent_path()).filename().string()),
      split);
  set.notes = data.notes();
  if (!data.unreadable().empty()) {
    set.notes.push_back(fmt::format("{} pictures of {} cannot be read and are left out: {}: {}",
                                    data.unreadable().size(), Printable(path),
                                    data.unreadable()[0].name, data.unreadable()[0].reason));
  }
  set.pictures = [data](int64_t first, int64_t count) {
    Tensor out(DType::kF32, {count, data.channels(), data.height(), data.width()});
    const auto size = static_cast<size_t>(data.elements());
    for (int64_t i = 0; i < count; ++i) {
      data.Read(first + i, out.floats().subspan(static_cast<size_t>(i) * size, size));
    }
    return out;
  };
  return set;
}

PictureSet OpenPictureSet(const std::string& path, const std::string& split,
                          const PictureSetOptions& options, Backend& backend) {
  const std::string generator = GeneratorFile(path);
  return generator.empty() ? OpenDataPictures(path, split, options)
                           : Draw(generator, options, backend);
}

}  // namespace gan::core
