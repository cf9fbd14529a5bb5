#include "training/spectral_norm.h"

namespace gan::core {
namespace {

// As PyTorch: keeps a zero vector from becoming NaN.
constexpr double kEpsilon = 1e-12;

at::Tensor Unit(const at::Tensor& x) { return x / x.norm().clamp_min(kEpsilon); }

}  // namespace

at::Tensor SpectralNorm::Matrix(const at::Tensor& weight) const {
  const at::Tensor rows_first = row_axis_ == 0 ? weight : weight.transpose(0, row_axis_);
  return rows_first.reshape({rows_first.size(0), -1});
}

at::Tensor SpectralNorm::RightVector(const at::Tensor& matrix) const {
  return Unit(at::mv(matrix.t(), u_));
}

void SpectralNorm::Iterate(const at::Tensor& weight) {
  const at::NoGradGuard no_gradients;
  const at::Tensor matrix = Matrix(weight);
  u_.copy_(Unit(at::mv(matrix, RightVector(matrix))));
}

at::Tensor SpectralNorm::Normalised(const at::Tensor& weight) const {
  const at::Tensor matrix = Matrix(weight);
  // Autograd keeps what it reads, and the next iteration changes u in place.
  const at::Tensor u = u_.clone();
  at::Tensor v;
  {
    const at::NoGradGuard no_gradients;
    v = RightVector(matrix);
  }
  const at::Tensor sigma = at::dot(u, at::mv(matrix, v)).clamp_min(kEpsilon);
  return weight / sigma;
}

void SpectralNorm::Restore(const at::Tensor& u) {
  const at::NoGradGuard no_gradients;
  u_.copy_(u);
}

}  // namespace gan::core
