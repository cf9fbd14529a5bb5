// Differentiable augmentation of what the discriminator sees. (Zhao et al. 2020, "Differentiable
// Augmentation for Data-Efficient GAN Training")
#ifndef GAN_TRAINING_AUGMENTATION_DIFF_AUGMENT_H_
#define GAN_TRAINING_AUGMENTATION_DIFF_AUGMENT_H_

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "training/step_random.h"

namespace gan::core {

class DiffAugment {
 public:
  // Any of "color" (brightness, saturation, contrast), "translation" (by up to an eighth), "cutout"
  // (a square of half the side). Error kConfiguration: another name.
  explicit DiffAugment(std::vector<std::string> operations);

  // Pictures [N, C, H, W] in [-1, 1], each changed in its own way, which gradients flow through,
  // twice if asked.
  at::Tensor Apply(const at::Tensor& pictures, StepRandom& random) const;

 private:
  std::vector<std::string> operations_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_AUGMENTATION_DIFF_AUGMENT_H_
