#include "graph/ops/pool2d.h"

namespace gan::core {

std::string_view NameOf(PoolKind kind) {
  switch (kind) {
    case PoolKind::kMax: return "max";
    case PoolKind::kAverage: return "average";
  }
  GAN_ASSERT(false);
  return "";
}

SymbolicShape Pool2d::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  in.RequireRank(0, 4);
  in.RequireSize("kernel", kernel);
  in.RequireSize("stride", stride);
  // More padding than half a window would leave windows with nothing in them.
  in.RequireAttribute("padding", padding.top, 0, kernel.h / 2);
  in.RequireAttribute("padding", padding.bottom, 0, kernel.h / 2);
  in.RequireAttribute("padding", padding.left, 0, kernel.w / 2);
  in.RequireAttribute("padding", padding.right, 0, kernel.w / 2);
  const SymbolicShape& x = in.shape(0);
  return {x[0], x[1], SlideWindow(in, x[2], padding.top + padding.bottom, kernel.h, stride.h, 1),
          SlideWindow(in, x[3], padding.left + padding.right, kernel.w, stride.w, 1)};
}

double Pool2d::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  return static_cast<double>(out.elements()) * static_cast<double>(kernel.h * kernel.w);
}

Window Pool2d::WindowOf(SpatialAxis axis) const {
  const bool vertical = axis == SpatialAxis::kHeight;
  const int64_t low = -(vertical ? padding.top : padding.left);
  return {.num = vertical ? stride.h : stride.w,
          .low = low,
          .high = low + (vertical ? kernel.h : kernel.w) - 1};
}

}  // namespace gan::core
