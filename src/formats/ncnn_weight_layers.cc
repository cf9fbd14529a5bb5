// Layers with weights in the .bin file.
#include <array>
#include <cmath>

#include "base/checked.h"
#include "formats/ncnn_layers.h"

namespace gan::core {
namespace {

constexpr int64_t kMostChannels = int64_t{1} << 20;

// Output channels, window and weights as Convolution and its kin spell them.
struct Kernel {
  int64_t outputs;
  int64_t inputs;  // per group
  int64_t groups;
  Size2d size;
  Size2d dilation;
  Size2d stride;
};

Kernel ReadKernel(const NcnnCall& call, bool grouped, int dynamic_key) {
  call.RequireInputs(1, 1);
  const NcnnLayer& layer = call.layer;
  if (layer.Int(dynamic_key, 0) != 0) layer.FailHere("takes its weights from another layer");
  if (layer.Int(8, 0) != 0) layer.FailHere("is quantised to int8, which gan cannot run");
  Kernel kernel;
  kernel.outputs = layer.Int(0, 0, 1, kMostChannels);
  kernel.groups = grouped ? layer.Int(7, 1, 1, kMostChannels) : 1;
  kernel.size = layer.Size(1, 11, 0);
  kernel.dilation = layer.Size(2, 12, 1);
  kernel.stride = layer.Size(3, 13, 1);
  const int64_t weights = layer.Int(6, 0, 1);
  // At most 2^20 times 2^32: no overflow.
  const int64_t window = kernel.outputs * kernel.size.h * kernel.size.w;
  kernel.inputs = weights / window;
  if (weights % window != 0 || kernel.outputs % kernel.groups != 0) {
    layer.FailHere("cannot share {} weights among {} outputs of {}x{} in {} groups", weights,
                   kernel.outputs, kernel.size.h, kernel.size.w, kernel.groups);
  }
  if (call.inputs[0].vector && (kernel.size.h != 1 || kernel.size.w != 1)) {
    layer.FailHere("wants a picture, its input is a vector");
  }
  return kernel;
}

// Reads the bias after the weights, if there is one, and finishes the layer.
template <class ConvOp>
NcnnBlob AddConvolution(NcnnCall& call, const ConvOp& op, ValueId input, const Tensor& weight,
                        int64_t outputs, bool bias) {
  std::vector<ValueId> operands = {input, call.Parameter("weight", weight)};
  if (bias) operands.push_back(call.Parameter("bias", call.Weights(outputs, false)));
  return {call.Fused(call.Add(op, std::move(operands))), call.inputs[0].vector};
}

// Negative padding stands for TensorFlow's SAME: as many outputs as inputs / stride, the odd pixel
// of padding after (-233) or before (-234).
void ResolveSame(const NcnnCall& call, const Kernel& kernel, Padding2d& padding) {
  if (padding.left >= 0 && padding.right >= 0 && padding.top >= 0 && padding.bottom >= 0) return;
  const bool upper = padding.left == -233;
  const int64_t mark = upper ? -233 : -234;
  if (!(padding == Padding2d{mark, mark, mark, mark})) {
    call.layer.FailHere("has negative padding");
  }
  const auto along = [&](size_t axis, int64_t size, int64_t stride, int64_t dilation) {
    const Dim& dim = call.ShapeOf(call.inputs[0].value)[axis];
    if (!dim.IsDivisibleBy(stride)) {
      call.layer.FailHere("pads {} to a multiple of {}, which is not known", dim.ToString(),
                          stride);
    }
    const int64_t all = std::max<int64_t>(dilation * (size - 1) + 1 - stride, 0);
    return upper ? std::pair{all / 2, all - all / 2} : std::pair{all - all / 2, all / 2};
  };
  const auto rows = along(2, kernel.size.h, kernel.stride.h, kernel.dilation.h);
  const auto columns = along(3, kernel.size.w, kernel.stride.w, kernel.dilation.w);
  padding = {rows.first, columns.first, rows.second, columns.second};
}

NcnnBlob AnyConvolution(NcnnCall& call, bool grouped) {
  const Kernel kernel = ReadKernel(call, grouped, 19);
  Padding2d padding = call.layer.Padding(4, 15, 14, 16);
  ResolveSame(call, kernel, padding);
  const Tensor weight =
      call.Weights(call.layer.Int(6, 0), true)
          .Reshaped({kernel.outputs, kernel.inputs, kernel.size.h, kernel.size.w});
  ValueId input = call.inputs[0].value;
  if (const float border = call.layer.Float(18, 0); border != 0) {
    input = call.Add(Pad2d{PadMode::kConstant, padding, border}, {input});
    padding = {};
  }
  const Conv2d op{.kernel = kernel.size,
                  .stride = kernel.stride,
                  .dilation = kernel.dilation,
                  .padding = padding,
                  .groups = kernel.groups};
  return AddConvolution(call, op, input, weight, kernel.outputs, call.layer.Int(5, 0) != 0);
}

NcnnBlob Convolution(NcnnCall& call) { return AnyConvolution(call, false); }
NcnnBlob ConvolutionDepthWise(NcnnCall& call) { return AnyConvolution(call, true); }

// ncnn keeps [group][output][input], the graph wants [group][input][output].
Tensor SwapInputsAndOutputs(const Tensor& from, const Kernel& kernel) {
  const int64_t outputs = kernel.outputs / kernel.groups;
  const int64_t taps = kernel.size.h * kernel.size.w;
  Tensor to(DType::kF32, {kernel.groups * kernel.inputs, outputs, kernel.size.h, kernel.size.w});
  const float* source = from.floats().data();
  float* target = to.floats().data();
  for (int64_t g = 0; g < kernel.groups; ++g) {
    for (int64_t i = 0; i < kernel.inputs; ++i) {
      for (int64_t o = 0; o < outputs; ++o) {
        std::copy_n(source + ((g * outputs + o) * kernel.inputs + i) * taps, taps, target);
        target += taps;
      }
    }
  }
  return to;
}

NcnnBlob AnyDeconvolution(NcnnCall& call, bool grouped) {
  const Kernel kernel = ReadKernel(call, grouped, 28);
  if (call.layer.Int(20, 0) != 0 || call.layer.Int(21, 0) != 0) {
    call.layer.FailHere("makes pictures of one fixed size");
  }
  const int64_t extra_width = call.layer.Int(18, 0);
  const Tensor weight = call.Weights(call.layer.Int(6, 0), true);
  const ConvTranspose2d op{.kernel = kernel.size,
                           .stride = kernel.stride,
                           .dilation = kernel.dilation,
                           .padding = call.layer.Padding(4, 15, 14, 16),
                           .output_padding = {call.layer.Int(19, extra_width), extra_width},
                           .groups = kernel.groups};
  return AddConvolution(call, op, call.inputs[0].value, SwapInputsAndOutputs(weight, kernel),
                        kernel.outputs, call.layer.Int(5, 0) != 0);
}

NcnnBlob Deconvolution(NcnnCall& call) { return AnyDeconvolution(call, false); }
NcnnBlob DeconvolutionDepthWise(NcnnCall& call) { return AnyDeconvolution(call, true); }

NcnnBlob InnerProduct(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const NcnnLayer& layer = call.layer;
  if (layer.Int(8, 0) != 0) layer.FailHere("is quantised to int8, which gan cannot run");
  const SymbolicShape& shape = call.ShapeOf(call.inputs[0].value);
  if (shape[2] != Dim(1) || shape[3] != Dim(1)) {
    layer.FailHere("wants a vector, its input is a picture {}", ToString(shape));
  }
  const int64_t outputs = layer.Int(0, 0, 1, kMostChannels);
  const int64_t weights = layer.Int(2, 0, 1);
  if (weights % outputs != 0) {
    layer.FailHere("cannot share {} weights among {} outputs", weights, outputs);
  }
  const Tensor weight = call.Weights(weights, true).Reshaped({outputs, weights / outputs, 1, 1});
  NcnnBlob out =
      AddConvolution(call, Conv2d{}, call.inputs[0].value, weight, outputs, layer.Int(1, 0) != 0);
  out.vector = true;
  return out;
}

NcnnBlob PRelu(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const Tensor slope = call.Weights(call.layer.Int(0, 0, 1, kMostChannels), false);
  return {call.Add(Prelu{}, {call.inputs[0].value, call.Parameter("slope", slope)}),
          call.inputs[0].vector};
}

// scale * x + shift, a pair of numbers for each channel, as a 1x1 convolution of each alone.
NcnnBlob PerChannel(NcnnCall& call, const Tensor& scale, const Tensor* shift) {
  const int64_t channels = scale.shape()[0];
  std::vector<ValueId> operands = {call.inputs[0].value,
                                   call.Parameter("weight", scale.Reshaped({channels, 1, 1, 1}))};
  if (shift != nullptr) operands.push_back(call.Parameter("bias", *shift));
  return {call.Add(Conv2d{.groups = channels}, std::move(operands)), call.inputs[0].vector};
}

NcnnBlob Scale(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const int64_t channels = call.layer.Int(0, 0, 1, kMostChannels);
  const Tensor scale = call.Weights(channels, false);
  if (call.layer.Int(1, 0) == 0) return PerChannel(call, scale, nullptr);
  const Tensor shift = call.Weights(channels, false);
  return PerChannel(call, scale, &shift);
}

NcnnBlob BatchNorm(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const int64_t channels = call.layer.Int(0, 0, 1, kMostChannels);
  const float epsilon = call.layer.Float(1, 0);
  const Tensor slope = call.Weights(channels, false);
  const Tensor mean = call.Weights(channels, false);
  const Tensor variance = call.Weights(channels, false);
  const Tensor bias = call.Weights(channels, false);
  Tensor scale(DType::kF32, {channels});
  Tensor shift(DType::kF32, {channels});
  for (size_t i = 0; i < static_cast<size_t>(channels); ++i) {
    const float deviation = std::sqrt(variance.floats()[i] + epsilon);
    if (!(deviation > 0)) call.layer.FailHere("has a variance that is not positive");
    scale.floats()[i] = slope.floats()[i] / deviation;
    shift.floats()[i] = bias.floats()[i] - scale.floats()[i] * mean.floats()[i];
  }
  return PerChannel(call, scale, &shift);
}

NcnnBlob MemoryData(NcnnCall& call) {
  call.RequireInputs(0, 0);
  const NcnnLayer& layer = call.layer;
  const int64_t width = layer.Int(0, 0, 1, 1 << 24);
  const int64_t height = layer.Int(1, 0, 0, 1 << 24);
  const int64_t channels = layer.Int(2, 0, 0, kMostChannels);
  const bool vector = height == 0 && channels == 0;
  if (layer.Int(11, 0) != 0 || (!vector && (height == 0 || channels == 0))) {
    layer.FailHere("holds neither a vector nor a picture");
  }
  const Shape shape = vector ? Shape{1, width, 1, 1} : Shape{1, channels, height, width};
  const bool flagged = layer.Int(21, 1, 0, 1) == 0;
  return {call.Parameter("data", call.Weights(shape.elements(), flagged).Reshaped(shape)), vector};
}

constexpr std::array kLayers = {
    NcnnLayerType{"Convolution", Convolution},
    NcnnLayerType{"ConvolutionDepthWise", ConvolutionDepthWise},
    NcnnLayerType{"Deconvolution", Deconvolution},
    NcnnLayerType{"DeconvolutionDepthWise", DeconvolutionDepthWise},
    NcnnLayerType{"InnerProduct", InnerProduct},
    NcnnLayerType{"PReLU", PRelu},
    NcnnLayerType{"Scale", Scale},
    NcnnLayerType{"BatchNorm", BatchNorm},
    NcnnLayerType{"MemoryData", MemoryData},
};

}  // namespace

std::span<const NcnnLayerType> NcnnWeightLayers() { return kLayers; }

}  // namespace gan::core
