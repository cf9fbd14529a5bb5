#include "backends/torch/training.h"

namespace gan::core::torch_backend {
namespace {

// The last four arguments of a node, the first two of which may be left out.
struct Terms {
  at::Tensor weight, bias, mean, variance;
};

Terms TermsOf(Arguments in) {
  const size_t mean = BatchNorm::MeanIndex(in.size());
  Terms terms{.mean = in[mean], .variance = in[mean + 1]};
  if (mean == 3) terms.weight = in[1], terms.bias = in[2];
  return terms;
}

// [C] against [N, C, ...].
at::Tensor AlongChannels(const at::Tensor& terms, const at::Tensor& x) {
  std::vector<int64_t> sizes(static_cast<size_t>(x.dim()), 1);
  sizes[1] = -1;
  return terms.reshape(sizes);
}

// moving += momentum * (batch - moving), outside autograd.
void MoveTowards(const at::Tensor& moving, const at::Tensor& batch, double momentum) {
  const at::NoGradGuard no_gradients;
  at::Tensor(moving).lerp_(batch.detach().to(moving.scalar_type()), momentum);
}

// The mean first and then the squares around it: the squares' sum alone would cancel.
at::Tensor TrainOverProcesses(const BatchNorm& op, const at::Tensor& input, const Terms& terms,
                              const RunOptions& options, double count) {
  const bool wide = input.scalar_type() == at::kDouble;
  const at::Tensor x = input.to(wide ? at::kDouble : at::kFloat);
  std::vector<int64_t> axes{0};
  for (int64_t axis = 2; axis < x.dim(); ++axis) axes.push_back(axis);
  const at::Tensor mean = options.sum_over_processes(x.sum(axes)) / count;
  const at::Tensor centred = x - AlongChannels(mean, x);
  const at::Tensor squares = options.sum_over_processes((centred * centred).sum(axes));
  if (options.update_statistics) {
    MoveTowards(terms.mean, mean, op.momentum);
    MoveTowards(terms.variance, squares / (count - 1), op.momentum);
  }
  at::Tensor out = centred * AlongChannels(at::rsqrt(squares / count + op.epsilon), x);
  if (terms.weight.defined()) {
    out = out * AlongChannels(terms.weight, x) + AlongChannels(terms.bias, x);
  }
  return out.to(input.scalar_type());
}

}  // namespace

at::Tensor Evaluate(const BatchNorm& op, Arguments in) {
  const Terms terms = TermsOf(in);
  return at::batch_norm(in[0], terms.weight, terms.bias, terms.mean, terms.variance,
                        /*training=*/false, op.momentum, op.epsilon, at::hasCUDA());
}

at::Tensor Train(const BatchNorm& op, Arguments in, const RunOptions& options) {
  const Terms terms = TermsOf(in);
  const at::Tensor& x = in[0];
  const int64_t count = x.numel() / std::max<int64_t>(1, x.size(1)) * options.processes;
  if (count < 2) {
    Fail(
        ErrorCode::kBadData, BatchNorm::kName,
        "wants more than one value a channel to train on, got a batch of {}x{}: use a larger batch",
        x.size(0), x.numel() / std::max<int64_t>(1, x.size(0) * x.size(1)));
  }
  if (options.sum_over_processes) {
    return TrainOverProcesses(op, x, terms, options, static_cast<double>(count));
  }
  // ATen updates the moving statistics itself, with the unbiased variance.
  const bool update = options.update_statistics;
  return at::batch_norm(x, terms.weight, terms.bias, update ? terms.mean : at::Tensor(),
                        update ? terms.variance : at::Tensor(), /*training=*/true, op.momentum,
                        op.epsilon, at::hasCUDA());
}

}  // namespace gan::core::torch_backend
