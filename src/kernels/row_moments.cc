#include "kernels/row_moments.h"

#include <cmath>
#include <vector>

#include "base/error.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/row_moments.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

void RowMomentsSimd(const float* x, int64_t pixel, int64_t width, float* out) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<float> d;
  const auto share = hn::Set(d, 1.0f / static_cast<float>(width));
  for (int64_t c = 0; c < pixel; c += static_cast<int64_t>(hn::Lanes(d))) {
    auto sum = hn::Zero(d);
    for (int64_t i = 0; i < width; ++i) sum = hn::Add(sum, hn::LoadU(d, x + i * pixel + c));
    const auto mean = hn::Mul(sum, share);
    auto squares = hn::Zero(d);
    for (int64_t i = 0; i < width; ++i) {
      const auto centred = hn::Sub(hn::LoadU(d, x + i * pixel + c), mean);
      squares = hn::MulAdd(centred, centred, squares);
    }
    hn::StoreU(mean, d, out + c);
    hn::StoreU(squares, d, out + pixel + c);
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(RowMomentsSimd);

void RowMoments(const ConstPixelRows& x, int64_t width, int64_t begin, int64_t end,
                const PixelRows& out) {
  for (int64_t y = begin; y < end; ++y) {
    HWY_DYNAMIC_DISPATCH(RowMomentsSimd)(x.Row(y), x.pixel, width, out.Row(y));
  }
}

void FinishMoments(const GroupNormParams& params, int64_t channels, int64_t height, int64_t width,
                   int64_t first, const PixelRows& rows) {
  GAN_ASSERT(channels % params.groups == 0);
  const int64_t of_group = channels / params.groups;
  const double pixels = static_cast<double>(width);
  // Of each group: the mean, then the squared distances of all its pixels from it.
  std::vector<double> means(static_cast<size_t>(params.groups));
  std::vector<double> squares(means.size());
  const auto group = [&](int64_t c) { return static_cast<size_t>(c / of_group); };
  const double count = static_cast<double>(of_group * height);
  for (int64_t y = 0; y < height; ++y) {
    const float* row = rows.Row(first + y);
    for (int64_t c = 0; c < channels; ++c) means[group(c)] += double{row[c]} / count;
  }
  for (int64_t y = 0; y < height; ++y) {
    const float* row = rows.Row(first + y);
    for (int64_t c = 0; c < channels; ++c) {
      const double apart = row[c] - means[group(c)];
      squares[group(c)] += row[rows.pixel + c] + pixels * apart * apart;
    }
  }
  float* out = rows.Row(first);
  for (int64_t c = 0; c < channels; ++c) {
    const double variance = squares[group(c)] / (count * pixels);
    const double weight = params.weight.data == nullptr ? 1.0 : Floats(params.weight)[c];
    out[c] = static_cast<float>(means[group(c)]);
    out[rows.pixel + c] = static_cast<float>(weight / std::sqrt(variance + double{params.epsilon}));
    out[2 * rows.pixel + c] = params.bias.data == nullptr ? 0.0f : Floats(params.bias)[c];
  }
  for (int64_t part = 0; part < kRowMoments; ++part) {
    std::fill(out + part * rows.pixel + channels, out + (part + 1) * rows.pixel, 0.0f);
  }
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
