#include "metrics/nearest_neighbours.h"

#include <limits>

#include "base/error.h"
#include "metrics/distances.h"

namespace gan::core {
namespace {

Neighbours Find(const Tensor& queries, const Tensor& set, int64_t k, bool leave_out_self,
                ThreadPool& pool) {
  GAN_ASSERT(k >= 1 && k <= set.shape()[0] - (leave_out_self ? 1 : 0));
  const auto places = static_cast<size_t>(queries.shape()[0] * k);
  Neighbours found{k, std::vector<int64_t>(places, -1),
                   std::vector<float>(places, std::numeric_limits<float>::infinity())};
  ForEachDistance(queries, set, pool,
                  [&](int64_t row, int64_t first, std::span<const float> distances) {
                    int64_t* indices = found.indices.data() + row * k;
                    float* best = found.distances.data() + row * k;
                    for (size_t j = 0; j < distances.size(); ++j) {
                      const int64_t index = first + static_cast<int64_t>(j);
                      if (!(distances[j] < best[k - 1]) || (leave_out_self && index == row))
                        continue;
                      // Columns come in order: behind those that are as near.
                      int64_t place = k - 1;
                      for (; place > 0 && distances[j] < best[place - 1]; --place) {
                        best[place] = best[place - 1];
                        indices[place] = indices[place - 1];
                      }
                      best[place] = distances[j];
                      indices[place] = index;
                    }
                  });
  return found;
}

}  // namespace

Neighbours NearestNeighbours(const Tensor& queries, const Tensor& set, int64_t k,
                             ThreadPool& pool) {
  return Find(queries, set, k, false, pool);
}

Neighbours NearestOthers(const Tensor& set, int64_t k, ThreadPool& pool) {
  return Find(set, set, k, true, pool);
}

std::vector<float> NeighbourRadii(std::string_view where, const Tensor& set, int64_t k,
                                  ThreadPool& pool) {
  GAN_ASSERT(k >= 1);
  if (set.shape()[0] <= k) {
    Fail(ErrorCode::kBadData, where,
         "wants more than {} pictures on each side, one more than neighbours, got {}", k,
         set.shape()[0]);
  }
  const Neighbours nearest = NearestOthers(set, k, pool);
  std::vector<float> radii;
  for (int64_t row = 0; row < set.shape()[0]; ++row) {
    radii.push_back(nearest.distances[static_cast<size_t>(row * k + k - 1)]);
  }
  return radii;
}

}  // namespace gan::core
