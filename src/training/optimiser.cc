#include "training/optimiser.h"

#include <cmath>

#include "base/error.h"

namespace gan::core {

Optimiser::Optimiser(const Recipe::Optimiser& options, const at::Tensor& like) : options_(options) {
  if (options.kind == "adam") {
    kind_ = Kind::kAdam;
  } else if (options.kind == "adamw") {
    kind_ = Kind::kAdamW;
  } else if (options.kind == "rmsprop") {
    kind_ = Kind::kRmsprop;
  } else if (options.kind == "sgd") {
    kind_ = Kind::kSgd;
  } else {
    Fail(ErrorCode::kConfiguration, "optimiser", "knows no optimiser \"{}\"",
         Printable(options.kind));
  }
  if (kind_ != Kind::kRmsprop) mean_ = at::zeros_like(like);
  if (kind_ != Kind::kSgd) variance_ = at::zeros_like(like);
  scratch_ = at::empty_like(like);
}

void Optimiser::StepAdam(const at::Tensor& values, const at::Tensor& gradient, double rate) {
  const auto steps = static_cast<double>(steps_);
  const double mean_bias = 1 - std::pow(options_.beta1, steps);
  const double variance_bias = 1 - std::pow(options_.beta2, steps);
  // With beta1 = 0, as WGAN-GP and R3GAN have it, the mean is the gradient.
  const bool momentum = options_.beta1 != 0;
  if (momentum) mean_.lerp_(gradient, 1 - options_.beta1);
  variance_.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
  at::sqrt_out(scratch_, variance_);
  scratch_.mul_(1 / std::sqrt(variance_bias)).add_(options_.epsilon);
  at::Tensor to = values;
  to.addcdiv_(momentum ? mean_ : gradient, scratch_, -rate / mean_bias);
}

void Optimiser::Step(const at::Tensor& values, const at::Tensor& gradient, double rate_factor) {
  const at::NoGradGuard no_gradients;
  ++steps_;
  const double rate = options_.learning_rate * rate_factor;
  at::Tensor to = values;
  at::Tensor g = gradient;
  if (options_.weight_decay != 0) {
    if (kind_ == Kind::kAdamW) {
      to.mul_(1 - rate * options_.weight_decay);
    } else {
      g = gradient.add(values, options_.weight_decay);
    }
  }
  switch (kind_) {
    case Kind::kAdam:
    case Kind::kAdamW: StepAdam(values, g, rate); break;
    case Kind::kRmsprop:
      variance_.mul_(options_.beta2).addcmul_(g, g, 1 - options_.beta2);
      at::sqrt_out(scratch_, variance_);
      to.addcdiv_(g, scratch_.add_(options_.epsilon), -rate);
      break;
    case Kind::kSgd:
      mean_.mul_(options_.beta1).add_(g);
      to.add_(mean_, -rate);
      break;
  }
}

std::map<std::string, at::Tensor> Optimiser::State() const {
  std::map<std::string, at::Tensor> state;
  if (mean_.defined()) state["mean"] = mean_;
  if (variance_.defined()) state["variance"] = variance_;
  return state;
}

void Optimiser::Restore(const std::map<std::string, at::Tensor>& state, int64_t steps) {
  const at::NoGradGuard no_gradients;
  for (auto& [name, tensor] : State()) {
    const auto found = state.find(name);
    if (found == state.end() || found->second.sizes() != tensor.sizes()) {
      Fail(ErrorCode::kBadData, "optimiser",
           "wants \"{}\" of {} numbers in the checkpoint: it belongs to another network or "
           "optimiser",
           name, tensor.numel());
    }
    at::Tensor to = tensor;
    to.copy_(found->second);
  }
  steps_ = steps;
}

}  // namespace gan::core
