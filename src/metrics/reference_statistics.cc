#include "metrics/reference_statistics.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/fingerprint.h"
#include "base/log.h"
#include "formats/checkpoint.h"
#include "formats/safetensors.h"
#include "metrics/feature_matrix.h"
#include "metrics/nearest_neighbours.h"
#include "metrics/seeded_choice.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kChunk = 1024;  // pictures between two reports of progress

// Everything that the statistics depend on, in words. A change of what is kept raises the edition.
std::string KeyOf(const ReferenceOptions& options, const FeatureExtractor& extractor) {
  return fmt::format(
      "edition 1, pictures {:016x}, {} of {}, features {} {:016x}, resize {}, manifold {}, k {}, "
      "seed {}",
      options.fingerprint, options.use, options.count, extractor.name(), extractor.fingerprint(),
      NameOf(extractor.resizer()), options.manifold, options.neighbours, options.seed);
}

template <class T>
Tensor Pack(DType dtype, const Shape& shape, const std::vector<T>& values) {
  Tensor out(dtype, shape);
  GAN_ASSERT(out.bytes() == values.size() * sizeof(T));
  std::memcpy(out.raw().data(), values.data(), out.bytes());
  return out;
}

template <class T>
std::vector<T> Unpack(const NamedTensors& tensors, std::string_view name) {
  const Tensor& tensor = tensors.At(name);
  std::vector<T> out(tensor.bytes() / sizeof(T));
  if (!out.empty()) std::memcpy(out.data(), tensor.raw().data(), out.size() * sizeof(T));
  return out;
}

NamedTensors Packed(const ReferenceStatistics& s) {
  const int64_t size = s.gaussian.size;
  const auto m = static_cast<int64_t>(s.manifold.size());
  NamedTensors out;
  out.Add("count", Pack<int64_t>(DType::kI64, {1}, {s.gaussian.count}));
  out.Add("mean", Pack(DType::kF64, {size}, s.gaussian.mean));
  out.Add("covariance", Pack(DType::kF64, {size, size}, s.gaussian.covariance));
  out.Add("features", s.features);
  out.Add("pictures", Pack(DType::kI64, {static_cast<int64_t>(s.pictures.size())}, s.pictures));
  out.Add("manifold", Pack(DType::kI64, {m}, s.manifold));
  out.Add("radii", Pack(DType::kF32, {m}, s.radii));
  out.Add("nearest", Pack(DType::kF32, {m}, s.nearest));
  return out;
}

ReferenceStatistics Unpacked(const NamedTensors& tensors) {
  ReferenceStatistics s;
  s.gaussian.count = Unpack<int64_t>(tensors, "count").at(0);
  s.gaussian.mean = Unpack<double>(tensors, "mean");
  s.gaussian.size = static_cast<int64_t>(s.gaussian.mean.size());
  s.gaussian.covariance = Unpack<double>(tensors, "covariance");
  s.features = tensors.At("features");
  s.pictures = Unpack<int64_t>(tensors, "pictures");
  s.manifold = Unpack<int64_t>(tensors, "manifold");
  s.radii = Unpack<float>(tensors, "radii");
  s.nearest = Unpack<float>(tensors, "nearest");
  return s;
}

std::string ChecksumOf(const NamedTensors& tensors, const std::string& key) {
  Fingerprint fingerprint;
  fingerprint.Add(key);
  for (const auto& [name, tensor] : tensors) {
    fingerprint.Add(name);
    fingerprint.Add(tensor.shape().ToString());
    fingerprint.Add(tensor.raw());
  }
  return fmt::format("{:016x}", fingerprint.value());
}

// What the file holds, when it is whole and for this key. The checksum covers key and content, so
// that whatever passes is what was written.
std::optional<ReferenceStatistics> Load(const fs::path& path, const std::string& key) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  try {
    const Checkpoint file = ReadCheckpoint(path, {.allow_non_finite = true});
    const auto kept = [&](const char* name) {
      const auto found = file.metadata.find(name);
      return found == file.metadata.end() ? "" : found->second;
    };
    if (kept("gan.key") == key && kept("gan.checksum") == ChecksumOf(file.tensors, key)) {
      return Unpacked(file.tensors);
    }
    Log().warn("{}: damaged or of another edition; the reference is worked out again",
               Printable(path.string()));
  } catch (const Error& error) {
    Log().warn("{}; the reference is worked out again", error.what());
  }
  return std::nullopt;
}

void Store(const fs::path& path, const std::string& key, const ReferenceStatistics& statistics) {
  try {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);  // AtomicFile says what is wrong with it
    const NamedTensors tensors = Packed(statistics);
    WriteSafetensors(path, tensors, {{"gan.key", key}, {"gan.checksum", ChecksumOf(tensors, key)}});
  } catch (const Error& error) {
    Log().warn("{}; the reference will be worked out again next time", error.what());
  }
}

// Those pictures that are looked at, and which of them are kept.
struct Plan {
  std::vector<int64_t> pictures;
  std::vector<bool> kept;
};

Plan PlanOf(const ReferenceOptions& options, int64_t size, Random& random) {
  Plan plan;
  plan.pictures = Choose(options.count, options.use, random);
  const int64_t room = ReferenceStatistics::kKeptBytes / (size * int64_t{sizeof(float)});
  const int64_t keep = std::min(options.use, std::max(room, options.manifold));
  plan.kept.assign(plan.pictures.size(), false);
  for (const int64_t i : Choose(options.use, keep, random))
    plan.kept[static_cast<size_t>(i)] = true;
  return plan;
}

// Features of all pictures, summed up, and of those kept, side by side.
void Look(const PictureSource& source, const ReferenceOptions& options, const Plan& plan,
          FeatureExtractor& extractor, ReferenceStatistics& out) {
  GaussianSum sum(extractor.size());
  const auto keep = std::ranges::count(plan.kept, true);
  out.features = Tensor(DType::kF32, {keep, extractor.size()});
  float* to = out.features.floats().data();
  const auto all = static_cast<int64_t>(plan.pictures.size());
  for (int64_t first = 0; first < all; first += kChunk) {
    const int64_t count = std::min(kChunk, all - first);
    const std::span<const int64_t> rows =
        std::span(plan.pictures).subspan(static_cast<size_t>(first), static_cast<size_t>(count));
    const PictureSource chosen = [&](int64_t from, int64_t n) {
      return TakePictures(source, rows.subspan(static_cast<size_t>(from), static_cast<size_t>(n)));
    };
    const Features features = extractor.Extract(chosen, 0, count, options.cancel);
    sum.Add(features.values);
    for (int64_t i = 0; i < count; ++i) {
      const auto place = static_cast<size_t>(first + i);
      if (!plan.kept[place]) continue;
      to = std::ranges::copy(RowOf(features.values, i), to).out;
      out.pictures.push_back(plan.pictures[place]);
    }
    if (options.progress) {
      options.progress(static_cast<double>(first + count) / static_cast<double>(all));
    }
  }
  out.gaussian = sum.Finish();
}

void Measure(const ReferenceOptions& options, Random& random, ReferenceStatistics& out,
             ThreadPool& pool) {
  const int64_t kept = out.features.shape()[0];
  out.manifold = Choose(kept, std::min(options.manifold, kept), random);
  const Tensor manifold = TakeRows(out.features, out.manifold);
  out.radii = NeighbourRadii("reference", manifold, options.neighbours, pool);
  // The nearest of all is the picture itself, so the second is asked for. Of doubles either may
  // come first; both are 0 away.
  const Neighbours nearest = NearestNeighbours(manifold, out.features, 2, pool);
  for (size_t i = 0; i < out.manifold.size(); ++i) {
    out.nearest.push_back(nearest.distances[2 * i + 1]);
  }
}

ReferenceOptions Completed(const ReferenceOptions& given) {
  ReferenceOptions options = given;
  if (options.use == 0) options.use = options.count;
  if (options.use > options.count || options.use <= options.neighbours) {
    Fail(ErrorCode::kBadData, "reference",
         "wants more than {} pictures, one more than neighbours, and no more than there are: {} of "
         "{} asked for",
         options.neighbours, options.use, options.count);
  }
  options.manifold = options.manifold == 0 ? options.use : std::min(options.manifold, options.use);
  options.manifold = std::max(options.manifold, options.neighbours + 1);
  return options;
}

fs::path FileFor(const ReferenceOptions& options, const std::string& key) {
  Fingerprint name;
  name.Add(key);
  return options.folder / fmt::format("reference-{:016x}.safetensors", name.value());
}

}  // namespace

fs::path ReferenceFile(const ReferenceOptions& options, const FeatureExtractor& extractor) {
  return FileFor(options, KeyOf(Completed(options), extractor));
}

ReferenceStatistics StatisticsOf(const PictureSource& source, const ReferenceOptions& given,
                                 FeatureExtractor& extractor, ThreadPool& pool) {
  const ReferenceOptions options = Completed(given);
  const std::string key = KeyOf(options, extractor);
  const fs::path path = FileFor(options, key);
  if (!options.folder.empty()) {
    if (auto kept = Load(path, key)) return std::move(*kept);
  }
  Random random(options.seed);
  ReferenceStatistics statistics;
  Look(source, options, PlanOf(options, extractor.size(), random), extractor, statistics);
  Measure(options, random, statistics, pool);
  if (!options.folder.empty()) Store(path, key, statistics);
  return statistics;
}

}  // namespace gan::core
