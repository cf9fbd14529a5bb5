#include "metrics/memorisation.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/error.h"
#include "metrics/feature_matrix.h"
#include "metrics/nearest_neighbours.h"

namespace gan::core {
namespace {

// The value that a share of the others is below. Requires sorted values, not empty.
float Quantile(const std::vector<float>& sorted, double share) {
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

Memorisation MemorisationOf(const Tensor& training, std::span<const float> nearest_within,
                            const Tensor& made, ThreadPool& pool) {
  CheckFeatures("memorisation", training, made, 1);
  GAN_ASSERT(!nearest_within.empty());
  std::vector<float> within(nearest_within.begin(), nearest_within.end());
  std::ranges::sort(within);
  std::vector<float> across = NearestNeighbours(made, training, 1, pool).distances;
  std::ranges::sort(across);

  Memorisation result;
  const float near = Quantile(within, result.expected);
  // Not above: where the data has doubles, `near` is 0, and only copies count.
  const auto copies = std::ranges::upper_bound(across, near) - across.begin();
  result.share = static_cast<double>(copies) / static_cast<double>(across.size());
  const double usual = Quantile(within, 0.5);
  const double median = Quantile(across, 0.5);
  // Data whose pictures all are doubles: what is no copy is infinitely further away.
  result.median_ratio = usual > 0    ? median / usual
                        : median > 0 ? std::numeric_limits<double>::infinity()
                                     : 1;
  return result;
}

}  // namespace gan::core
