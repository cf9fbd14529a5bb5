// Mean and covariance of features, summed up as they come.
#ifndef GAN_METRICS_GAUSSIAN_H_
#define GAN_METRICS_GAUSSIAN_H_

#include <cstdint>
#include <vector>

#include "tensor/tensor.h"

namespace gan::core {

struct Gaussian {
  int64_t count = 0;               // rows that it was made of
  int64_t size = 0;                // F
  std::vector<double> mean;        // [F]
  std::vector<double> covariance;  // [F, F], divided by count - 1
};

// Keeps F squared numbers, however many rows are added. Sums blocks of rows around their own mean
// and joins them (Chan, Golub & LeVeque 1979), so that features far from zero lose no digits.
class GaussianSum {
 public:
  explicit GaussianSum(int64_t size);

  // features [n, size], finite.
  void Add(const Tensor& features);

  // Error kBadData with fewer than two rows: no covariance.
  Gaussian Finish() const;

 private:
  int64_t count_ = 0;
  int64_t size_;
  std::vector<double> mean_;
  std::vector<double>
      scatter_;  // [size, size], lower triangle by rows: sum of (x - mean)(x - mean)^T
};

Gaussian GaussianOf(const Tensor& features);

}  // namespace gan::core

#endif  // GAN_METRICS_GAUSSIAN_H_
