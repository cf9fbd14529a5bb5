#include "kernels/resize.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/resize.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

// out[i] = the sum of weights[t] * x[index[t] * stride + i].
void BlendRows(const float* x, int64_t stride, const int64_t* index, const float* weights,
               int64_t taps, float* out, int64_t length) {
  const Floats32 d;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i < n; i += lanes) {
    const size_t count = std::min(lanes, n - i);
    auto sum = hn::Zero(d);
    for (int64_t t = 0; t < taps; ++t) {
      const float* from = x + index[t] * stride + i;
      const auto v = count == lanes ? hn::LoadU(d, from) : LoadSome(d, from, count);
      sum = hn::MulAdd(hn::Set(d, weights[t]), v, sum);
    }
    if (count == lanes) {
      hn::StoreU(sum, d, out + i);
    } else {
      StoreSome(sum, d, out + i, count);
    }
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {
namespace {

// Rows that a thread takes at once.
constexpr int64_t kRowsPerItem = 32;

// out[i] from the pixels of one row. Gathers, which no target does well: plain loops.
void ResampleRow(const float* row, const ResizeAxis& axis, float* out) {
  const size_t taps = static_cast<size_t>(axis.taps);
  const size_t length = axis.index.size() / taps;
  for (size_t i = 0; i < length; ++i) {
    float sum = 0;
    for (size_t t = i * taps; t < (i + 1) * taps; ++t) sum += axis.weight[t] * row[axis.index[t]];
    out[i] = sum;
  }
}

void PickFromRow(const float* row, const ResizeAxis& axis, float* out) {
  for (size_t i = 0; i < axis.index.size(); ++i) out[i] = row[axis.index[i]];
}

}  // namespace

HWY_EXPORT(BlendRows);

size_t ResizeWorkspaceBytes(int64_t width, int threads) {
  return static_cast<size_t>(width) * sizeof(float) * static_cast<size_t>(threads);
}

void Resize(const ConstTensorView& x, const ResizeParams& params, const TensorView& out,
            std::span<std::byte> workspace, ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 4 && out.shape.rank() == 4);
  GAN_ASSERT(x.shape[0] == out.shape[0] && x.shape[1] == out.shape[1]);
  if (ReferenceChosen()) return reference::Resize(x, params, out);
  const int64_t width = x.shape[3], channels = x.shape[1], height = out.shape[2];
  GAN_ASSERT(workspace.size() >= ResizeWorkspaceBytes(width, pool.threads()));
  const ResizeAxis down = MakeResizeAxis(params.mode, params.coordinates, params.num_h,
                                         params.den_h, x.shape[2], height);
  const ResizeAxis across = MakeResizeAxis(params.mode, params.coordinates, params.num_w,
                                           params.den_w, width, out.shape[3]);
  const int64_t bands = (height + kRowsPerItem - 1) / kRowsPerItem;
  pool.ParallelFor(x.shape[0] * channels * bands, [&](int64_t item, int thread) {
    const int64_t n = item / bands / channels, c = item / bands % channels;
    const int64_t begin = item % bands * kRowsPerItem;
    const int64_t end = std::min(height, begin + kRowsPerItem);
    const float* from = Floats(x) + n * x.strides[0] + c * x.strides[1];
    float* to = Floats(out) + n * out.strides[0] + c * out.strides[1] + begin * out.strides[2];
    float* blended = reinterpret_cast<float*>(workspace.data()) + thread * width;
    for (int64_t row = begin; row < end; ++row, to += out.strides[2]) {
      const int64_t* index = down.index.data() + row * down.taps;
      if (params.mode != ResizeMode::kNearest) {
        HWY_DYNAMIC_DISPATCH(BlendRows)
        (from, x.strides[2], index, down.weight.data() + row * down.taps, down.taps, blended,
         width);
        ResampleRow(blended, across, to);
      } else if (row > begin && index[0] == index[-1]) {
        std::memcpy(to, to - out.strides[2], across.index.size() * sizeof(float));
      } else {
        PickFromRow(from + index[0] * x.strides[2], across, to);
      }
    }
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
