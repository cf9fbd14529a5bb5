#include "backends/cpu/row_lowering.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "backends/cpu/activation_params.h"
#include "backends/cpu/conv_params.h"
#include "backends/cpu/node_order.h"
#include "backends/cpu/resize_params.h"
#include "base/error.h"
#include "kernels/batch_norm.h"

namespace gan::core {
namespace {

// Inputs and outputs below which the transforms cost more than they save.
constexpr int64_t kLeastChannels = 8;

// Pixels of each phase, or read by one output, below which transforming and reading four filters of
// 2x2 costs more than it saves of a 4x4 one: about 64 floats of memory against 7 multiplications a
// pixel.
constexpr int64_t kLeastPixels = 512;
// The side of pictures whose size is open, as most are.
constexpr int64_t kUsualSide = 256;

bool IsPicture(const Graph& graph, ValueId id) {
  const Value& value = graph.value(id);
  return value.kind != ValueKind::kParameter && value.shape.size() == 4;
}

bool AreParameters(const Graph& graph, const Node& node) {
  return std::all_of(node.inputs.begin() + 1, node.inputs.end(),
                     [&](ValueId id) { return graph.value(id).kind == ValueKind::kParameter; });
}

int64_t UsualPixels(const SymbolicShape& shape) {
  const auto size = [](const Dim& dim) {
    if (dim.IsConstant()) return dim.constant();
    const int64_t unit = dim.multiple();
    return dim.Eval({{dim.symbol(), (kUsualSide + unit - 1) / unit * unit}});
  };
  return size(shape[2]) * size(shape[3]);
}

// What is asked of every convolution that is done by Winograd's method.
template <class Convolution>
std::string DeclineForAll(const Graph& graph, const Node& node, const Convolution& op) {
  const auto within = [&](int64_t padding) { return padding >= 0 && padding < op.kernel.h; };
  const SymbolicShape& weight = graph.value(node.inputs[1]).shape;
  if (op.kernel.h != op.kernel.w) return "the filter is not square";
  if (op.dilation != Size2d{1, 1}) return "the filter is dilated";
  if (op.groups != 1) return "channels are in groups";
  if (!within(op.padding.top) || !within(op.padding.left) || !within(op.padding.bottom) ||
      !within(op.padding.right)) {
    return "the padding is as large as the filter";
  }
  const SymbolicShape& made = graph.value(node.output).shape;
  if (!made[2].IsExact() || !made[3].IsExact()) return "its size is no fixed part of the picture's";
  if (std::min(weight[0].constant(), weight[1].constant()) < kLeastChannels) {
    return "too few channels to pay for transforms";
  }
  return "";
}

constexpr char kTooFewPixels[] = "too few pixels to pay for filters transformed";

// Why a convolution cannot be done by Winograd's method, or should not.
std::string WinogradDecline(const Graph& graph, const Node& node, const Conv2d& op,
                            const CpuPasses& passes) {
  const bool halves = passes.small_tiles && op.stride == Size2d{2, 2} && op.kernel == Size2d{4, 4};
  if (op.kernel.h < 3) return "the filter is smaller than 3x3";
  if (op.stride != Size2d{1, 1} && !halves) return "the stride is not 1";
  if (halves && UsualPixels(graph.value(node.output).shape) < kLeastPixels) return kTooFewPixels;
  return DeclineForAll(graph, node, op);
}

std::string WinogradDecline(const Graph& graph, const Node& node, const ConvTranspose2d& op,
                            const CpuPasses& passes) {
  if (!passes.small_tiles || op.stride != Size2d{2, 2} || op.kernel != Size2d{4, 4} ||
      op.output_padding != Size2d{0, 0}) {
    return "the convolution is transposed";
  }
  if (UsualPixels(graph.value(node.output).shape) < 4 * kLeastPixels) return kTooFewPixels;
  return DeclineForAll(graph, node, op);
}

std::string Decline(const Graph& graph, const Node& node, const Conv2d& op) {
  if (!AreParameters(graph, node)) return "the filter is computed by the network";
  const SymbolicShape& weight = graph.value(node.inputs[1]).shape;
  return kernels::RowConvTakes(weight[1].constant() * op.groups, weight[0].constant(), op.groups)
             ? ""
             : "groups have too few channels";
}

std::string Decline(const Graph& graph, const Node& node, const ConvTranspose2d& op) {
  if (!AreParameters(graph, node)) return "the filter is computed by the network";
  const SymbolicShape& weight = graph.value(node.inputs[1]).shape;
  return kernels::RowConvTakes(weight[0].constant(), weight[1].constant() * op.groups, op.groups)
             ? ""
             : "groups have too few channels";
}

RowOp RowOpOf(const Activation& op) {
  using Kind = kernels::PixelOpKind;
  switch (op.kind) {
    case ActivationKind::kRelu: return {.kind = Kind::kLeakyRelu, .alpha = 0};
    case ActivationKind::kLeakyRelu: return {.kind = Kind::kLeakyRelu, .alpha = op.alpha};
    case ActivationKind::kClip: return {.kind = Kind::kClip, .alpha = op.alpha, .beta = op.beta};
    case ActivationKind::kSigmoid:
    case ActivationKind::kTanh:
    case ActivationKind::kSilu:
    case ActivationKind::kGelu:
    case ActivationKind::kElu:
    case ActivationKind::kSoftplus:
    case ActivationKind::kHardSigmoid:
    case ActivationKind::kHardSwish: break;
  }
  return {.kind = Kind::kActivation, .activation = KernelParams(op)};
}

std::optional<kernels::PixelOpKind> PixelOpOf(BinaryKind kind) {
  switch (kind) {
    case BinaryKind::kAdd: return kernels::PixelOpKind::kAdd;
    case BinaryKind::kSubtract: return kernels::PixelOpKind::kSubtract;
    case BinaryKind::kMultiply: return kernels::PixelOpKind::kMultiply;
    case BinaryKind::kDivide:
    case BinaryKind::kMaximum:
    case BinaryKind::kMinimum: break;
  }
  return std::nullopt;
}

std::string Decline(const Graph& graph, const Node& node, const BatchNorm&) {
  return AreParameters(graph, node) ? "" : "its terms are computed by the network";
}

std::string Decline(const Graph& graph, const Node& node, const GroupNorm&) {
  return AreParameters(graph, node) ? "" : "its terms are computed by the network";
}

std::string Decline(const Graph& graph, const Node& node, const Prelu&) {
  return graph.value(node.inputs[1]).kind == ValueKind::kParameter ? "" : "the slope is computed";
}

// Whether the second operand of an operation on pictures is a weight with one number a channel, or
// one for all.
bool IsOfChannels(const Graph& graph, const Node& node) {
  const Value& other = graph.value(node.inputs[1]);
  const SymbolicShape& made = graph.value(node.output).shape;
  const Dim one(1);
  if (other.kind != ValueKind::kParameter || graph.value(node.inputs[0]).shape != made)
    return false;
  return IsPicture(graph, node.output) && other.shape[0] == one && other.shape[2] == one &&
         other.shape[3] == one && (other.shape[1] == one || other.shape[1] == made[1]);
}

// What another result is as the second operand, or nothing where there is no such step.
std::optional<kernels::PixelOperand> OperandOf(const Graph& graph, const Node& node) {
  const SymbolicShape& x = graph.value(node.inputs[0]).shape;
  if (x != graph.value(node.output).shape || !IsPicture(graph, node.inputs[0]) ||
      !IsPicture(graph, node.inputs[1])) {
    return std::nullopt;
  }
  const SymbolicShape& other = graph.value(node.inputs[1]).shape;
  const Dim one(1);
  if (other == x) return kernels::PixelOperand::kWhole;
  if (other[0] != one && other[0] != x[0]) return std::nullopt;
  if (other[1] == x[1] && other[2] == one && other[3] == one) return kernels::PixelOperand::kPixel;
  if (other[1] == one && other[2] == x[2] && other[3] == x[3]) {
    return kernels::PixelOperand::kChannel;
  }
  return std::nullopt;
}

std::string Decline(const Graph& graph, const Node& node, const Binary& op) {
  if (!PixelOpOf(op.kind)) return "no such step on rows";
  const bool known = IsOfChannels(graph, node) || OperandOf(graph, node);
  return known ? "" : "an operand is repeated in a way that rows have not";
}

std::string Decline(const Graph&, const Node&, const Resize&) { return ""; }

// Each channel is filtered alone: a depthwise convolution, or a transposed one where it enlarges.
std::string Decline(const Graph& graph, const Node& node, const Upfirdn2d& op) {
  if (!AreParameters(graph, node)) return "the filter is computed by the network";
  if (op.down != Size2d{1, 1}) return "it thins the picture";
  const auto within = [](int64_t padding, int64_t filter) {
    return padding >= 0 && padding < filter;
  };
  const Padding2d& p = op.padding;
  if (!within(p.top, op.filter.h) || !within(p.bottom, op.filter.h) ||
      !within(p.left, op.filter.w) || !within(p.right, op.filter.w)) {
    return "its border is wider than the filter";
  }
  return "";
}

std::string Decline(const Graph& graph, const Node& node, const Concat&) {
  return std::ranges::all_of(node.inputs, [&](ValueId id) { return IsPicture(graph, id); })
             ? ""
             : "a part is a weight";
}

std::string Decline(const Graph&, const Node&, const Activation&) { return ""; }
std::string Decline(const Graph&, const Node&, const Affine&) { return ""; }
std::string Decline(const Graph&, const Node&, const Dropout&) { return ""; }
std::string Decline(const Graph&, const Node&, const Pad2d&) { return ""; }
std::string Decline(const Graph&, const Node&, const PixelShuffle&) { return ""; }

template <class Other>
std::string Decline(const Graph&, const Node&, const Other&) {
  return "no such step on rows";
}

// One past the last node that reads each value; past all nodes for outputs.
std::vector<size_t> LastReaders(const Graph& graph) {
  std::vector<size_t> last(graph.values.size());
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    for (const ValueId id : graph.nodes[n].inputs) last[Index(id)] = n + 1;
  }
  for (const ValueId id : graph.outputs) last[Index(id)] = graph.nodes.size() + 1;
  return last;
}

// The longest stretch within [begin, end) that begins there and has one result.
std::optional<RowStretch> LongestFrom(const Graph& graph, const std::vector<size_t>& last_readers,
                                      size_t begin, size_t end) {
  // changes[i]: how many more results are read from outside if the stretch ends at begin + i.
  std::vector<int> changes(end - begin + 2);
  const auto last_of = [&](size_t n) { return last_readers[Index(graph.nodes[n].output)]; };
  for (size_t n = begin; n < end; ++n) {
    ++changes[n + 1 - begin];
    --changes[std::min(last_of(n), end + 1) - begin];
  }
  size_t longest = begin;
  int outside = 0;
  for (size_t at = begin + 1; at <= end; ++at) {
    outside += changes[at - begin];
    if (outside == 1) longest = at;
  }
  if (longest == begin) return std::nullopt;
  for (size_t n = longest; n-- > begin;) {
    if (last_of(n) > longest) return RowStretch{begin, longest, graph.nodes[n].output};
  }
  return std::nullopt;
}

bool HoldsConvolution(const Graph& graph, const RowStretch& stretch) {
  const auto first = graph.nodes.begin() + static_cast<ptrdiff_t>(stretch.begin);
  const auto last = graph.nodes.begin() + static_cast<ptrdiff_t>(stretch.end);
  return std::any_of(first, last, IsConvolution);
}

class Lowering {
 public:
  Lowering(const Graph& graph, WeightSupply& weights, const CpuPasses& passes)
      : graph_(graph), weights_(weights), passes_(passes) {}

  RowProgram Run(const RowStretch& stretch) {
    for (size_t n = stretch.begin; n < stretch.end; ++n) {
      node_ = n;
      std::visit([&](const auto& op) { Lower(graph_.nodes[n], op); }, graph_.nodes[n].op);
    }
    program_.output = stretch.output;
    RowStep store{.kind = RowStepKind::kStore};
    store.inputs = {ValueOf(stretch.output)};
    program_.steps.push_back(std::move(store));
    return std::move(program_);
  }

 private:
  int NewValue(ValueId id) {
    const int value = static_cast<int>(program_.values.size());
    program_.values.push_back(id);
    numbers_[id] = value;
    return value;
  }

  // The number of an operand; one from outside is loaded when it is first wanted.
  int ValueOf(ValueId id) {
    const auto found = numbers_.find(id);
    if (found != numbers_.end()) return found->second;
    RowStep load{.kind = RowStepKind::kLoad};
    load.external = program_.inputs.size();
    load.output = NewValue(id);
    program_.inputs.push_back(id);
    program_.steps.push_back(load);
    return load.output;
  }

  RowStep& AddStep(const Node& node, RowStepKind kind, std::span<const ValueId> operands) {
    RowStep step{.kind = kind};
    for (const ValueId id : operands) step.inputs.push_back(ValueOf(id));
    step.output = NewValue(node.output);
    step.nodes = {node_};
    program_.steps.push_back(std::move(step));
    return program_.steps.back();
  }

  void AddMap(const Node& node, const RowOp& op) {
    AddStep(node, RowStepKind::kMap, std::span(node.inputs).first(1)).ops = {op};
  }

  void Lower(const Node& node, const Conv2d& op) {
    std::string why = WinogradDecline(graph_, node, op, passes_);
    if (!why.empty()) {
      RowStep& step = AddDirect(node, KernelParams(op), std::move(why));
      const Padding2d& p = op.padding;
      step.add_h = p.top + p.bottom - op.dilation.h * (op.kernel.h - 1) - 1;
      step.add_w = p.left + p.right - op.dilation.w * (op.kernel.w - 1) - 1;
      return;
    }
    RowStep& step = AddWinograd(node, op);
    step.stride = op.stride.h;
    if (step.stride == 2) step.tile = 3;
  }
  void Lower(const Node& node, const ConvTranspose2d& op) {
    std::string why = WinogradDecline(graph_, node, op, passes_);
    if (why.empty()) {
      RowStep& step = AddWinograd(node, op);
      step.transposed = true;
      step.tile = 3;
      return;
    }
    RowStep& step = AddDirect(node, KernelParams(op), std::move(why));
    const Padding2d& p = op.padding;
    const auto add = [](int64_t stride, int64_t cut, int64_t reach, int64_t added) {
      return reach + added - stride - cut;
    };
    step.add_h =
        add(op.stride.h, p.top + p.bottom, op.dilation.h * (op.kernel.h - 1), op.output_padding.h);
    step.add_w =
        add(op.stride.w, p.left + p.right, op.dilation.w * (op.kernel.w - 1), op.output_padding.w);
  }
  template <class Convolution>
  RowStep& AddWinograd(const Node& node, const Convolution& op) {
    RowStep& step = AddStep(node, RowStepKind::kConvolve, std::span(node.inputs).first(1));
    step.weight = weights_.Take(node, 1);
    step.bias = weights_.Take(node, 2);
    step.padding = op.padding;
    step.taps = op.kernel.h;
    return step;
  }
  template <class Params>
  RowStep& AddDirect(const Node& node, const Params& params, std::string why) {
    RowStep& step = AddStep(node, RowStepKind::kDirect, std::span(node.inputs).first(1));
    step.filter = kernels::PackRowConv(weights_.Take(node, 1).view(), params);
    step.bias = weights_.Take(node, 2);
    step.why = std::move(why);
    return step;
  }
  void Lower(const Node& node, const Pad2d& op) {
    RowStep& step = AddStep(node, RowStepKind::kPad, node.inputs);
    step.mode = op.mode;
    step.padding = op.padding;
    step.value = op.value;
  }
  void Lower(const Node& node, const BatchNorm& op) {
    const size_t mean = BatchNorm::MeanIndex(node.inputs.size());
    const Tensor means = weights_.Take(node, mean), variances = weights_.Take(node, mean + 1);
    const Tensor weight = mean == 3 ? weights_.Take(node, 1) : Tensor();
    const Tensor bias = mean == 3 ? weights_.Take(node, 2) : Tensor();
    kernels::ChannelAffine folded = kernels::FoldBatchNorm(
        {weight.view(), bias.view(), means.view(), variances.view(), op.epsilon});
    AddMap(node, {.kind = kernels::PixelOpKind::kScaleShift,
                  .slope = std::move(folded.scale),
                  .shift = std::move(folded.shift)});
  }
  // Two steps: what is measured of the whole picture, then its use.
  void Lower(const Node& node, const GroupNorm& op) {
    const int picture = ValueOf(node.inputs[0]);
    RowStep& moments = AddStep(node, RowStepKind::kMoments, std::span(node.inputs).first(1));
    moments.weight = weights_.Take(node, 1);
    moments.bias = weights_.Take(node, 2);
    moments.norm_groups = op.groups;
    moments.epsilon = op.epsilon;
    const int measured = moments.output;
    AddMap(node, {.kind = kernels::PixelOpKind::kNormalize, .other = measured});
    program_.steps.back().inputs = {picture};
  }
  void Lower(const Node& node, const Activation& op) { AddMap(node, RowOpOf(op)); }
  void Lower(const Node& node, const Affine& op) {
    AddMap(node, {.kind = kernels::PixelOpKind::kAffine, .alpha = op.scale, .beta = op.shift});
  }
  void Lower(const Node& node, const Prelu&) {
    AddMap(node, {.kind = kernels::PixelOpKind::kPrelu, .slope = weights_.Take(node, 1)});
  }
  void Lower(const Node& node, const Binary& op) {
    if (IsOfChannels(graph_, node)) return AddMap(node, WithWeights(node, op.kind));
    AddMap(node, {.kind = *PixelOpOf(op.kind),
                  .other = ValueOf(node.inputs[1]),
                  .operand = *OperandOf(graph_, node)});
  }
  // One number a channel: v * scale + shift.
  RowOp WithWeights(const Node& node, BinaryKind kind) {
    const auto channels = static_cast<size_t>(graph_.value(node.output).shape[1].constant());
    const Tensor given = weights_.Take(node, 1);
    std::vector<float> scale(channels, 1), shift(channels);
    for (size_t c = 0; c < channels; ++c) {
      const float weight = given.floats()[given.floats().size() == 1 ? 0 : c];
      if (kind == BinaryKind::kMultiply) {
        scale[c] = weight;
      } else {
        shift[c] = kind == BinaryKind::kAdd ? weight : -weight;
      }
    }
    const Shape shape{static_cast<int64_t>(channels)};
    return {.kind = kernels::PixelOpKind::kScaleShift,
            .slope = Tensor::FromFloats(shape, scale),
            .shift = Tensor::FromFloats(shape, shift)};
  }
  void Lower(const Node& node, const Upfirdn2d& op) {
    const int64_t channels = graph_.value(node.output).shape[1].constant();
    const bool enlarges = op.up != Size2d{1, 1};
    // Flipped for a convolution, which does not flip; a transposed one does.
    const Tensor weight = op.DepthwiseFilter(weights_.Take(node, 1), channels, !enlarges);
    const Padding2d& p = op.padding;
    RowStep& step = AddStep(node, RowStepKind::kDirect, std::span(node.inputs).first(1));
    step.why = "each channel is filtered alone";
    step.add_h = p.top + p.bottom - op.filter.h;
    step.add_w = p.left + p.right - op.filter.w;
    step.filter = enlarges
                      ? kernels::PackRowConv(
                            weight.view(),
                            kernels::ConvTranspose2dParams{
                                .stride_h = op.up.h,
                                .stride_w = op.up.w,
                                .groups = channels,
                                .padding = {op.filter.h - 1 - p.top, op.filter.w - 1 - p.left,
                                            op.filter.h - 1 - p.bottom, op.filter.w - 1 - p.right}})
                      : kernels::PackRowConv(
                            weight.view(),
                            kernels::Conv2dParams{.groups = channels,
                                                  .padding = {p.top, p.left, p.bottom, p.right}});
  }
  // Nothing is left out when a network is run.
  void Lower(const Node& node, const Dropout&) { numbers_[node.output] = ValueOf(node.inputs[0]); }
  void Lower(const Node& node, const Concat&) { AddStep(node, RowStepKind::kJoin, node.inputs); }
  void Lower(const Node& node, const PixelShuffle& op) {
    AddStep(node, RowStepKind::kShuffle, node.inputs).factor_h = op.factor;
  }
  void Lower(const Node& node, const Resize& op) {
    if (op.mode != ResizeMode::kNearest || op.den != Size2d{1, 1}) {
      AddStep(node, RowStepKind::kResize, node.inputs).resize = KernelParams(op);
      return;
    }
    RowStep& step = AddStep(node, RowStepKind::kRepeat, node.inputs);
    step.factor_h = op.num.h;
    step.factor_w = op.num.w;
  }
  template <class Other>
  void Lower(const Node&, const Other&) {
    GAN_ASSERT(false);
  }

  const Graph& graph_;
  WeightSupply& weights_;
  const CpuPasses& passes_;
  size_t node_ = 0;
  RowProgram program_;
  std::map<ValueId, int> numbers_;
};

}  // namespace

std::string RowDecline(const Graph& graph, const Node& node) {
  if (node.inputs.empty() || !IsPicture(graph, node.inputs[0])) return "its input is no picture";
  return std::visit([&](const auto& op) { return Decline(graph, node, op); }, node.op);
}

std::vector<RowStretch> FindRowStretches(const Graph& graph) {
  std::vector<RowStretch> stretches;
  const std::vector<size_t> last_readers = LastReaders(graph);
  for (size_t begin = 0; begin < graph.nodes.size();) {
    size_t end = begin;
    while (end < graph.nodes.size() && RowDecline(graph, graph.nodes[end]).empty()) ++end;
    const std::optional<RowStretch> stretch = LongestFrom(graph, last_readers, begin, end);
    if (stretch && HoldsConvolution(graph, *stretch)) stretches.push_back(*stretch);
    begin = stretch ? stretch->end : begin + 1;
  }
  return stretches;
}

RowProgram LowerToRows(const Graph& graph, const RowStretch& stretch, WeightSupply& weights,
                       const CpuPasses& passes) {
  RowProgram program = Lowering(graph, weights, passes).Run(stretch);
  if (passes.join_concats) JoinConcats(program);
  if (passes.fuse_maps) FuseMaps(program);
  if (passes.fuse_doublings) FuseDoublings(program);
  if (passes.bf16) RoundProducts(program);
  if (passes.enlarge_tiles) EnlargeTiles(program, graph);
  return program;
}

}  // namespace gan::core
