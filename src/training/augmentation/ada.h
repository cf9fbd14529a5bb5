// Adaptive discriminator augmentation. (Karras et al. 2020, "Training Generative Adversarial
// Networks with Limited Data")
#ifndef GAN_TRAINING_AUGMENTATION_ADA_H_
#define GAN_TRAINING_AUGMENTATION_ADA_H_

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "training/step_random.h"

namespace gan::core {

// Moves the probability of augmentation so that the mean sign of the discriminator's logits at real
// pictures stays at a target. Not thread-safe.
class AdaController {
 public:
  // images: how many it takes to go from 0 to 1.
  AdaController(double target, int64_t images) : target_(target), images_(images) {}

  void Observe(double mean_sign, int64_t images);

  double probability() const { return state_.probability; }
  struct State {
    double probability = 0;
    double sum = 0;      // of signs, weighted by images, since the last change
    int64_t images = 0;  // since the last change
    bool operator==(const State&) const = default;
  };
  const State& state() const { return state_; }
  void Restore(const State& state) { state_ = state; }

 private:
  double target_;
  int64_t images_;
  State state_;
};

// The pipeline: each operation happens to each picture with the probability given.
class AdaPipeline {
 public:
  // Any of "flip", "rotate90", "translate", "scale", "rotate", "color", "cutout".
  // Error kConfiguration: another name.
  explicit AdaPipeline(std::vector<std::string> operations);

  // Pictures [N, C, H, W] in [-1, 1]. Gradients flow through it once (the resampling has no second
  // derivative in LibTorch).
  at::Tensor Apply(const at::Tensor& pictures, double probability, StepRandom& random) const;

 private:
  bool Has(std::string_view operation) const;
  at::Tensor Geometry(const at::Tensor& x, double probability, StepRandom& random) const;
  at::Tensor Colour(const at::Tensor& x, double probability, StepRandom& random) const;

  std::vector<std::string> operations_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_AUGMENTATION_ADA_H_
