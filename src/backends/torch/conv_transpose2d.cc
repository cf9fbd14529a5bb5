#include <torch/csrc/autograd/custom_function.h>

#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

std::vector<int64_t> ListOf(const Size2d& size) { return {size.h, size.w}; }

// What LibTorch calls a transposed convolution it computes by a matrix product and a scatter. It is
// the gradient of a convolution, for which it has oneDNN: two to three times as fast. So that is
// what training takes; at::conv_transpose2d stays where nothing is differentiated.
struct AsGradient : torch::autograd::Function<AsGradient> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const ConvTranspose2d& op) {
    context->save_for_backward({x, weight});
    context->saved_data["stride"] = ListOf(op.stride);
    context->saved_data["padding"] = std::vector<int64_t>{op.padding.top, op.padding.left};
    context->saved_data["dilation"] = ListOf(op.dilation);
    context->saved_data["groups"] = op.groups;
    const auto size = [&](int64_t axis, int64_t kernel, int64_t stride, int64_t dilation,
                          int64_t padding, int64_t more) {
      return (x.size(axis) - 1) * stride - 2 * padding + dilation * (kernel - 1) + more + 1;
    };
    // Only its sizes are read.
    const at::Tensor picture = at::empty({1}, x.options())
                                   .expand({x.size(0), weight.size(1) * op.groups,
                                            size(2, op.kernel.h, op.stride.h, op.dilation.h,
                                                 op.padding.top, op.output_padding.h),
                                            size(3, op.kernel.w, op.stride.w, op.dilation.w,
                                                 op.padding.left, op.output_padding.w)});
    return std::get<0>(at::convolution_backward(
        x, picture, weight, c10::nullopt, PairOf(op.stride), {op.padding.top, op.padding.left},
        PairOf(op.dilation), /*transposed=*/false, {0, 0}, op.groups, {true, false, false}));
  }

  // Made of calls that can be differentiated again.
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor& weight = saved[1];
    const std::vector<int64_t> stride = context->saved_data["stride"].toIntVector();
    const std::vector<int64_t> padding = context->saved_data["padding"].toIntVector();
    const std::vector<int64_t> dilation = context->saved_data["dilation"].toIntVector();
    const int64_t groups = context->saved_data["groups"].toInt();
    at::Tensor of_x, of_weight;
    if (context->needs_input_grad(0)) {
      of_x = at::conv2d(gradients[0], weight, {}, stride, padding, dilation, groups);
    }
    if (context->needs_input_grad(1)) {
      of_weight = std::get<1>(at::convolution_backward(x, gradients[0], weight, c10::nullopt,
                                                       stride, padding, dilation, false, {0, 0},
                                                       groups, {false, true, false}));
    }
    return {of_x, of_weight, at::Tensor()};
  }
};

bool IsTrained(const ConvTranspose2d& op, Arguments in) {
  const bool wanted = in[0].requires_grad() || in[1].requires_grad();
  return at::GradMode::is_enabled() && wanted && IsSymmetric(op.padding);
}

}  // namespace

at::Tensor Evaluate(const ConvTranspose2d& op, Arguments in) {
  const Padding2d& padding = op.padding;
  if (IsTrained(op, in)) {
    const at::Tensor out = AsGradient::apply(in[0], in[1], op);
    return in.size() > 2 ? out + in[2].reshape({1, -1, 1, 1}) : out;
  }
  if (IsSymmetric(padding)) {
    return at::conv_transpose2d(in[0], in[1], BiasOf(in), PairOf(op.stride),
                                {padding.top, padding.left}, PairOf(op.output_padding), op.groups,
                                PairOf(op.dilation));
  }
  // Uneven padding is what is cut off the whole result. Output padding is cut off less, or rows
  // that no input reaches, which hold the bias alone.
  const at::Tensor whole = at::conv_transpose2d(in[0], in[1], {}, PairOf(op.stride), PairOf({0, 0}),
                                                PairOf({0, 0}), op.groups, PairOf(op.dilation));
  const Padding2d cut{-padding.top, -padding.left, op.output_padding.h - padding.bottom,
                      op.output_padding.w - padding.right};
  const at::Tensor out = PadWith(whole, cut, 0);
  return in.size() > 2 ? out + in[2].reshape({1, -1, 1, 1}) : out;
}

}  // namespace gan::core::torch_backend
