#include "graph/ops/conv_transpose2d.h"

#include <algorithm>

namespace gan::core {

SymbolicShape ConvTranspose2d::InferShape(const Operands& in) const {
  in.RequireCount(2, 3);
  in.RequireRank(0, 4);
  in.RequireAttribute("groups", groups, 1);
  in.RequireSize("kernel", kernel);
  in.RequireSize("stride", stride);
  in.RequireSize("dilation", dilation);
  in.RequirePadding(padding);
  // As PyTorch has it: the extra rows must not outgrow a step.
  in.RequireAttribute("output_padding", output_padding.h, 0, std::max(stride.h, dilation.h) - 1);
  in.RequireAttribute("output_padding", output_padding.w, 0, std::max(stride.w, dilation.w) - 1);
  const int64_t channels = in.RequireConstant(0, 1);
  in.RequireRank(1, 4);
  if (channels % groups != 0) {
    in.FailAt(1, "cannot split {} input channels into {} groups", channels, groups);
  }
  if (in.RequireConstant(1, 0) != channels) {
    in.FailAt(1, "wants {} input channels, \"{}\" has {}", in.RequireConstant(1, 0), in.name(0),
              channels);
  }
  const int64_t per_group = in.RequireConstant(1, 1);
  in.RequireShape(1, {channels, per_group, kernel.h, kernel.w});
  in.RequireAttribute("output channels", per_group, 1, (int64_t{1} << 31) / groups);
  const int64_t outputs = per_group * groups;
  if (in.size() == 3) in.RequireShape(2, {outputs});
  const SymbolicShape& x = in.shape(0);
  const auto grow = [&](const Dim& size, int64_t step, int64_t reach, int64_t extra) {
    const Dim out = (size - 1) * step + (reach + extra + 1);
    if (out.IsConstant() && out.constant() < 1) {
      in.FailAt(0, "of size {} is smaller than the padding", size.ToString());
    }
    return out;
  };
  return {x[0], outputs,
          grow(x[2], stride.h, dilation.h * (kernel.h - 1),
               output_padding.h - padding.top - padding.bottom),
          grow(x[3], stride.w, dilation.w * (kernel.w - 1),
               output_padding.w - padding.left - padding.right)};
}

double ConvTranspose2d::MultiplyAdds(std::span<const Shape> in, const Shape&) const {
  const Shape& weight = in[1];
  return static_cast<double>(in[0].elements()) *
         static_cast<double>(weight[1] * weight[2] * weight[3]);
}

Window ConvTranspose2d::WindowOf(SpatialAxis axis) const {
  // Output o gets input i through tap k where o = i stride - padding + k dilation.
  const bool vertical = axis == SpatialAxis::kHeight;
  const int64_t step = vertical ? stride.h : stride.w;
  const int64_t before = vertical ? padding.top : padding.left;
  const int64_t reach = vertical ? dilation.h * (kernel.h - 1) : dilation.w * (kernel.w - 1);
  return {.den = step, .low = before - reach + step - 1, .high = before};
}

}  // namespace gan::core
