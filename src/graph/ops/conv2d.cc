#include "graph/ops/conv2d.h"

namespace gan::core {

SymbolicShape Conv2d::InferShape(const Operands& in) const {
  in.RequireCount(2, 3);
  in.RequireRank(0, 4);
  in.RequireAttribute("groups", groups, 1);
  in.RequireSize("kernel", kernel);
  in.RequireSize("stride", stride);
  in.RequireSize("dilation", dilation);
  in.RequirePadding(padding);
  const int64_t channels = in.RequireConstant(0, 1);
  in.RequireRank(1, 4);
  const int64_t outputs = in.RequireConstant(1, 0);
  if (channels % groups != 0 || outputs % groups != 0) {
    in.FailAt(1, "cannot split {} input and {} output channels into {} groups", channels, outputs,
              groups);
  }
  const int64_t wanted = in.RequireConstant(1, 1) * groups;
  if (wanted != channels) {
    in.FailAt(1, "wants {} input channels, \"{}\" has {}", wanted, in.name(0), channels);
  }
  in.RequireShape(1, {outputs, channels / groups, kernel.h, kernel.w});
  if (in.size() == 3) in.RequireShape(2, {outputs});
  const SymbolicShape& x = in.shape(0);
  return {x[0], outputs,
          SlideWindow(in, x[2], padding.top + padding.bottom, kernel.h, stride.h, dilation.h),
          SlideWindow(in, x[3], padding.left + padding.right, kernel.w, stride.w, dilation.w)};
}

double Conv2d::MultiplyAdds(std::span<const Shape> in, const Shape& out) const {
  const Shape& weight = in[1];
  return static_cast<double>(out.elements()) *
         static_cast<double>(weight[1] * weight[2] * weight[3]);
}

Window Conv2d::WindowOf(SpatialAxis axis) const {
  const bool vertical = axis == SpatialAxis::kHeight;
  const int64_t low = -(vertical ? padding.top : padding.left);
  const int64_t reach = vertical ? dilation.h * (kernel.h - 1) : dilation.w * (kernel.w - 1);
  return {.num = vertical ? stride.h : stride.w, .low = low, .high = low + reach};
}

}  // namespace gan::core
