// Features as Eigen's matrices, in double precision. For this folder's sources.
#ifndef GAN_METRICS_MATRIX_H_
#define GAN_METRICS_MATRIX_H_

#include <Eigen/Core>

#include "tensor/tensor.h"

namespace gan::core {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using FloatRows =
    Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

// Rows [first, first + count) of features [n, F].
inline RowMatrix RowsOf(const Tensor& features, int64_t first, int64_t count) {
  const int64_t width = features.shape()[1];
  return FloatRows(features.floats().data() + first * width, count, width).cast<double>();
}

}  // namespace gan::core

#endif  // GAN_METRICS_MATRIX_H_
