#include "metrics/distances.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "metrics/feature_matrix.h"
#include "metrics/matrix.h"

namespace gan::core {
namespace {

constexpr int64_t kRows = 128;     // of a, a thread at a time
constexpr int64_t kColumns = 512;  // of b: with 2048 features 8 MB as doubles

// Below this share of |x|^2 + |y|^2 the squared distance has lost too many of a double's 16 digits.
constexpr double kCancelled = 1e-8;

std::vector<double> SquaredNorms(const Tensor& features) {
  std::vector<double> norms;
  for (int64_t row = 0; row < features.shape()[0]; ++row) {
    double sum = 0;
    for (const float value : RowOf(features, row)) sum += static_cast<double>(value) * value;
    norms.push_back(sum);
  }
  return norms;
}

double SquaredDistance(std::span<const float> x, std::span<const float> y) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double difference = static_cast<double>(x[i]) - y[i];
    sum += difference * difference;
  }
  return sum;
}

}  // namespace

void ForEachDistance(const Tensor& a, const Tensor& b, ThreadPool& pool,
                     const VisitDistances& visit) {
  GAN_ASSERT(a.shape()[1] == b.shape()[1]);
  const int64_t rows = a.shape()[0];
  const int64_t columns = b.shape()[0];
  const std::vector<double> norms_a = SquaredNorms(a);
  const std::vector<double> norms_b = SquaredNorms(b);
  pool.ParallelFor((rows + kRows - 1) / kRows, [&](int64_t block, int) {
    const int64_t row0 = block * kRows;
    const int64_t count = std::min(kRows, rows - row0);
    const RowMatrix x = RowsOf(a, row0, count);
    std::vector<float> distances;
    for (int64_t first = 0; first < columns; first += kColumns) {
      const int64_t width = std::min(kColumns, columns - first);
      const RowMatrix products = x * RowsOf(b, first, width).transpose();
      distances.resize(static_cast<size_t>(width));
      for (int64_t i = 0; i < count; ++i) {
        for (int64_t j = 0; j < width; ++j) {
          const double norms =
              norms_a[static_cast<size_t>(row0 + i)] + norms_b[static_cast<size_t>(first + j)];
          double squared = norms - 2 * products(i, j);
          if (squared < kCancelled * norms) {
            squared = SquaredDistance(RowOf(a, row0 + i), RowOf(b, first + j));
          }
          distances[static_cast<size_t>(j)] = static_cast<float>(std::sqrt(squared));
        }
        visit(row0 + i, first, distances);
      }
    }
  });
}

}  // namespace gan::core
