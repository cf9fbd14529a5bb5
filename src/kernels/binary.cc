#include "kernels/binary.h"

#include "base/error.h"
#include "kernels/runs.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/binary.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

struct AddOp {
  template <class D, class V>
  V operator()(D /*d*/, V a, V b) const {
    return hn::Add(a, b);
  }
};

struct SubOp {
  template <class D, class V>
  V operator()(D /*d*/, V a, V b) const {
    return hn::Sub(a, b);
  }
};

struct MulOp {
  template <class D, class V>
  V operator()(D /*d*/, V a, V b) const {
    return hn::Mul(a, b);
  }
};

struct DivOp {
  template <class D, class V>
  V operator()(D /*d*/, V a, V b) const {
    return hn::Div(a, b);
  }
};

// A comparison with NaN is false, so a NaN in `b` is kept by the selection and one in `a` by the
// outer one; Highway's own Max and Min drop one of them on x86.
struct MaxOp {
  template <class D, class V>
  V operator()(D /*d*/, V a, V b) const {
    return hn::IfThenElse(hn::Eq(a, a), hn::IfThenElse(hn::Gt(a, b), a, b), a);
  }
};

struct MinOp {
  template <class D, class V>
  V operator()(D /*d*/, V a, V b) const {
    return hn::IfThenElse(hn::Eq(a, a), hn::IfThenElse(hn::Lt(a, b), a, b), a);
  }
};

}  // namespace

void BinaryRun(BinaryKind kind, const float* a, int64_t a_step, const float* b, int64_t b_step,
               float* out, int64_t length) {
  const auto map = [&](const auto& op) { MapRun2(op, a, a_step, b, b_step, out, length); };
  switch (kind) {
    case BinaryKind::kAdd: return map(AddOp());
    case BinaryKind::kSub: return map(SubOp());
    case BinaryKind::kMul: return map(MulOp());
    case BinaryKind::kDiv: return map(DivOp());
    case BinaryKind::kMax: return map(MaxOp());
    case BinaryKind::kMin: return map(MinOp());
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(BinaryRun);

void Binary(const ConstTensorView& a, const ConstTensorView& b, BinaryKind kind,
            const TensorView& out, ThreadPool& pool) {
  if (ReferenceChosen()) return reference::Binary(a, b, kind, out);
  const Strides strides[] = {BroadcastStrides(a, out.shape), BroadcastStrides(b, out.shape),
                             out.strides};
  ForEachRun(out.shape, strides, pool, [&](const ElementRun& run) {
    HWY_DYNAMIC_DISPATCH(BinaryRun)
    (kind, Floats(a) + run.offset[0], run.step[0], Floats(b) + run.offset[1], run.step[1],
     Floats(out) + run.offset[2], run.length);
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
