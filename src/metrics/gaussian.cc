#include "metrics/gaussian.h"

#include <algorithm>

#include "base/error.h"
#include "metrics/feature_matrix.h"
#include "metrics/matrix.h"

namespace gan::core {
namespace {

// Rows that are summed together: enough for the product to pay, few enough to stay in cache.
constexpr int64_t kBlock = 512;

using Square = Eigen::Map<RowMatrix>;
using Vector = Eigen::Map<Eigen::RowVectorXd>;

}  // namespace

GaussianSum::GaussianSum(int64_t size)
    : size_(size),
      mean_(static_cast<size_t>(size), 0.0),
      scatter_(static_cast<size_t>(size * size), 0.0) {}

void GaussianSum::Add(const Tensor& features) {
  GAN_ASSERT(features.shape().rank() == 2 && features.shape()[1] == size_);
  Square scatter(scatter_.data(), size_, size_);
  Vector mean(mean_.data(), size_);
  const int64_t rows = features.shape()[0];
  for (int64_t first = 0; first < rows; first += kBlock) {
    const int64_t count = std::min(kBlock, rows - first);
    RowMatrix block = RowsOf(features, first, count);
    const Eigen::RowVectorXd block_mean = block.colwise().mean();
    block.rowwise() -= block_mean;
    scatter.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
    // The two means differ: what each block's scatter misses of the common mean's.
    const Eigen::RowVectorXd apart = block_mean - mean;
    const double all = static_cast<double>(count_ + count);
    const double weight = static_cast<double>(count_) * static_cast<double>(count) / all;
    scatter.selfadjointView<Eigen::Lower>().rankUpdate(apart.transpose(), weight);
    mean += apart * (static_cast<double>(count) / all);
    count_ += count;
  }
}

Gaussian GaussianSum::Finish() const {
  if (count_ < 2) {
    Fail(ErrorCode::kBadData, "fid", "wants at least 2 pictures on each side, got {}", count_);
  }
  Gaussian gaussian{count_, size_, mean_, scatter_};
  Square covariance(gaussian.covariance.data(), size_, size_);
  covariance /= static_cast<double>(count_ - 1);
  covariance.triangularView<Eigen::StrictlyUpper>() = covariance.transpose();
  return gaussian;
}

Gaussian GaussianOf(const Tensor& features) {
  CheckFeatures("fid", features, 2);
  GaussianSum sum(features.shape()[1]);
  sum.Add(features);
  return sum.Finish();
}

}  // namespace gan::core
