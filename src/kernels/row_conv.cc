#include "kernels/row_conv.h"

#include <algorithm>

#include "base/error.h"
#include "kernels/transposed_phases.h"

namespace gan::core::kernels {
namespace {

constexpr int64_t kPanel = RowConvFilter::kPanel;

int64_t Padded(int64_t channels) { return (channels + kPanel - 1) / kPanel * kPanel; }

// Products of a chunk, about: its weights for a panel take 64 KiB, which stay in L2 while many
// pixels pass over them. Whole cache lines of inputs, since a pixel's chunk is read on its own.
constexpr int64_t kChunkProducts = 1024;
constexpr int64_t kChunkStep = 16;

// Chunks of about equal size.
int64_t ChunkOf(int64_t taps, int64_t inputs) {
  const int64_t wanted = std::max<int64_t>(1, kChunkProducts / taps);
  const int64_t chunks = std::max<int64_t>(1, (inputs + wanted / 2) / wanted);
  const int64_t chunk = (inputs + chunks - 1) / chunks;
  return (chunk + kChunkStep - 1) / kChunkStep * kChunkStep;
}

// Up to kMostFew outputs, vectors of inputs do less in vain: of 8 lanes, 3 outputs use 3. But there
// must be enough inputs to fill them.
constexpr int64_t kMostFew = 4;

RowConvForm FormOf(int64_t groups, int64_t inputs, int64_t outputs) {
  if (groups > 1 && inputs == 1 && outputs == 1) return RowConvForm::kChannels;
  if (groups == 1 && outputs <= kMostFew && inputs >= kPanel) return RowConvForm::kInputs;
  return RowConvForm::kOutputs;
}

std::vector<int64_t> OffsetsOf(const AxisPhase& phase) {
  std::vector<int64_t> offsets;
  for (const AxisTap& tap : phase.taps) offsets.push_back(tap.offset);
  return offsets;
}

// Element (u, v) of a convolution reads at u * dilation - before.
AxisPhase OnlyPhase(int64_t kernel, int64_t dilation, int64_t before) {
  AxisPhase phase;
  for (int64_t u = 0; u < kernel; ++u) phase.taps.push_back({u, u * dilation - before});
  return phase;
}

// One phase where vectors run over inputs.
template <class Weight>
float* PackInputs(const RowConvFilter& filter, const AxisPhase& down, const AxisPhase& across,
                  const Weight& weight, float* to) {
  for (const AxisTap& u : down.taps) {
    for (const AxisTap& v : across.taps) {
      for (int64_t o = 0; o < filter.outputs; ++o) {
        for (int64_t i = 0; i < Padded(filter.inputs); ++i) {
          *to++ = i < filter.inputs ? weight(o, i, u.element, v.element) : 0.0f;
        }
      }
    }
  }
  return to;
}

// One phase otherwise.
template <class Weight>
float* PackOutputs(const RowConvFilter& filter, int64_t chunk, const AxisPhase& down,
                   const AxisPhase& across, const Weight& weight, float* to) {
  const int64_t outputs = filter.groups * filter.outputs;
  for (int64_t first = 0; first < outputs; first += kPanel) {
    for (int64_t begin = 0; begin < filter.inputs; begin += chunk) {
      const int64_t end = std::min(begin + chunk, filter.inputs);
      for (const AxisTap& u : down.taps) {
        for (const AxisTap& v : across.taps) {
          for (int64_t i = begin; i < end; ++i) {
            for (int64_t o = first; o < first + kPanel; ++o) {
              *to++ = o < outputs ? weight(o, i, u.element, v.element) : 0.0f;
            }
          }
        }
      }
    }
  }
  return to;
}

// weight(output, input within its group, u, v) gives an element.
template <class Weight>
void Pack(const std::vector<AxisPhase>& down, const std::vector<AxisPhase>& across,
          const Weight& weight, RowConvFilter& filter) {
  const bool by_inputs = filter.form == RowConvForm::kInputs;
  const int64_t per_tap = by_inputs ? filter.outputs * Padded(filter.inputs)
                                    : filter.inputs * Padded(filter.groups * filter.outputs);
  int64_t floats = 0;
  for (const AxisPhase& u : down) {
    for (const AxisPhase& v : across) {
      RowConvPhase phase{u.first, v.first, OffsetsOf(u), OffsetsOf(v), 0, floats};
      phase.chunk = by_inputs ? filter.inputs : ChunkOf(phase.Taps(), filter.inputs);
      floats += phase.Taps() * per_tap;
      filter.phases.push_back(std::move(phase));
    }
  }
  filter.packed = Tensor(DType::kF32, {floats});
  float* to = filter.packed.floats().data();
  size_t phase = 0;
  for (const AxisPhase& u : down) {
    for (const AxisPhase& v : across) {
      const int64_t chunk = filter.phases[phase++].chunk;
      to = by_inputs ? PackInputs(filter, u, v, weight, to)
                     : PackOutputs(filter, chunk, u, v, weight, to);
    }
  }
}

}  // namespace

bool RowConvTakes(int64_t inputs, int64_t outputs, int64_t groups) {
  if (groups == 1 || outputs / groups % kPanel == 0) return true;
  return inputs == groups && outputs == groups;
}

RowConvFilter PackRowConv(const ConstTensorView& weight, const Conv2dParams& params) {
  const Shape& shape = weight.shape;
  const Padding2d& p = params.padding;
  GAN_ASSERT(shape.rank() == 4 && params.groups >= 1 && shape[0] % params.groups == 0);
  GAN_ASSERT(RowConvTakes(shape[1] * params.groups, shape[0], params.groups));
  RowConvFilter filter{.form = FormOf(params.groups, shape[1], shape[0] / params.groups),
                       .groups = params.groups,
                       .inputs = shape[1],
                       .outputs = shape[0] / params.groups,
                       .in_stride_h = params.stride_h,
                       .in_stride_w = params.stride_w};
  const float* from = Floats(weight);
  const Strides& step = weight.strides;
  Pack(
      {OnlyPhase(shape[2], params.dilation_h, p.top)},
      {OnlyPhase(shape[3], params.dilation_w, p.left)},
      [&](int64_t o, int64_t i, int64_t u, int64_t v) {
        return from[o * step[0] + i * step[1] + u * step[2] + v * step[3]];
      },
      filter);
  return filter;
}

RowConvFilter PackRowConv(const ConstTensorView& weight, const ConvTranspose2dParams& params) {
  const Shape& shape = weight.shape;
  const Padding2d& p = params.padding;
  GAN_ASSERT(shape.rank() == 4 && params.groups >= 1 && shape[0] % params.groups == 0);
  GAN_ASSERT(RowConvTakes(shape[0], shape[1] * params.groups, params.groups));
  RowConvFilter filter{.form = FormOf(params.groups, shape[0] / params.groups, shape[1]),
                       .groups = params.groups,
                       .inputs = shape[0] / params.groups,
                       .outputs = shape[1],
                       .out_stride_h = params.stride_h,
                       .out_stride_w = params.stride_w};
  const float* from = Floats(weight);
  const Strides& step = weight.strides;
  Pack(
      TransposedPhases(shape[2], params.dilation_h, p.top, params.stride_h),
      TransposedPhases(shape[3], params.dilation_w, p.left, params.stride_w),
      [&](int64_t o, int64_t i, int64_t u, int64_t v) {
        const int64_t input = o / filter.outputs * filter.inputs + i;
        return from[input * step[0] + o % filter.outputs * step[1] + u * step[2] + v * step[3]];
      },
      filter);
  return filter;
}

}  // namespace gan::core::kernels
