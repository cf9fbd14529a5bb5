#include "kernels/demodulate.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/demodulate.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

// The sum of style[i]^2 * squares[i].
float StyledSum(const float* style, const float* squares, int64_t length) {
  const Floats32 d;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  for (size_t i = 0; i < n; i += lanes) {
    const size_t count = std::min(lanes, n - i);
    const bool whole = count == lanes;
    const auto s = whole ? hn::LoadU(d, style + i) : LoadSome(d, style + i, count);
    const auto q = whole ? hn::LoadU(d, squares + i) : LoadSome(d, squares + i, count);
    sum = hn::MulAdd(hn::Mul(s, s), q, sum);
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(StyledSum);

Tensor SquaresOfTaps(const ConstTensorView& weight, float scale, bool transposed) {
  GAN_ASSERT(weight.shape.rank() == 4 && weight.IsContiguous());
  const int64_t taps = weight.shape[2] * weight.shape[3];
  const int64_t outputs = weight.shape[transposed ? 1 : 0],
                inputs = weight.shape[transposed ? 0 : 1];
  Tensor out(DType::kF32, {outputs, inputs});
  for (int64_t o = 0; o < outputs; ++o) {
    for (int64_t i = 0; i < inputs; ++i) {
      const int64_t filter = transposed ? i * outputs + o : o * inputs + i;
      double sum = 0;
      for (int64_t tap = 0; tap < taps; ++tap) {
        const double w = Floats(weight)[filter * taps + tap];
        sum += w * w;
      }
      out.floats()[static_cast<size_t>(o * inputs + i)] =
          static_cast<float>(sum * double{scale} * double{scale});
    }
  }
  return out;
}

void Demodulate(const ConstTensorView& style, const ConstTensorView& squares, float epsilon,
                const TensorView& out, ThreadPool& pool) {
  GAN_ASSERT(style.IsContiguous() && squares.IsContiguous() && out.IsContiguous());
  if (ReferenceChosen()) return reference::Demodulate(style, squares, epsilon, out);
  const int64_t outputs = out.shape[1], inputs = style.shape[1];
  pool.ParallelFor(out.shape[0] * outputs, [&](int64_t item, int) {
    const int64_t n = item / outputs, o = item % outputs;
    const float sum = HWY_DYNAMIC_DISPATCH(StyledSum)(Floats(style) + n * inputs,
                                                      Floats(squares) + o * inputs, inputs);
    Floats(out)[item] = 1 / std::sqrt(sum + epsilon);
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
