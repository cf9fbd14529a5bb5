// Element-wise steps on pixels, for kernels that are compiled once per instruction set.
#include <algorithm>
#include <cstdint>
#include <span>

#include "hwy/highway.h"
#include "kernels/pixel_ops.h"

#if defined(GAN_KERNELS_PIXEL_OPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAN_KERNELS_PIXEL_OPS_INL_H_
#undef GAN_KERNELS_PIXEL_OPS_INL_H_
#else
#define GAN_KERNELS_PIXEL_OPS_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

namespace pixel_ops {

namespace hn = hwy::HWY_NAMESPACE;
using FloatTag = hn::ScalableTag<float>;

// to[i] = op(v[i], w[i % period]) for whole vectors.
template <class Op>
HWY_INLINE void Combine(const Op& op, const float* from, const float* other, int64_t period,
                        int64_t length, float* to) {
  const FloatTag d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t begin = 0; begin < length; begin += period) {
    for (int64_t i = 0; i < period; i += lanes) {
      const auto v = hn::LoadU(d, from + begin + i);
      hn::StoreU(op(d, v, hn::LoadU(d, other + i)), d, to + begin + i);
    }
  }
}

// to[i] = (v[i] - mean[i % period]) * scale[i % period] + shift[i % period]; mean may be null.
inline void ScaleAndShift(const float* from, const float* mean, const float* scale,
                          const float* shift, int64_t period, int64_t length, float* to) {
  const FloatTag d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t begin = 0; begin < length; begin += period) {
    for (int64_t i = 0; i < period; i += lanes) {
      auto v = hn::LoadU(d, from + begin + i);
      if (mean != nullptr) v = hn::Sub(v, hn::LoadU(d, mean + i));
      v = hn::MulAdd(v, hn::LoadU(d, scale + i), hn::LoadU(d, shift + i));
      hn::StoreU(v, d, to + begin + i);
    }
  }
}

struct Leaky {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V v, V slope) const {
    return hn::IfThenElse(hn::Lt(v, hn::Zero(d)), hn::Mul(v, slope), v);
  }
};
struct Add {
  template <class D, class V>
  HWY_INLINE V operator()(D, V v, V w) const {
    return hn::Add(v, w);
  }
};
struct Subtract {
  template <class D, class V>
  HWY_INLINE V operator()(D, V v, V w) const {
    return hn::Sub(v, w);
  }
};
struct SubtractFrom {
  template <class D, class V>
  HWY_INLINE V operator()(D, V v, V w) const {
    return hn::Sub(w, v);
  }
};
struct Multiply {
  template <class D, class V>
  HWY_INLINE V operator()(D, V v, V w) const {
    return hn::Mul(v, w);
  }
};

// to[i] = op(v[i]) for whole vectors.
template <class Op>
HWY_INLINE void Map(const Op& op, const float* from, int64_t length, float* to) {
  const FloatTag d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < length; i += lanes) {
    hn::StoreU(op(d, hn::LoadU(d, from + i)), d, to + i);
  }
}

struct LeakyBy {
  float slope;
  template <class D, class V>
  HWY_INLINE V operator()(D d, V v) const {
    return hn::IfThenElse(hn::Lt(v, hn::Zero(d)), hn::Mul(v, hn::Set(d, slope)), v);
  }
};
struct ClipTo {
  float low, high;
  template <class D, class V>
  HWY_INLINE V operator()(D d, V v) const {
    const auto raised = hn::IfThenElse(hn::Lt(v, hn::Set(d, low)), hn::Set(d, low), v);
    return hn::IfThenElse(hn::Gt(raised, hn::Set(d, high)), hn::Set(d, high), raised);
  }
};
struct ScaleBy {
  float scale, shift;
  template <class D, class V>
  HWY_INLINE V operator()(D d, V v) const {
    return hn::Add(hn::Mul(v, hn::Set(d, scale)), hn::Set(d, shift));
  }
};

// Where `count` pixels from (y, x) on are.
struct Pixels {
  const float* data;
  int64_t channels, y, x, count;
  int64_t length() const { return count * channels; }
};

// to[i] = combine(v[i], other[i]), `other` repeated as the operation says.
template <class Op>
HWY_INLINE void CombineWith(const Op& combine, const PixelOp& op, const Pixels& from, float* to) {
  const int64_t length = from.length(), channels = from.channels;
  switch (op.operand) {
    case PixelOperand::kWhole:
      return Combine(combine, from.data, op.other.At(from.y, from.x), length, length, to);
    case PixelOperand::kPixel:
      return Combine(combine, from.data, op.other.Row(from.y / op.height % op.other_rows), channels,
                     length, to);
    case PixelOperand::kChannel: break;
  }
  const FloatTag d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t row = from.y % op.other_rows;
  for (int64_t i = 0; i < from.count; ++i) {
    const auto other = hn::Set(d, *op.other.At(row, from.x + i));
    for (int64_t c = i * channels; c < (i + 1) * channels; c += lanes) {
      hn::StoreU(combine(d, hn::LoadU(d, from.data + c), other), d, to + c);
    }
  }
}

inline void ApplyOne(const PixelOp& op, const Pixels& pixels, float* to) {
  const float* from = pixels.data;
  const int64_t channels = pixels.channels, length = pixels.length();
  switch (op.kind) {
    case PixelOpKind::kLeakyRelu: return Map(LeakyBy{op.alpha}, from, length, to);
    case PixelOpKind::kClip: return Map(ClipTo{op.alpha, op.beta}, from, length, to);
    case PixelOpKind::kAffine: return Map(ScaleBy{op.alpha, op.beta}, from, length, to);
    case PixelOpKind::kScaleShift:
      return ScaleAndShift(from, nullptr, op.slope, op.shift, channels, length, to);
    case PixelOpKind::kNormalize: {
      const float* mean = op.other.Row(pixels.y / op.height * op.height);
      return ScaleAndShift(from, mean, mean + channels, mean + 2 * channels, channels, length, to);
    }
    case PixelOpKind::kActivation: return ActivateFloats(op.activation, from, length, to);
    case PixelOpKind::kPrelu: return Combine(Leaky(), from, op.slope, channels, length, to);
    case PixelOpKind::kAdd: return CombineWith(Add(), op, pixels, to);
    case PixelOpKind::kSubtract: return CombineWith(Subtract(), op, pixels, to);
    case PixelOpKind::kSubtractFrom: return CombineWith(SubtractFrom(), op, pixels, to);
    case PixelOpKind::kMultiply: return CombineWith(Multiply(), op, pixels, to);
  }
}

inline void Apply(std::span<const PixelOp> ops, const float* from, int64_t channels, int64_t y,
                  int64_t x, int64_t count, float* to) {
  if (ops.empty() && from != to) std::copy_n(from, count * channels, to);
  for (const PixelOp& op : ops) {
    ApplyOne(op, {from, channels, y, x, count}, to);
    from = to;
  }
}

}  // namespace pixel_ops

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // GAN_KERNELS_PIXEL_OPS_INL_H_
