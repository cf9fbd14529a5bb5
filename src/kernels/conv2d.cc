#include "kernels/conv2d.h"

#include "base/error.h"
#include "kernels/target.h"

namespace gan::core::kernels {
namespace {

std::vector<Tap> TapsOf(const Shape& weight, const Conv2dParams& params) {
  std::vector<Tap> taps;
  for (int64_t u = 0; u < weight[2]; ++u) {
    for (int64_t v = 0; v < weight[3]; ++v) {
      taps.push_back({u * params.dilation_h - params.padding.top,
                      v * params.dilation_w - params.padding.left});
    }
  }
  return taps;
}

CorrelateGeometry GeometryOf(const Shape& x, const Shape& weight, const Conv2dParams& params) {
  const Shape out = Conv2dOutputShape(x, weight, params);
  return {weight[1], TapsOf(weight, params), params.stride_h, params.stride_w, out[2], out[3]};
}

int64_t OutputSize(int64_t padded, int64_t kernel, int64_t dilation, int64_t stride) {
  const int64_t reach = dilation * (kernel - 1) + 1;
  GAN_ASSERT(padded >= reach && stride >= 1);
  return (padded - reach) / stride + 1;
}

// Calls visit(flat index into the weight, group, output and input within the group, tap).
template <class Visit>
void ForEachWeight(const Shape& shape, int64_t groups, const Visit& visit) {
  const int64_t outputs = shape[0] / groups, inputs = shape[1], taps = shape[2] * shape[3];
  size_t flat = 0;
  for (int64_t o = 0; o < shape[0]; ++o) {
    for (int64_t i = 0; i < inputs; ++i) {
      for (int64_t tap = 0; tap < taps; ++tap) {
        visit(flat++, o / outputs, o % outputs, i, static_cast<size_t>(tap));
      }
    }
  }
}

}  // namespace

Conv2dFilter PackConv2d(const ConstTensorView& weight, const Conv2dParams& params) {
  const Shape& shape = weight.shape;
  GAN_ASSERT(shape.rank() == 4 && params.groups >= 1 && shape[0] % params.groups == 0);
  Tensor values(DType::kF32, shape);
  CopyElements(weight, values.view());
  Conv2dFilter filter{
      params, shape,
      TapFilter(params.groups, shape[1], shape[0] / params.groups, TapsOf(shape, params))};
  ForEachWeight(shape, params.groups,
                [&](size_t flat, int64_t group, int64_t o, int64_t i, size_t tap) {
                  filter.taps.Weight(group, o, i, tap) = values.floats()[flat];
                });
  return filter;
}

Tensor UnpackConv2d(const Conv2dFilter& filter) {
  Tensor weight(DType::kF32, filter.shape);
  ForEachWeight(filter.shape, filter.params.groups,
                [&](size_t flat, int64_t group, int64_t o, int64_t i, size_t tap) {
                  weight.floats()[flat] = filter.taps.Weight(group, o, i, tap);
                });
  return weight;
}

Shape Conv2dOutputShape(const Shape& x, const Shape& weight, const Conv2dParams& params) {
  GAN_ASSERT(x.rank() == 4 && weight.rank() == 4 && x[1] == weight[1] * params.groups);
  const Padding2d& p = params.padding;
  return {x[0], weight[0],
          OutputSize(x[2] + p.top + p.bottom, weight[2], params.dilation_h, params.stride_h),
          OutputSize(x[3] + p.left + p.right, weight[3], params.dilation_w, params.stride_w)};
}

size_t Conv2dWorkspaceBytes(const Shape& x, const Shape& weight, const Conv2dParams& params,
                            int threads) {
  return CorrelateWorkspaceBytes(GeometryOf(x, weight, params), threads);
}

void Conv2d(const ConstTensorView& in, const Conv2dFilter& filter, const ConstTensorView& bias,
            const TensorView& out, std::span<std::byte> workspace, ThreadPool& pool) {
  GAN_ASSERT(out.shape == Conv2dOutputShape(in.shape, filter.shape, filter.params));
  GAN_ASSERT(bias.data == nullptr || bias.shape == Shape{filter.shape[0]});
  if (ReferenceChosen()) {
    return reference::Conv2d(in, UnpackConv2d(filter).view(), bias, filter.params, out);
  }
  const OutputGrid grid{Floats(out), out.strides[0], out.strides[1], out.strides[2], 1};
  Correlate(in, filter.taps, bias, GeometryOf(in.shape, filter.shape, filter.params), grid,
            workspace, pool);
}

}  // namespace gan::core::kernels
