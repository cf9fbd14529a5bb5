#include "training/regularisers/gradient_penalty.h"

#include <torch/csrc/autograd/autograd.h>

namespace gan::core {

at::Tensor SquaredSlopes(const at::Tensor& logits, const at::Tensor& x) {
  const at::Tensor slope = torch::autograd::grad({logits.sum()}, {x}, {}, /*retain_graph=*/true,
                                                 /*create_graph=*/true)[0];
  return slope.square().sum({1, 2, 3});
}

at::Tensor GradientPenalty(const std::function<at::Tensor(const at::Tensor&)>& discriminator,
                           const at::Tensor& real, const at::Tensor& fake, const at::Tensor& mix,
                           double centre) {
  at::Tensor x = at::lerp(real.detach(), fake.detach(), mix.reshape({-1, 1, 1, 1}));
  x.set_requires_grad(true);
  const at::Tensor squared = SquaredSlopes(discriminator(x), x);
  if (centre == 0) return squared.mean();
  // The square root has no slope at 0.
  return (at::sqrt(squared + 1e-12) - centre).square().mean();
}

}  // namespace gan::core
