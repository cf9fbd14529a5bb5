#include "bench/training/expert_step.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "training/flat_parameters.h"

namespace gan::core::bench {
namespace {

namespace nn = torch::nn;

int64_t Doublings(int64_t size) {
  int64_t count = 0;
  while (size % 2 == 0 && size > 7) size /= 2, ++count;
  return count;
}

nn::Sequential Generator(const ExpertSizes& sizes) {
  nn::Sequential net;
  const int64_t doublings = Doublings(sizes.size);
  const int64_t base = sizes.size >> doublings;
  int64_t in = sizes.latent;
  for (int64_t i = 0; i < doublings; ++i) {
    const int64_t out = sizes.width << (doublings - 1 - i);
    const int64_t kernel = i == 0 ? base : 4;
    net->push_back(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, kernel)
                                           .stride(i == 0 ? 1 : 2)
                                           .padding(i == 0 ? 0 : 1)
                                           .bias(false)));
    net->push_back(nn::BatchNorm2d(out));
    net->push_back(nn::ReLU(nn::ReLUOptions(true)));
    in = out;
  }
  net->push_back(nn::ConvTranspose2d(
      nn::ConvTranspose2dOptions(in, sizes.channels, 4).stride(2).padding(1).bias(false)));
  net->push_back(nn::Tanh());
  return net;
}

nn::Sequential Discriminator(const ExpertSizes& sizes) {
  nn::Sequential net;
  const int64_t doublings = Doublings(sizes.size);
  int64_t in = sizes.channels;
  for (int64_t i = 0; i < doublings; ++i) {
    const int64_t out = sizes.width << i;
    net->push_back(nn::Conv2d(nn::Conv2dOptions(in, out, 4).stride(2).padding(1).bias(false)));
    if (i > 0) net->push_back(nn::BatchNorm2d(out));
    net->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2).inplace(true)));
    in = out;
  }
  net->push_back(nn::Conv2d(nn::Conv2dOptions(in, 1, sizes.size >> doublings).bias(false)));
  return net;
}

void Load(nn::Sequential& net, const std::string& prefix, const NamedTensors& weights) {
  const torch::NoGradGuard no_gradients;
  for (auto& parameter : net->named_parameters()) {
    const Tensor* found = weights.Find(prefix + parameter.key());
    if (found == nullptr) {
      Fail(ErrorCode::kInternal, "bench", "the expert's network has \"{}\", ours does not",
           parameter.key());
    }
    parameter.value().copy_(ToAten(*found, at::kCPU));
  }
}

torch::optim::AdamOptions Adam(const ExpertSizes& sizes) {
  return torch::optim::AdamOptions(sizes.learning_rate).betas({0.5, 0.999});
}

// What zero_grad(set_to_none) is in newer versions: the next gradient is moved in, not added.
void Forget(nn::Sequential& net) {
  for (at::Tensor& p : net->parameters()) p.mutable_grad() = at::Tensor();
}

}  // namespace

ExpertStep::ExpertStep(const ExpertSizes& sizes, const NamedTensors& weights)
    : sizes_(sizes), generator_(Generator(sizes)), discriminator_(Discriminator(sizes)) {
  Load(generator_, "generator.main.", weights);
  Load(discriminator_, "discriminator.main.", weights);
  generator_adam_ = std::make_unique<torch::optim::Adam>(generator_->parameters(), Adam(sizes));
  discriminator_adam_ =
      std::make_unique<torch::optim::Adam>(discriminator_->parameters(), Adam(sizes));
  for (const at::Tensor& p : generator_->parameters()) average_.push_back(p.detach().clone());
}

ExpertStep::Losses ExpertStep::Step(const at::Tensor& real, const at::Tensor& z) {
  const at::Tensor fake = generator_->forward(z.reshape({z.size(0), -1, 1, 1}));
  Forget(discriminator_);
  const at::Tensor loss_d = at::softplus(-discriminator_->forward(real)).mean() +
                            at::softplus(discriminator_->forward(fake.detach())).mean();
  loss_d.backward();
  discriminator_adam_->step();

  for (at::Tensor& p : discriminator_->parameters()) p.set_requires_grad(false);
  Forget(generator_);
  const at::Tensor loss_g = at::softplus(-discriminator_->forward(fake)).mean();
  loss_g.backward();
  generator_adam_->step();
  for (at::Tensor& p : discriminator_->parameters()) p.set_requires_grad(true);

  const torch::NoGradGuard no_gradients;
  seen_ += static_cast<double>(real.size(0));
  const double half_life = std::max(std::min(sizes_.average_half_life, seen_ * 0.05), 1.0);
  const double change = 1 - std::exp2(-static_cast<double>(real.size(0)) / half_life);
  const auto parameters = generator_->parameters();
  for (size_t i = 0; i < parameters.size(); ++i) average_[i].lerp_(parameters[i], change);
  return {loss_d.item<double>(), loss_g.item<double>()};
}

}  // namespace gan::core::bench
