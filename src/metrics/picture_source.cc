#include "metrics/picture_source.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"

namespace gan::core {

Tensor TakePictures(const PictureSource& source, int64_t first, int64_t count) {
  Tensor pictures = source(first, count);
  const Shape& shape = pictures.shape();
  if (pictures.dtype() != DType::kF32 || shape.rank() != 4 || shape[0] != count || shape[1] < 1 ||
      shape[1] > 4 || shape.elements() == 0) {
    Fail(ErrorCode::kBadData, "pictures", "wants {} pictures [N, 1 to 4, H, W], got {}", count,
         shape.ToString());
  }
  const std::span<const float> values = pictures.floats();
  const auto bad = std::ranges::find_if_not(values, [](float v) { return std::isfinite(v); });
  if (bad != values.end()) {
    const int64_t size = shape.elements() / count;
    Fail(ErrorCode::kBadData, "pictures", "wants finite pictures, got {} in picture {}", *bad,
         first + (bad - values.begin()) / size);
  }
  return pictures;
}

Tensor TakePictures(const PictureSource& source, std::span<const int64_t> rows) {
  GAN_ASSERT(!rows.empty());
  Tensor all;
  std::byte* to = nullptr;
  for (size_t i = 0; i < rows.size();) {
    size_t end = i + 1;
    while (end < rows.size() && rows[end] == rows[end - 1] + 1) ++end;
    const Tensor part = TakePictures(source, rows[i], static_cast<int64_t>(end - i));
    const Shape& shape = part.shape();
    if (to == nullptr) {
      all = Tensor(DType::kF32, {static_cast<int64_t>(rows.size()), shape[1], shape[2], shape[3]});
      to = all.raw().data();
    }
    const Shape& wanted = all.shape();
    if (shape[1] != wanted[1] || shape[2] != wanted[2] || shape[3] != wanted[3]) {
      Fail(ErrorCode::kBadData, "pictures", "wants pictures of one size, got {} and {}",
           wanted.ToString(), shape.ToString());
    }
    std::memcpy(to, part.raw().data(), part.bytes());
    to += part.bytes();
    i = end;
  }
  return all;
}

}  // namespace gan::core
