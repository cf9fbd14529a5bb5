#include "metrics/density_coverage.h"

#include <numeric>
#include <vector>

#include "base/error.h"
#include "metrics/distances.h"
#include "metrics/feature_matrix.h"

namespace gan::core {

double Density(const Tensor& reference, std::span<const float> radii, int64_t k, const Tensor& made,
               ThreadPool& pool) {
  CheckFeatures("density", reference, made, 1);
  GAN_ASSERT(k >= 1 && static_cast<int64_t>(radii.size()) == reference.shape()[0]);
  std::vector<int64_t> balls(static_cast<size_t>(made.shape()[0]), 0);
  ForEachDistance(made, reference, pool,
                  [&](int64_t row, int64_t first, std::span<const float> distances) {
                    int64_t inside = 0;
                    for (size_t j = 0; j < distances.size(); ++j) {
                      inside += distances[j] <= radii[static_cast<size_t>(first) + j] ? 1 : 0;
                    }
                    balls[static_cast<size_t>(row)] += inside;
                  });
  const int64_t all = std::accumulate(balls.begin(), balls.end(), int64_t{0});
  return static_cast<double>(all) / (static_cast<double>(k) * static_cast<double>(balls.size()));
}

double Coverage(const Tensor& reference, std::span<const float> radii, const Tensor& made,
                ThreadPool& pool) {
  CheckFeatures("coverage", reference, made, 1);
  GAN_ASSERT(static_cast<int64_t>(radii.size()) == reference.shape()[0]);
  std::vector<uint8_t> covered(radii.size(), 0);
  ForEachDistance(reference, made, pool,
                  [&](int64_t row, int64_t, std::span<const float> distances) {
                    const auto i = static_cast<size_t>(row);
                    for (const float distance : distances) {
                      if (distance <= radii[i]) covered[i] = 1;
                    }
                  });
  const int64_t count = std::accumulate(covered.begin(), covered.end(), int64_t{0});
  return static_cast<double>(count) / static_cast<double>(covered.size());
}

}  // namespace gan::core
