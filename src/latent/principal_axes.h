// The axes along which rows of numbers are longest.
#ifndef GAN_LATENT_PRINCIPAL_AXES_H_
#define GAN_LATENT_PRINCIPAL_AXES_H_

#include <cstdint>
#include <vector>

#include "tensor/tensor.h"

namespace gan::core {

// Eigenvectors of rows^T rows, by descending eigenvalue.
struct PrincipalAxes {
  Tensor vectors;              // [K, size] f32, of length 1; the largest number of each is positive
  std::vector<double> values;  // [K]
  double total = 0;            // of all eigenvalues
};

// The first `count` axes of `rows` [n, size], or as many as there are: at most n and size. Up to
// 1024 numbers a row by the covariance, above by iterating on a subspace, which is exact as far as
// eigenvalues lie apart. The same for the same rows. Requires n, size and count of at least 1.
PrincipalAxes PrincipalAxesOf(const Tensor& rows, int64_t count);

}  // namespace gan::core

#endif  // GAN_LATENT_PRINCIPAL_AXES_H_
