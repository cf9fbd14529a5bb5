// R1 and R2: the discriminator's slope at real and at made pictures. (Mescheder et al. 2018, "Which
// Training Methods for GANs do actually Converge?"; Huang et al. 2024 for both together)
#ifndef GAN_TRAINING_REGULARISERS_SLOPE_PENALTY_H_
#define GAN_TRAINING_REGULARISERS_SLOPE_PENALTY_H_

#include <ATen/ATen.h>

namespace gan::core {

// (r1 / 2) mean(|slope at real|^2) + (r2 / 2) mean(|slope at fake|^2), from the logits of one pass:
// no pass of the discriminator is run for it.
//   logits  [N, 1], computed from x; its first `real` rows are of real pictures
//   x       [N, C, H, W], requires a gradient
at::Tensor SlopePenalty(const at::Tensor& logits, const at::Tensor& x, int64_t real, double r1,
                        double r2);

}  // namespace gan::core

#endif  // GAN_TRAINING_REGULARISERS_SLOPE_PENALTY_H_
