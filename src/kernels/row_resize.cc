#include "kernels/row_resize.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/row_resize.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

// to[i] = the sum of weights[t] * (what index[t] stands for)[i], for whole vectors.
template <class Source>
HWY_INLINE void Blend(const Source& source, const int64_t* index, const float* weights,
                      int64_t taps, int64_t length, float* to) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<float> d;
  for (int64_t i = 0; i < length; i += static_cast<int64_t>(hn::Lanes(d))) {
    auto sum = hn::Zero(d);
    for (int64_t t = 0; t < taps; ++t) {
      sum = hn::MulAdd(hn::Set(d, weights[t]), hn::LoadU(d, source(index[t]) + i), sum);
    }
    hn::StoreU(sum, d, to + i);
  }
}

// One row from those of the picture that begins at row `first`.
void ResizeRow(const ConstPixelRows& x, int64_t first, int64_t width, const int64_t* rows,
               const float* weights, int64_t taps, const ResizeAxis& across, float* blended,
               float* to) {
  Blend([&](int64_t row) { return x.Row(first + row); }, rows, weights, taps, width * x.pixel,
        blended);
  const auto made = static_cast<int64_t>(across.index.size()) / across.taps;
  for (int64_t i = 0; i < made; ++i) {
    Blend([&](int64_t column) { return blended + column * x.pixel; },
          across.index.data() + i * across.taps, across.weight.data() + i * across.taps,
          across.taps, x.pixel, to + i * x.pixel);
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(ResizeRow);

void ResizePixels(const ConstPixelRows& x, int64_t height, int64_t width, const ResizeAxis& down,
                  const ResizeAxis& across, int64_t begin, int64_t end, float* blended,
                  const PixelRows& out) {
  const int64_t made = static_cast<int64_t>(down.index.size()) / down.taps;
  for (int64_t y = begin; y < end; ++y) {
    const int64_t at = y % made * down.taps;
    HWY_DYNAMIC_DISPATCH(ResizeRow)
    (x, y / made * height, width, down.index.data() + at, down.weight.data() + at, down.taps,
     across, blended, out.Row(y));
  }
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
