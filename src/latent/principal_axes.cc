#include "latent/principal_axes.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>

#include "base/error.h"
#include "base/random.h"

namespace gan::core {
namespace {

using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Rows = Eigen::Map<const FloatRows>;

constexpr int64_t kLargestCovariance = 1024;
constexpr int64_t kMoreColumns = 32;  // than are asked for: what makes the iteration converge
constexpr int kMostIterations = 30;
constexpr double kConverged = 1e-4;

struct Found {
  Eigen::MatrixXd vectors;  // by column, ascending
  Eigen::VectorXd values;
};

Found ByCovariance(const Rows& rows) {
  const Eigen::Index size = rows.cols();
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(size, size);
  // Some at a time: in double precision, without a second copy of all rows.
  constexpr Eigen::Index kBlock = 512;
  for (Eigen::Index first = 0; first < rows.rows(); first += kBlock) {
    const Eigen::Index count = std::min(kBlock, rows.rows() - first);
    const Eigen::MatrixXd block = rows.middleRows(first, count).cast<double>();
    covariance.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  return {solver.eigenvectors(), solver.eigenvalues()};
}

// Subspace iteration with a Rayleigh-Ritz step at the end. (Halko et al. 2011, algorithm 4.4)
Found BySubspace(const Rows& rows, Eigen::Index count, Eigen::Index columns) {
  Eigen::MatrixXf basis(rows.cols(), columns);
  Random random(1);
  random.FillNormal({basis.data(), static_cast<size_t>(basis.size())});
  Found found;
  Eigen::VectorXd before = Eigen::VectorXd::Zero(count);
  for (int i = 0; i < kMostIterations; ++i) {
    const Eigen::HouseholderQR<Eigen::MatrixXf> qr(basis);
    basis = qr.householderQ() * Eigen::MatrixXf::Identity(rows.cols(), columns);
    const Eigen::MatrixXf seen = rows * basis;
    const Eigen::MatrixXd wide = seen.cast<double>();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(wide.transpose() * wide);
    found.values = solver.eigenvalues();
    found.vectors = basis.cast<double>() * solver.eigenvectors();
    // Of those that are asked for, the last as they ascend.
    const Eigen::VectorXd now = found.values.tail(count);
    if ((now - before).cwiseAbs().maxCoeff() <= kConverged * now.maxCoeff()) break;
    before = now;
    basis = rows.transpose() * seen;
  }
  return found;
}

}  // namespace

PrincipalAxes PrincipalAxesOf(const Tensor& rows, int64_t count) {
  GAN_ASSERT(rows.shape().rank() == 2 && rows.shape()[0] >= 1 && rows.shape()[1] >= 1);
  const int64_t n = rows.shape()[0], size = rows.shape()[1], most = std::min(n, size);
  const Rows map(rows.floats().data(), n, size);
  count = std::clamp<int64_t>(count, 1, most);
  const Found found = size <= kLargestCovariance
                          ? ByCovariance(map)
                          : BySubspace(map, count, std::min(count + kMoreColumns, most));
  PrincipalAxes axes{.vectors = Tensor(DType::kF32, {count, size})};
  for (const float x : rows.floats()) axes.total += double{x} * x;
  for (int64_t k = 0; k < count; ++k) {
    const Eigen::Index column = found.values.size() - 1 - k;
    axes.values.push_back(std::max(0.0, found.values[column]));
    const auto vector = found.vectors.col(column);
    Eigen::Index largest = 0;
    vector.cwiseAbs().maxCoeff(&largest);
    const double sign = vector[largest] < 0 ? -1 : 1;
    for (int64_t i = 0; i < size; ++i) {
      axes.vectors.floats()[static_cast<size_t>(k * size + i)] =
          static_cast<float>(sign * vector[i]);
    }
  }
  return axes;
}

}  // namespace gan::core
