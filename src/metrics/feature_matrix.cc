#include "metrics/feature_matrix.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace gan::core {

void CheckFeatures(std::string_view where, const Tensor& features, int64_t least) {
  const Shape& shape = features.shape();
  GAN_ASSERT(features.dtype() == DType::kF32 && shape.rank() == 2);
  if (shape[0] < least) {
    Fail(ErrorCode::kBadData, where, "wants at least {} pictures on each side, got {}", least,
         shape[0]);
  }
  if (shape[1] < 1) Fail(ErrorCode::kBadData, where, "wants at least one feature, got none");
  for (int64_t row = 0; row < shape[0]; ++row) {
    const std::span<const float> values = RowOf(features, row);
    const auto bad = std::ranges::find_if_not(values, [](float v) { return std::isfinite(v); });
    if (bad == values.end()) continue;
    Fail(ErrorCode::kBadData, where,
         "wants finite features, got {} in feature {} of picture {}: a picture or a weight that is "
         "not finite?",
         *bad, bad - values.begin(), row);
  }
}

void CheckFeatures(std::string_view where, const Tensor& reference, const Tensor& made,
                   int64_t least) {
  CheckFeatures(where, reference, least);
  CheckFeatures(where, made, least);
  if (reference.shape()[1] == made.shape()[1]) return;
  Fail(ErrorCode::kBadData, where,
       "wants features of one network, got {} of the reference, {} of "
       "what was made",
       reference.shape()[1], made.shape()[1]);
}

std::span<const float> RowOf(const Tensor& features, int64_t row) {
  const int64_t width = features.shape()[1];
  return features.floats().subspan(static_cast<size_t>(row * width), static_cast<size_t>(width));
}

Tensor TakeRows(const Tensor& features, std::span<const int64_t> rows) {
  const int64_t width = features.shape()[1];
  Tensor out(DType::kF32, {static_cast<int64_t>(rows.size()), width});
  float* to = out.floats().data();
  for (const int64_t row : rows) {
    std::ranges::copy(RowOf(features, row), to);
    to += width;
  }
  return out;
}

Tensor FirstRows(const Tensor& features, int64_t count) {
  GAN_ASSERT(count >= 0 && count <= features.shape()[0]);
  const auto owner = std::make_shared<Tensor>(features);
  return Tensor(DType::kF32, {count, features.shape()[1]}, owner, owner->raw().data());
}

}  // namespace gan::core
