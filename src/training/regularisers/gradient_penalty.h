// Gradient penalty between real and made pictures. (Gulrajani et al. 2017, "Improved Training of
// Wasserstein GANs", centre 1; Thanh-Tung et al. 2019, centre 0)
#ifndef GAN_TRAINING_REGULARISERS_GRADIENT_PENALTY_H_
#define GAN_TRAINING_REGULARISERS_GRADIENT_PENALTY_H_

#include <ATen/ATen.h>

#include <functional>

namespace gan::core {

// The gradient of sum(logits) by x, each picture's squared length: [N]. With a graph of its own, so
// that it can be differentiated again.
at::Tensor SquaredSlopes(const at::Tensor& logits, const at::Tensor& x);

// mean((|gradient| - centre)^2) at points x = real + mix (fake - real).
//   mix  [N], [0, 1]
at::Tensor GradientPenalty(const std::function<at::Tensor(const at::Tensor&)>& discriminator,
                           const at::Tensor& real, const at::Tensor& fake, const at::Tensor& mix,
                           double centre);

}  // namespace gan::core

#endif  // GAN_TRAINING_REGULARISERS_GRADIENT_PENALTY_H_
