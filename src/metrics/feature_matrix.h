// Features as every statistic takes them: f32 [n, F], one row a picture.
#ifndef GAN_METRICS_FEATURE_MATRIX_H_
#define GAN_METRICS_FEATURE_MATRIX_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "tensor/tensor.h"

namespace gan::core {

// Error kBadData, in the name of the figure `where`: fewer than `least` rows, no columns, or a
// value that is NaN or infinite.
void CheckFeatures(std::string_view where, const Tensor& features, int64_t least);

// The same of both, and that they are as wide as one another.
void CheckFeatures(std::string_view where, const Tensor& reference, const Tensor& made,
                   int64_t least);

// One row. Requires features that were checked.
std::span<const float> RowOf(const Tensor& features, int64_t row);

// Those rows, in that order, as a matrix of their own.
Tensor TakeRows(const Tensor& features, std::span<const int64_t> rows);

// Rows [0, count), sharing memory.
Tensor FirstRows(const Tensor& features, int64_t count);

}  // namespace gan::core

#endif  // GAN_METRICS_FEATURE_MATRIX_H_
