#include "media/sheet.h"

#include <algorithm>

#include "base/checked.h"
#include "base/error.h"

namespace gan::core {
namespace {

constexpr int64_t kMostSamples = int64_t{1} << 31;

void CheckPictures(std::span<const Tensor> pictures) {
  if (pictures.empty()) Fail(ErrorCode::kUsage, "sheet", "wants at least one picture, got none");
  const Shape& shape = pictures[0].shape();
  if (shape.rank() != 3 || shape[0] < 1 || shape[0] > 4 || shape[1] < 1 || shape[2] < 1) {
    Fail(ErrorCode::kUsage, "sheet", "wants pictures of 1 to 4 channels, [C, H, W], got {}",
         shape.ToString());
  }
  for (const Tensor& picture : pictures) {
    if (picture.shape() != shape || picture.dtype() != DType::kF32) {
      Fail(ErrorCode::kUsage, "sheet", "wants pictures of one shape, got f32 {} and {} {}",
           shape.ToString(), NameOf(picture.dtype()), picture.shape().ToString());
    }
  }
}

// `count` tiles of `size` with gaps between them.
int64_t Extent(int64_t count, int64_t size, int64_t gap) {
  const auto pitch = CheckedAdd(size, gap);
  const auto all = pitch ? CheckedMul(count, *pitch) : std::nullopt;
  // More than any sheet may have, so that the check of the sizes refuses it.
  return all ? *all - gap : kMostSamples + 1;
}

}  // namespace

Tensor MakeSheet(std::span<const Tensor> pictures, int64_t columns, int64_t gap, float background) {
  CheckPictures(pictures);
  if (columns < 1 || gap < 0) {
    Fail(ErrorCode::kUsage, "sheet", "wants 1 column or more and a gap of 0 or more, got {} and {}",
         columns, gap);
  }
  const Shape& shape = pictures[0].shape();
  const auto count = static_cast<int64_t>(pictures.size());
  const int64_t rows = (count - 1) / columns + 1;
  const int64_t sizes[] = {shape[0], Extent(rows, shape[1], gap), Extent(columns, shape[2], gap)};
  if (CheckedProduct(sizes).value_or(kMostSamples + 1) > kMostSamples) {
    Fail(ErrorCode::kUsage, "sheet", "{} pictures {} in {} columns make a sheet that is too large",
         count, shape.ToString(), columns);
  }
  Tensor sheet(DType::kF32, Shape(std::span<const int64_t>(sizes)));
  std::ranges::fill(sheet.floats(), background);
  for (int64_t i = 0; i < count; ++i) {
    const TensorView row = sheet.view().Slice(1, i / columns * (shape[1] + gap), shape[1]);
    CopyElements(pictures[static_cast<size_t>(i)].view(),
                 row.Slice(2, i % columns * (shape[2] + gap), shape[2]));
  }
  return sheet;
}

}  // namespace gan::core
