#include "metrics/precision_recall.h"

#include <numeric>
#include <vector>

#include "base/error.h"
#include "metrics/distances.h"
#include "metrics/feature_matrix.h"

namespace gan::core {

double ShareInside(std::string_view where, const Tensor& queries, const Tensor& set,
                   std::span<const float> radii, ThreadPool& pool) {
  CheckFeatures(where, set, queries, 1);
  GAN_ASSERT(static_cast<int64_t>(radii.size()) == set.shape()[0]);
  // Bytes, not bits: neighbouring rows belong to different threads.
  std::vector<uint8_t> inside(static_cast<size_t>(queries.shape()[0]), 0);
  ForEachDistance(queries, set, pool,
                  [&](int64_t row, int64_t first, std::span<const float> distances) {
                    for (size_t j = 0; j < distances.size(); ++j) {
                      if (distances[j] <= radii[static_cast<size_t>(first) + j]) {
                        inside[static_cast<size_t>(row)] = 1;
                        return;
                      }
                    }
                  });
  const int64_t count = std::accumulate(inside.begin(), inside.end(), int64_t{0});
  return static_cast<double>(count) / static_cast<double>(inside.size());
}

}  // namespace gan::core
