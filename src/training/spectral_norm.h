// Spectral normalisation of one weight. (Miyato et al. 2018, "Spectral Normalization for GANs")
#ifndef GAN_TRAINING_SPECTRAL_NORM_H_
#define GAN_TRAINING_SPECTRAL_NORM_H_

#include <ATen/ATen.h>

#include <cstdint>

namespace gan::core {

// Keeps the left singular vector of one weight's largest singular value by power iteration.
// Not thread-safe.
class SpectralNorm {
 public:
  // The weight's rows are its axis `row_axis`: 0 for convolutions and linear layers, 1 for
  // transposed convolutions. `u`: [rows], any length but zero.
  SpectralNorm(int64_t row_axis, at::Tensor u) : row_axis_(row_axis), u_(std::move(u)) {}

  // One step of power iteration, which changes u.
  void Iterate(const at::Tensor& weight);
  // weight / sigma, where the gradient flows through sigma too; u and v count as constants.
  at::Tensor Normalised(const at::Tensor& weight) const;

  const at::Tensor& u() const { return u_; }
  void Restore(const at::Tensor& u);

 private:
  at::Tensor Matrix(const at::Tensor& weight) const;
  at::Tensor RightVector(const at::Tensor& matrix) const;

  int64_t row_axis_;
  at::Tensor u_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_SPECTRAL_NORM_H_
