#include "tasks/recolour.h"

#include <array>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr std::array kLuma = {0.299f, 0.587f, 0.114f};

// from [3, count, width] to [1, count, width].
void TakeLuma(const TensorView& from, const TensorView& to) {
  for (int64_t row = 0; row < to.shape[1]; ++row) {
    float* out = Floats(to) + row * to.strides[1];
    for (int64_t x = 0; x < to.shape[2]; ++x) {
      float sum = 0;
      for (int64_t c = 0; c < 3; ++c) {
        const float* in = Floats(from) + c * from.strides[0] + row * from.strides[1];
        sum += kLuma[static_cast<size_t>(c)] * in[x];
      }
      out[x] = sum;
    }
  }
}

}  // namespace

RecolouredRows Recoloured(const PictureInfo& info, RowSource rows, int64_t colours) {
  GAN_ASSERT(colours == 1 || colours == 3);
  if (info.colours == colours) return {info, std::move(rows)};
  RecolouredRows out{info, nullptr};
  out.info.colours = static_cast<int>(colours);
  out.rows = [info, colours, rows = std::move(rows)](int64_t count, const TensorView& to) {
    Tensor given(DType::kF32, {info.channels(), count, info.width});
    const TensorView from = given.view();
    rows(count, from);
    if (colours == 1) {
      TakeLuma(from, to.Slice(0, 0, 1));
    } else {
      for (int64_t c = 0; c < 3; ++c) CopyElements(from.Slice(0, 0, 1), to.Slice(0, c, 1));
    }
    if (!info.has_alpha) return;
    CopyElements(from.Slice(0, info.colours, 1), to.Slice(0, colours, 1));
  };
  return out;
}

}  // namespace gan::core
