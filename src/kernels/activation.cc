#include "kernels/activation.h"

#include "base/error.h"
#include "kernels/runs.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/activation.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "hwy/contrib/math/math-inl.h"
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

// Highway's functions give 0 for NaN, and convert it to an integer on the way, which is undefined
// on the portable target: they get a number in its place, and the NaN is put back afterwards.
template <class Function>
struct KeepNaN {
  Function function;
  template <class D, class V>
  V operator()(D d, V x) const {
    const auto number = hn::Eq(x, x);
    return hn::IfThenElse(number, function(d, hn::IfThenElseZero(number, x)), x);
  }
};

// e^x, for x held between the smallest and the largest whose result is finite and not 0.
template <class D, class V>
V BoundedExp(D d, V x) {
  return hn::Exp(d, hn::Min(hn::Max(x, hn::Set(d, -103.0f)), hn::Set(d, 88.7f)));
}

struct Relu {
  // Not Max: x86's gives the second operand when one is NaN.
  template <class D, class V>
  V operator()(D d, V x) const {
    return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x);
  }
};

struct LeakyRelu {
  float slope;
  template <class D, class V>
  V operator()(D d, V x) const {
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Mul(x, hn::Set(d, slope)), x);
  }
};

struct Sigmoid {
  template <class D, class V>
  V operator()(D d, V x) const {
    const auto one = hn::Set(d, 1.0f);
    return hn::Div(one, hn::Add(one, BoundedExp(d, hn::Neg(x))));
  }
};

struct Tanh {
  // Past 10 the result is 1 to the last bit; the bound keeps infinity out of the polynomial.
  template <class D, class V>
  V operator()(D d, V x) const {
    return hn::Tanh(d, hn::Min(hn::Max(x, hn::Set(d, -10.0f)), hn::Set(d, 10.0f)));
  }
};

struct Silu {
  // The bound on x's negative side makes -infinity 0, as its limit is, and not NaN.
  template <class D, class V>
  V operator()(D d, V x) const {
    return hn::Mul(hn::Max(x, hn::Set(d, -103.0f)), Sigmoid()(d, x));
  }
};

// erf within 1 ulp: a polynomial near 0, else 1 - e^p(|x|). (N. Juffa, 2015)
template <class D, class V>
V Erf(D d, V x) {
  const auto c = [&](float value) HWY_ATTR { return hn::Set(d, value); };
  const V t = hn::Min(hn::Abs(x), c(4.0f));
  const V s = hn::Mul(t, t);
  V far = hn::MulAdd(c(-1.72853470e-5f), t, c(3.83197126e-4f));
  far = hn::MulAdd(far, s, hn::MulAdd(c(-3.88396438e-3f), t, c(2.42546219e-2f)));
  far = hn::MulAdd(far, t, c(-1.06777877e-1f));
  far = hn::MulAdd(far, t, c(-6.34846687e-1f));
  far = hn::MulAdd(far, t, c(-1.28717512e-1f));
  far = hn::MulAdd(far, t, hn::Neg(t));
  far = hn::Sub(c(1.0f), BoundedExp(d, far));
  V near = hn::MulAdd(c(-5.96761703e-4f), s, c(4.99119423e-3f));
  near = hn::MulAdd(near, s, c(-2.67681349e-2f));
  near = hn::MulAdd(near, s, c(1.12819925e-1f));
  near = hn::MulAdd(near, s, c(-3.76125336e-1f));
  near = hn::MulAdd(near, s, c(1.28379166e-1f));
  near = hn::MulAdd(near, t, t);
  return hn::CopySign(hn::IfThenElse(hn::Gt(t, c(0.927734375f)), far, near), x);
}

struct Gelu {
  // Below -20 the result is 0 to the last bit; the bound keeps -infinity from becoming NaN.
  template <class D, class V>
  V operator()(D d, V x) const {
    const V half = hn::Mul(hn::Max(x, hn::Set(d, -20.0f)), hn::Set(d, 0.5f));
    const V erf = Erf(d, hn::Mul(x, hn::Set(d, 0.70710678118654752f)));
    return hn::Mul(half, hn::Add(hn::Set(d, 1.0f), erf));
  }
};

struct Elu {
  float alpha;
  template <class D, class V>
  V operator()(D d, V x) const {
    const V below = hn::Min(hn::Max(x, hn::Set(d, -103.0f)), hn::Zero(d));
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Mul(hn::Set(d, alpha), hn::Expm1(d, below)),
                          x);
  }
};

struct Softplus {
  // max(x, 0) + ln(1 + e^-|x|), which neither overflows nor cancels.
  template <class D, class V>
  V operator()(D d, V x) const {
    const V small = BoundedExp(d, hn::Neg(hn::Abs(x)));
    return hn::Add(hn::Max(x, hn::Zero(d)), hn::Log1p(d, small));
  }
};

struct Clip {
  float lowest, highest;
  template <class D, class V>
  V operator()(D d, V x) const {
    const V low = hn::Set(d, lowest), high = hn::Set(d, highest);
    return hn::IfThenElse(hn::Lt(x, low), low, hn::IfThenElse(hn::Gt(x, high), high, x));
  }
};

struct HardSigmoid {
  float alpha, beta;
  template <class D, class V>
  V operator()(D d, V x) const {
    const V line = hn::MulAdd(x, hn::Set(d, alpha), hn::Set(d, beta));
    return Clip{0.0f, 1.0f}(d, line);
  }
};

struct HardSwish {
  HardSigmoid gate;
  // 0 where the gate is, so that -infinity gives 0, its limit, and not NaN.
  template <class D, class V>
  V operator()(D d, V x) const {
    const V open = gate(d, x);
    return hn::IfThenZeroElse(hn::Eq(open, hn::Zero(d)), hn::Mul(x, open));
  }
};

}  // namespace

void ActivationRun(const ActivationParams& params, const float* x, float* out, int64_t length) {
  const auto map = [&](const auto& op) { MapRun(op, x, out, length); };
  switch (params.kind) {
    case ActivationKind::kRelu: return map(Relu());
    case ActivationKind::kLeakyRelu: return map(LeakyRelu{params.alpha});
    case ActivationKind::kSigmoid: return map(KeepNaN<Sigmoid>());
    case ActivationKind::kTanh: return map(KeepNaN<Tanh>());
    case ActivationKind::kSilu: return map(KeepNaN<Silu>());
    case ActivationKind::kGelu: return map(KeepNaN<Gelu>());
    case ActivationKind::kElu: return map(KeepNaN<Elu>{{params.alpha}});
    case ActivationKind::kSoftplus: return map(KeepNaN<Softplus>());
    case ActivationKind::kClip: return map(Clip{params.alpha, params.beta});
    case ActivationKind::kHardSigmoid: return map(HardSigmoid{params.alpha, params.beta});
    case ActivationKind::kHardSwish: return map(HardSwish{{params.alpha, params.beta}});
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(ActivationRun);

void Activation(const ConstTensorView& x, const ActivationParams& params, const TensorView& out,
                ThreadPool& pool) {
  GAN_ASSERT(x.shape == out.shape);
  if (ReferenceChosen()) return reference::Activation(x, params, out);
  const Strides strides[] = {x.strides, out.strides};
  ForEachRun(x.shape, strides, pool, [&](const ElementRun& run) {
    HWY_DYNAMIC_DISPATCH(ActivationRun)
    (params, Floats(x) + run.offset[0], Floats(out) + run.offset[1], run.length);
  });
}

void ActivateFloats(const ActivationParams& params, const float* x, int64_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(ActivationRun)(params, x, out, count);
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
