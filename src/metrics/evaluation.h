// All figures of a generator against its reference, each signed with how it was come by.
#ifndef GAN_METRICS_EVALUATION_H_
#define GAN_METRICS_EVALUATION_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/thread_pool.h"
#include "metrics/feature_extractor.h"
#include "metrics/nearest_neighbours.h"
#include "metrics/picture_source.h"
#include "metrics/reference_statistics.h"
#include "runtime/backend.h"

namespace gan::core {

struct Figure {
  std::string name;  // "fid"
  double value = 0;
  // All that another needs to get the same number: "FID, glyphs-1 features (128), resize none, 2000
  // made vs 60000 reference (train), seed 7".
  std::string protocol;
  std::optional<double> spread;  // over KID's subsets, over the Inception score's splits
};
using Figures = std::vector<Figure>;

// The value of figure `name`; nothing when it was not asked for.
std::optional<double> ValueOf(const Figures& figures, std::string_view name);

struct EvaluationOptions {
  // Of kFigures.
  std::vector<std::string> metrics = {"fid", "coverage"};
  // "glyphs" or "auto" (shipped with the program), "pixels", or the path of Inception-v3's weights.
  std::string features = "glyphs";
  Resizer resizer = Resizer::kBilinear;
  int64_t samples = 2000;  // how many made pictures are to be judged: as many neighbours to look at
  int64_t reference = 0;   // a seeded choice of so many reference pictures; 0: all
  std::string reference_name;  // which part of which data: "train"
  int64_t neighbours = 5;      // k of precision, recall, density, coverage
  int64_t splits = 10;         // of the Inception score
  int64_t subsets = 100;       // of KID
  uint64_t seed = 0;           // of what is chosen at random, and named in protocols
  std::string cache;           // folder; "": the user's cache folder; "none": keep nothing
  int threads = 0;             // of the statistics; 0: every processor
  ProgressFn progress;         // while the reference is looked at
  const CancelFlag* cancel = nullptr;
};

// fid kid precision recall density coverage is, and for the guard: memorisation (share of samples
// nearer to a training picture than those are to one another), memorisation_ratio, variety. See
// docs/metrics.md.
extern const std::span<const std::string_view> kFigures;

// Neighbours are looked for among at most so many pictures of each side.
inline constexpr int64_t kMostNeighboursAmong = 10'000;

// Thread safety: one call at a time.
class Evaluation {
 public:
  // Loads the feature network and looks at the reference, unless an earlier one left its
  // statistics. The backend must outlive this; the source is asked here only and by
  // NearestReference's callers.
  //
  // Error kUsage: unknown figure, "is" with a network that does not classify; kNoInput: no such
  // features; kBadData: too few pictures, or some that are not finite.
  Evaluation(const EvaluationOptions& options, Backend& backend, const PictureSource& reference,
             int64_t reference_count, uint64_t reference_fingerprint);
  // With a network of the caller's.
  Evaluation(const EvaluationOptions& options, FeatureModel features, Backend& backend,
             const PictureSource& reference, int64_t reference_count,
             uint64_t reference_fingerprint);

  // In the order of options.metrics. Of pictures [0, count) of `made`.
  Figures Evaluate(const PictureSource& made, int64_t count);

  // The k nearest reference pictures of each row of features, by their numbers in the reference:
  // of all, or of as many as were kept (see ReferenceStatistics).
  Neighbours NearestReference(const Tensor& made_features, int64_t k);

  FeatureExtractor& extractor() { return extractor_; }
  const ReferenceStatistics& reference() const { return reference_; }

 private:
  struct Made;
  Figure Judge(std::string_view name, const Made& made);
  std::string Signature(std::string_view title, const Made& made) const;
  std::string NeighbourSignature(std::string_view title, const Made& made) const;

  EvaluationOptions options_;
  ThreadPool pool_;
  FeatureExtractor extractor_;
  ReferenceStatistics reference_;
  Tensor manifold_;  // rows of the reference that neighbours are looked for in
};

}  // namespace gan::core

#endif  // GAN_METRICS_EVALUATION_H_
