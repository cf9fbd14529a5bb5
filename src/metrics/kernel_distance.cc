#include "metrics/kernel_distance.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "metrics/feature_matrix.h"
#include "metrics/matrix.h"
#include "metrics/seeded_choice.h"

namespace gan::core {
namespace {

RowMatrix Subset(const Tensor& features, std::span<const int64_t> rows) {
  return RowsOf(TakeRows(features, rows), 0, static_cast<int64_t>(rows.size()));
}

// The kernel of every row of x with every row of y.
Eigen::ArrayXXd Kernel(const RowMatrix& x, const RowMatrix& y) {
  const Eigen::MatrixXd products = x * y.transpose();
  return (products.array() / static_cast<double>(x.cols()) + 1).cube();
}

double Discrepancy(const RowMatrix& x, const RowMatrix& y) {
  const auto n = static_cast<double>(x.rows());
  // The kernel of a row with itself is left out, which makes the estimate unbiased.
  const auto within = [&](const RowMatrix& rows) {
    const Eigen::ArrayXXd kernel = Kernel(rows, rows);
    return (kernel.sum() - kernel.matrix().trace()) / (n * (n - 1));
  };
  return within(x) + within(y) - 2 * Kernel(x, y).sum() / (n * n);
}

}  // namespace

KernelDistance KernelDistanceOf(const Tensor& reference, const Tensor& made,
                                const KernelDistanceOptions& options, ThreadPool& pool) {
  CheckFeatures("kid", reference, made, 2);
  GAN_ASSERT(options.subsets >= 1 && options.subset_size >= 2);
  const int64_t n = reference.shape()[0];
  const int64_t m = made.shape()[0];
  const int64_t size = std::min({options.subset_size, n, m});
  // Chosen before the threads start, so that each subset is what it is whoever works on it.
  Random random(options.seed);
  std::vector<std::vector<int64_t>> of_reference, of_made;
  for (int64_t i = 0; i < options.subsets; ++i) {
    of_reference.push_back(Choose(n, size, random));
    of_made.push_back(Choose(m, size, random));
  }
  std::vector<double> values(static_cast<size_t>(options.subsets));
  pool.ParallelFor(options.subsets, [&](int64_t index, int) {
    const auto i = static_cast<size_t>(index);
    values[i] = Discrepancy(Subset(reference, of_reference[i]), Subset(made, of_made[i]));
  });
  const auto count = static_cast<double>(options.subsets);
  KernelDistance result;
  result.subset_size = size;
  result.value = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - result.value) * (value - result.value);
  result.spread = std::sqrt(squares / count);
  return result;
}

}  // namespace gan::core
