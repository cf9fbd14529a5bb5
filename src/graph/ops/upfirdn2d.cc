#include "graph/ops/upfirdn2d.h"

namespace gan::core {

SymbolicShape Upfirdn2d::InferShape(const Operands& in) const {
  in.RequireCount(2, 2);
  in.RequireRank(0, 4);
  in.RequireSize("up", up);
  in.RequireSize("down", down);
  in.RequireSize("filter", filter);
  in.RequirePadding(padding);
  in.RequireShape(1, {filter.h, filter.w});
  const SymbolicShape& x = in.shape(0);
  return {x[0], x[1],
          SlideWindow(in, x[2] * up.h, padding.top + padding.bottom, filter.h, down.h, 1),
          SlideWindow(in, x[3] * up.w, padding.left + padding.right, filter.w, down.w, 1)};
}

double Upfirdn2d::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  // Of the enlarged picture only every up-th pixel is not 0.
  return static_cast<double>(out.elements()) * static_cast<double>(filter.h * filter.w) /
         static_cast<double>(up.h * up.w);
}

Window Upfirdn2d::WindowOf(SpatialAxis axis) const {
  // Output o reads the enlarged pixels o down - before to o down - before + taps - 1.
  const bool vertical = axis == SpatialAxis::kHeight;
  const int64_t step = vertical ? up.h : up.w;
  const int64_t before = vertical ? padding.top : padding.left;
  const int64_t taps = vertical ? filter.h : filter.w;
  return {.num = vertical ? down.h : down.w,
          .den = step,
          .low = step - 1 - before,
          .high = taps - 1 - before};
}

Tensor Upfirdn2d::DepthwiseFilter(const Tensor& filter_values, int64_t channels,
                                  bool turned) const {
  const Tensor one = filter_values.ToFloat();
  Tensor out(DType::kF32, {channels, 1, filter.h, filter.w});
  const auto taps = static_cast<size_t>(filter.h * filter.w);
  for (size_t i = 0; i < out.floats().size(); ++i) {
    const size_t tap = i % taps;
    out.floats()[i] = gain * one.floats()[turned ? taps - 1 - tap : tap];
  }
  return out;
}

}  // namespace gan::core
