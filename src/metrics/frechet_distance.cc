#include "metrics/frechet_distance.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "metrics/matrix.h"

namespace gan::core {
namespace {

using Square = Eigen::Map<const RowMatrix>;

Square CovarianceOf(const Gaussian& g) { return {g.covariance.data(), g.size, g.size}; }

// R [F, rank] with R R^T = covariance.
Eigen::MatrixXd RootOf(const Gaussian& gaussian) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(CovarianceOf(gaussian));
  if (solved.info() != Eigen::Success) {
    Fail(ErrorCode::kInternal, "fid", "the covariance has no eigenvalues: features too large?");
  }
  const Eigen::VectorXd& values = solved.eigenvalues();  // ascending
  const double largest = values[values.size() - 1];
  const double zero = std::max(largest, 0.0) * static_cast<double>(gaussian.size) *
                      std::numeric_limits<double>::epsilon();
  const auto rank = std::count_if(values.begin(), values.end(), [&](double v) { return v > zero; });
  return solved.eigenvectors().rightCols(rank) * values.tail(rank).cwiseSqrt().asDiagonal();
}

// tr((A B)^(1/2)): the eigenvalues of A B are those of R^T B R, where A = R R^T, which is
// symmetric and of the rank of A: no complex roots, and less work where A is short of rank.
double TraceOfRoot(const Gaussian& a, const Gaussian& b) {
  const Eigen::MatrixXd root = RootOf(a);
  if (root.cols() == 0) return 0;  // every picture is the same
  const Eigen::MatrixXd product = root.transpose() * CovarianceOf(b) * root;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(product, Eigen::EigenvaluesOnly);
  if (solved.info() != Eigen::Success) {
    Fail(ErrorCode::kInternal, "fid", "the covariances have no root: features too large?");
  }
  return solved.eigenvalues().cwiseMax(0).cwiseSqrt().sum();
}

}  // namespace

double FrechetDistance(const Gaussian& a, const Gaussian& b) {
  if (a.size != b.size) {
    Fail(ErrorCode::kBadData, "fid", "wants features of one network, got {} and {}", a.size,
         b.size);
  }
  const Eigen::Map<const Eigen::VectorXd> mean_a(a.mean.data(), a.size);
  const Eigen::Map<const Eigen::VectorXd> mean_b(b.mean.data(), b.size);
  const bool a_first = a.count <= b.count;  // the one that may be short of rank
  const double root = a_first ? TraceOfRoot(a, b) : TraceOfRoot(b, a);
  const double distance = (mean_a - mean_b).squaredNorm() + CovarianceOf(a).trace() +
                          CovarianceOf(b).trace() - 2 * root;
  if (!std::isfinite(distance)) {
    Fail(ErrorCode::kInternal, "fid", "is not finite: features too large?");
  }
  return std::max(distance, 0.0);  // below it by rounding alone
}

}  // namespace gan::core
