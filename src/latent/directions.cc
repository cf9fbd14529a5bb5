#include "latent/directions.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace gan::core {
namespace {

using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<FloatRows> RowsOf(Tensor& tensor) {
  return {tensor.floats().data(), tensor.shape()[0], tensor.shape()[1]};
}

Eigen::Map<const FloatRows> RowsOf(const Tensor& tensor) {
  return {tensor.floats().data(), tensor.shape()[0], tensor.shape()[1]};
}

}  // namespace

void Centre(Tensor& rows) {
  Eigen::Map<FloatRows> map = RowsOf(rows);
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(map.cols());
  for (Eigen::Index i = 0; i < map.rows(); ++i) sum += map.row(i).cast<double>();
  map.rowwise() -= (sum / static_cast<double>(map.rows())).cast<float>();
}

Tensor Regressed(const PrincipalAxes& axes, const Tensor& activations, const Tensor& latents) {
  GAN_ASSERT(activations.shape()[0] == latents.shape()[0]);
  const auto vectors = RowsOf(axes.vectors);
  Tensor out(DType::kF32, {axes.vectors.shape()[0], latents.shape()[1]});
  Eigen::Map<FloatRows> to = RowsOf(out);
  // On its axes the activations do not correlate, so each direction is a regression of its own; its
  // length is of no account.
  const Eigen::MatrixXd places =
      (RowsOf(activations) * vectors.transpose()).template cast<double>();
  const Eigen::MatrixXd sums = places.transpose() * RowsOf(latents).cast<double>();
  for (Eigen::Index k = 0; k < to.rows(); ++k) {
    const double length = sums.row(k).norm();
    to.row(k) = (sums.row(k) / (length > 0 ? length : 1)).cast<float>();
  }
  return out;
}

void ScaleToDeviation(Tensor& directions, const Tensor& latents) {
  GAN_ASSERT(latents.shape()[0] >= 2 && latents.shape()[1] == directions.shape()[1]);
  Eigen::Map<FloatRows> rows = RowsOf(directions);
  const Eigen::MatrixXd places = (RowsOf(latents) * rows.transpose()).template cast<double>();
  for (Eigen::Index k = 0; k < rows.rows(); ++k) {
    const Eigen::VectorXd along = places.col(k).array() - places.col(k).mean();
    const double deviation = std::sqrt(along.squaredNorm() / static_cast<double>(along.size() - 1));
    rows.row(k) *= static_cast<float>(deviation);
  }
}

}  // namespace gan::core
