// The grid of samples that shows how a training goes: the same latents every time.
#ifndef GAN_TRAINING_SAMPLE_GRID_H_
#define GAN_TRAINING_SAMPLE_GRID_H_

#include <ATen/ATen.h>

#include <cstdint>

#include "tensor/tensor.h"
#include "training/adversarial_training.h"

namespace gan::core {

// Pictures of the averaged generator for latents [first, first + count) of a seed: [count, C, H, W]
// in [-1, 1] on the processor. Latent i depends on the seed and i alone; class i % classes.
at::Tensor SampleRange(AdversarialTraining& training, uint64_t seed, int64_t classes, int64_t first,
                       int64_t count);

// `side` columns and rows; with classes one row a class (at most kClassRows), the same latents in
// each. [C, H, W] in [0, 1].
inline constexpr int64_t kClassRows = 20;
Tensor SampleGrid(AdversarialTraining& training, uint64_t seed, int64_t classes, int64_t side);

}  // namespace gan::core

#endif  // GAN_TRAINING_SAMPLE_GRID_H_
