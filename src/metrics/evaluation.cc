#include "metrics/evaluation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/cache_folder.h"
#include "base/error.h"
#include "metrics/density_coverage.h"
#include "metrics/feature_matrix.h"
#include "metrics/frechet_distance.h"
#include "metrics/inception_score.h"
#include "metrics/kernel_distance.h"
#include "metrics/memorisation.h"
#include "metrics/precision_recall.h"
#include "metrics/seeded_choice.h"
#include "metrics/variety.h"

namespace gan::core {
namespace {

constexpr std::array<std::string_view, 10> kNames = {
    "fid", "kid",          "precision",          "recall", "density", "coverage",
    "is",  "memorisation", "memorisation_ratio", "variety"};

// Pairs of rows grow with the square; so many show the mean to a percent.
constexpr int64_t kMostPaired = 2000;

EvaluationOptions Checked(const EvaluationOptions& options) {
  for (const std::string& metric : options.metrics) {
    if (std::ranges::count(kNames, metric) != 0) continue;
    Fail(ErrorCode::kUsage, "metrics",
         "knows fid, kid, precision, recall, density, coverage, is, "
         "memorisation, memorisation_ratio and variety, not \"{}\"",
         Printable(metric));
  }
  const auto at_least = [](std::string_view name, int64_t value, int64_t least) {
    if (value >= least) return;
    Fail(ErrorCode::kUsage, "metrics", "{} wants at least {}, got {}", name, least, value);
  };
  at_least("neighbours", options.neighbours, 1);
  at_least("samples", options.samples, 2);
  at_least("splits", options.splits, 1);
  at_least("subsets", options.subsets, 1);
  at_least("reference", options.reference, 0);
  return options;
}

ReferenceOptions ReferenceOf(const EvaluationOptions& options, int64_t count,
                             uint64_t fingerprint) {
  ReferenceOptions reference;
  reference.count = count;
  reference.use = std::min(options.reference, count);
  reference.manifold = std::min(options.samples, kMostNeighboursAmong);
  reference.neighbours = options.neighbours;
  reference.seed = options.seed;
  reference.fingerprint = fingerprint;
  if (options.cache.empty()) {
    if (const auto folder = CacheFolder(); !folder.empty()) reference.folder = folder / "reference";
  } else if (options.cache != "none") {
    reference.folder = options.cache;
  }
  reference.progress = options.progress;
  reference.cancel = options.cancel;
  return reference;
}

Tensor AtMost(const Tensor& rows, int64_t most, uint64_t seed) {
  const int64_t count = rows.shape()[0];
  if (count <= most) return rows;
  Random random(seed);
  return TakeRows(rows, Choose(count, most, random));
}

}  // namespace

const std::span<const std::string_view> kFigures = kNames;

std::optional<double> ValueOf(const Figures& figures, std::string_view name) {
  const auto found = std::ranges::find(figures, name, &Figure::name);
  if (found == figures.end()) return std::nullopt;
  return found->value;
}

// What was made, as the figures need it.
struct Evaluation::Made {
  Features features;
  Tensor manifold;  // those rows that neighbours are looked for in
  std::string preparation;
  std::optional<Memorisation> memorisation;
};

Evaluation::Evaluation(const EvaluationOptions& options, Backend& backend,
                       const PictureSource& reference, int64_t reference_count,
                       uint64_t reference_fingerprint)
    : Evaluation(Checked(options), LoadFeatureModel(options.features), backend, reference,
                 reference_count, reference_fingerprint) {}

Evaluation::Evaluation(const EvaluationOptions& options, FeatureModel features, Backend& backend,
                       const PictureSource& reference, int64_t reference_count,
                       uint64_t reference_fingerprint)
    : options_(Checked(options)),
      pool_(options.threads),
      extractor_(std::move(features), backend, options.resizer) {
  if (std::ranges::count(options_.metrics, "is") != 0 && extractor_.classes() == 0) {
    Fail(ErrorCode::kUsage, "is", "wants a network that classifies; {} does not",
         extractor_.name());
  }
  reference_ = StatisticsOf(
      reference, ReferenceOf(options_, reference_count, reference_fingerprint), extractor_, pool_);
  manifold_ = TakeRows(reference_.features, reference_.manifold);
}

Figures Evaluation::Evaluate(const PictureSource& made, int64_t count) {
  if (count < 1) Fail(ErrorCode::kBadData, "metrics", "wants pictures to judge, got none");
  Made all;
  // All pictures of a source are of one size, so that one speaks for them.
  const Shape shape = TakePictures(made, 0, 1).shape();
  all.preparation = extractor_.Preparation({shape[1], shape[2], shape[3]});
  all.features = extractor_.Extract(made, 0, count, options_.cancel);
  all.manifold = AtMost(all.features.values, kMostNeighboursAmong, options_.seed);
  const auto wants = [&](std::string_view name) {
    return std::ranges::count(options_.metrics, name) != 0;
  };
  if (wants("memorisation") || wants("memorisation_ratio")) {
    all.memorisation = MemorisationOf(reference_.features, reference_.nearest, all.manifold, pool_);
  }
  Figures figures;
  for (const std::string& name : options_.metrics) {
    if (options_.cancel != nullptr) options_.cancel->ThrowIfCancelled();
    figures.push_back(Judge(name, all));
    figures.back().name = name;
  }
  return figures;
}

Figure Evaluation::Judge(std::string_view name, const Made& made) {
  const Tensor& features = made.features.values;
  const int64_t k = options_.neighbours;
  Figure figure;
  if (name == "fid") {
    figure.value = FrechetDistance(reference_.gaussian, GaussianOf(features));
    figure.protocol = Signature("FID", made);
  } else if (name == "kid") {
    const KernelDistance kid = KernelDistanceOf(
        reference_.features, features, {.subsets = options_.subsets, .seed = options_.seed}, pool_);
    figure.value = kid.value;
    figure.spread = kid.spread;
    figure.protocol =
        Signature(fmt::format("KID ({} subsets of {})", options_.subsets, kid.subset_size), made);
  } else if (name == "precision") {
    figure.value = ShareInside(name, made.manifold, manifold_, reference_.radii, pool_);
    figure.protocol = NeighbourSignature("improved precision", made);
  } else if (name == "recall") {
    figure.value = ShareInside(name, manifold_, made.manifold,
                               NeighbourRadii(name, made.manifold, k, pool_), pool_);
    figure.protocol = NeighbourSignature("improved recall", made);
  } else if (name == "density") {
    figure.value = Density(manifold_, reference_.radii, k, made.manifold, pool_);
    figure.protocol = NeighbourSignature("density", made);
  } else if (name == "coverage") {
    figure.value = Coverage(manifold_, reference_.radii, made.manifold, pool_);
    figure.protocol = NeighbourSignature("coverage", made);
  } else if (name == "is") {
    const InceptionScore score = InceptionScoreOf(made.features.probabilities, options_.splits);
    figure.value = score.value;
    figure.spread = score.spread;
    figure.protocol =
        fmt::format("Inception score ({} splits), {} with {} classes, {}, {} made", options_.splits,
                    extractor_.name(), extractor_.classes(), made.preparation, features.shape()[0]);
  } else if (name == "memorisation") {
    figure.value = made.memorisation->share;
    figure.protocol = Signature(
        fmt::format("memorisation (share nearer than {:.0f} % of the reference to one another)",
                    100 * (1 - made.memorisation->expected)),
        made);
  } else if (name == "memorisation_ratio") {
    figure.value = made.memorisation->median_ratio;
    figure.protocol = Signature("memorisation ratio (of median nearest distances)", made);
  } else if (name == "variety") {
    figure.value = RelativeVariety(AtMost(manifold_, kMostPaired, options_.seed),
                                   AtMost(features, kMostPaired, options_.seed), pool_);
    figure.protocol = Signature("variety (mean pairwise distance over the reference's)", made);
  } else {
    GAN_ASSERT(false);  // Checked() knows the names
  }
  return figure;
}

std::string Evaluation::Signature(std::string_view title, const Made& made) const {
  return fmt::format(
      "{}, {} features ({}), {}, {} made vs {} reference{}, seed {}", title, extractor_.name(),
      extractor_.size(), made.preparation, made.features.values.shape()[0],
      reference_.gaussian.count,
      options_.reference_name.empty() ? "" : fmt::format(" ({})", options_.reference_name),
      options_.seed);
}

std::string Evaluation::NeighbourSignature(std::string_view title, const Made& made) const {
  return fmt::format(
      "{} (k = {}), {} features ({}), {}, {} made vs {} of {} reference{}, seed {}", title,
      options_.neighbours, extractor_.name(), extractor_.size(), made.preparation,
      made.manifold.shape()[0], manifold_.shape()[0], reference_.gaussian.count,
      options_.reference_name.empty() ? "" : fmt::format(" ({})", options_.reference_name),
      options_.seed);
}

Neighbours Evaluation::NearestReference(const Tensor& made_features, int64_t k) {
  Neighbours found = NearestNeighbours(made_features, reference_.features, k, pool_);
  for (int64_t& index : found.indices) index = reference_.pictures[static_cast<size_t>(index)];
  return found;
}

}  // namespace gan::core
