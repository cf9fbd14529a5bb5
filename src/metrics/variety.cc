#include "metrics/variety.h"

#include <numeric>
#include <vector>

#include "base/error.h"
#include "metrics/distances.h"
#include "metrics/feature_matrix.h"

namespace gan::core {

double MeanPairwiseDistance(const Tensor& features, ThreadPool& pool) {
  CheckFeatures("variety", features, 2);
  const int64_t n = features.shape()[0];
  std::vector<double> sums(static_cast<size_t>(n), 0.0);
  // A row is 0 from itself, so it may stay in the sum.
  ForEachDistance(features, features, pool,
                  [&](int64_t row, int64_t, std::span<const float> distances) {
                    double& sum = sums[static_cast<size_t>(row)];
                    for (const float distance : distances) sum += distance;
                  });
  const double all = std::accumulate(sums.begin(), sums.end(), 0.0);
  return all / (static_cast<double>(n) * static_cast<double>(n - 1));
}

double RelativeVariety(const Tensor& reference, const Tensor& made, ThreadPool& pool) {
  CheckFeatures("variety", reference, made, 2);
  const double of_reference = MeanPairwiseDistance(reference, pool);
  if (!(of_reference > 0)) {
    Fail(ErrorCode::kBadData, "variety",
         "wants a reference of different pictures, got {} times "
         "the same",
         reference.shape()[0]);
  }
  return MeanPairwiseDistance(made, pool) / of_reference;
}

}  // namespace gan::core
