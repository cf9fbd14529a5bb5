#include "kernels/conv_transpose2d.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "kernels/target.h"
#include "kernels/transposed_phases.h"

namespace gan::core::kernels {
namespace {

// One phase of the picture: the product of a phase down and a phase across.
struct PhaseTaps {
  int64_t y = 0, x = 0;  // first output pixel
  std::vector<Tap> taps, elements;
};

std::vector<PhaseTaps> PhasesOf(const Shape& weight, const ConvTranspose2dParams& p) {
  const std::vector<AxisPhase> across =
      TransposedPhases(weight[3], p.dilation_w, p.padding.left, p.stride_w);
  std::vector<PhaseTaps> phases;
  for (const AxisPhase& down :
       TransposedPhases(weight[2], p.dilation_h, p.padding.top, p.stride_h)) {
    for (const AxisPhase& column : across) {
      PhaseTaps& phase = phases.emplace_back(PhaseTaps{down.first, column.first, {}, {}});
      for (const AxisTap& u : down.taps) {
        for (const AxisTap& v : column.taps) {
          phase.taps.push_back({u.offset, v.offset});
          phase.elements.push_back({u.element, v.element});
        }
      }
    }
  }
  return phases;
}

CorrelateGeometry GeometryOf(const Shape& out, int64_t inputs, std::vector<Tap> taps,
                             const ConvTranspose2dParams& p, int64_t y, int64_t x) {
  const auto count = [](int64_t size, int64_t first, int64_t stride) {
    return size <= first ? 0 : (size - first - 1) / stride + 1;
  };
  return {
      inputs, std::move(taps), 1, 1, count(out[2], y, p.stride_h), count(out[3], x, p.stride_w)};
}

int64_t OutputSize(int64_t size, int64_t kernel, int64_t stride, int64_t dilation, int64_t cut,
                   int64_t added) {
  const int64_t result = (size - 1) * stride - cut + dilation * (kernel - 1) + added + 1;
  GAN_ASSERT(size > 0 && stride >= 1 && result > 0);
  return result;
}

// For the pixels that no filter element reaches.
void FillWithBias(const ConstTensorView& bias, const TensorView& out, ThreadPool& pool) {
  const int64_t channels = out.shape[1];
  pool.ParallelFor(out.shape[0] * channels, [&](int64_t item, int /*thread*/) {
    const int64_t n = item / channels, c = item % channels;
    float* to = Floats(out) + n * out.strides[0] + c * out.strides[1];
    const float value = bias.data == nullptr ? 0.0f : Floats(bias)[c];
    for (int64_t y = 0; y < out.shape[2]; ++y, to += out.strides[2]) {
      std::fill_n(to, out.shape[3], value);
    }
  });
}

// Calls visit(phase, group, output, input, tap, element of `weight`) for each packed weight.
template <class Filter, class Visit>
void ForEachWeight(Filter& filter, Tensor& weight, const Visit& visit) {
  const Shape& shape = filter.shape;
  const int64_t inputs = shape[0] / filter.params.groups, outputs = shape[1];
  for (auto& phase : filter.phases) {
    for (size_t tap = 0; tap < phase.elements.size(); ++tap) {
      const Tap& element = phase.elements[tap];
      for (int64_t i = 0; i < shape[0]; ++i) {
        for (int64_t o = 0; o < outputs; ++o) {
          const int64_t flat = ((i * outputs + o) * shape[2] + element.dy) * shape[3] + element.dx;
          visit(phase.taps, i / inputs, o, i % inputs, tap,
                weight.floats()[static_cast<size_t>(flat)]);
        }
      }
    }
  }
}

}  // namespace

ConvTranspose2dFilter PackConvTranspose2d(const ConstTensorView& weight,
                                          const ConvTranspose2dParams& params) {
  const Shape& shape = weight.shape;
  GAN_ASSERT(shape.rank() == 4 && params.groups >= 1 && shape[0] % params.groups == 0);
  ConvTranspose2dFilter filter{params, shape, {}};
  for (const PhaseTaps& phase : PhasesOf(shape, params)) {
    filter.phases.push_back(
        {phase.y, phase.x, TapFilter(params.groups, shape[0] / params.groups, shape[1], phase.taps),
         phase.elements});
  }
  Tensor values(DType::kF32, shape);
  CopyElements(weight, values.view());
  ForEachWeight(filter, values,
                [](TapFilter& taps, int64_t group, int64_t o, int64_t i, size_t tap, float value) {
                  taps.Weight(group, o, i, tap) = value;
                });
  return filter;
}

Tensor UnpackConvTranspose2d(const ConvTranspose2dFilter& filter) {
  Tensor weight(DType::kF32, filter.shape);
  ForEachWeight(filter, weight,
                [](const TapFilter& taps, int64_t group, int64_t o, int64_t i, size_t tap,
                   float& value) { value = taps.Weight(group, o, i, tap); });
  return weight;
}

Shape ConvTranspose2dOutputShape(const Shape& x, const Shape& weight,
                                 const ConvTranspose2dParams& params) {
  GAN_ASSERT(x.rank() == 4 && weight.rank() == 4 && x[1] == weight[0]);
  const Padding2d& p = params.padding;
  return {x[0], weight[1] * params.groups,
          OutputSize(x[2], weight[2], params.stride_h, params.dilation_h, p.top + p.bottom,
                     params.output_padding_h),
          OutputSize(x[3], weight[3], params.stride_w, params.dilation_w, p.left + p.right,
                     params.output_padding_w)};
}

size_t ConvTranspose2dWorkspaceBytes(const Shape& x, const Shape& weight,
                                     const ConvTranspose2dParams& params, int threads) {
  const Shape out = ConvTranspose2dOutputShape(x, weight, params);
  size_t bytes = 0;
  for (const PhaseTaps& phase : PhasesOf(weight, params)) {
    const CorrelateGeometry geometry =
        GeometryOf(out, weight[0] / params.groups, phase.taps, params, phase.y, phase.x);
    bytes = std::max(bytes, CorrelateWorkspaceBytes(geometry, threads));
  }
  return bytes;
}

void ConvTranspose2d(const ConstTensorView& in, const ConvTranspose2dFilter& filter,
                     const ConstTensorView& bias, const TensorView& out,
                     std::span<std::byte> workspace, ThreadPool& pool) {
  const ConvTranspose2dParams& params = filter.params;
  GAN_ASSERT(out.shape == ConvTranspose2dOutputShape(in.shape, filter.shape, params));
  GAN_ASSERT(bias.data == nullptr || bias.shape == Shape{out.shape[1]});
  if (ReferenceChosen()) {
    return reference::ConvTranspose2d(in, UnpackConvTranspose2d(filter).view(), bias, params, out);
  }
  if (static_cast<int64_t>(filter.phases.size()) < params.stride_h * params.stride_w) {
    FillWithBias(bias, out, pool);
  }
  for (const ConvTranspose2dFilter::Phase& phase : filter.phases) {
    const CorrelateGeometry geometry =
        GeometryOf(out.shape, phase.taps.inputs(), phase.taps.taps(), params, phase.y, phase.x);
    const OutputGrid grid{Floats(out) + phase.y * out.strides[2] + phase.x, out.strides[0],
                          out.strides[1], out.strides[2] * params.stride_h, params.stride_w};
    Correlate(in, phase.taps, bias, geometry, grid, workspace, pool);
  }
}

}  // namespace gan::core::kernels
