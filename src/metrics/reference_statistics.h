// What is known of the pictures that others are compared with, worked out once and kept in a file.
#ifndef GAN_METRICS_REFERENCE_STATISTICS_H_
#define GAN_METRICS_REFERENCE_STATISTICS_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/thread_pool.h"
#include "metrics/feature_extractor.h"
#include "metrics/gaussian.h"
#include "metrics/picture_source.h"

namespace gan::core {

struct ReferenceStatistics {
  Gaussian gaussian;  // of all pictures that were looked at
  // Features of those that were kept, ascending by their number in the source: all, unless that
  // would take more than kKeptBytes.
  Tensor features;                // [n, F]
  std::vector<int64_t> pictures;  // [n]
  // A seeded choice of the kept rows, the "manifold" that neighbours are looked for in.
  std::vector<int64_t> manifold;  // [m], rows of `features`
  std::vector<float> radii;       // [m]: to the k-th nearest other within the manifold
  std::vector<float> nearest;     // [m]: to the nearest other of all that were kept

  static constexpr int64_t kKeptBytes = int64_t{512} << 20;
};

struct ReferenceOptions {
  int64_t count = 0;       // pictures of the source
  int64_t use = 0;         // a seeded choice of so many of them; 0: all
  int64_t manifold = 0;    // rows that neighbours are looked for in, at most
  int64_t neighbours = 5;  // k
  uint64_t seed = 0;
  uint64_t fingerprint = 0;      // of the source's pictures
  std::filesystem::path folder;  // of the cache; "": keep nothing
  ProgressFn progress;
  const CancelFlag* cancel = nullptr;
};

// Reads the file that an earlier call left for the same pictures, network, resizer and counts, or
// works everything out and leaves one. A broken file is worked out again; a folder that cannot be
// written is a warning. Error kBadData: no more than k pictures, and as of Extract; kInterrupted.
ReferenceStatistics StatisticsOf(const PictureSource& source, const ReferenceOptions& options,
                                 FeatureExtractor& extractor, ThreadPool& pool);

// The file for these. For tests.
std::filesystem::path ReferenceFile(const ReferenceOptions& options,
                                    const FeatureExtractor& extractor);

}  // namespace gan::core

#endif  // GAN_METRICS_REFERENCE_STATISTICS_H_
