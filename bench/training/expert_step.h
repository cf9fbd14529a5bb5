// One training step as somebody who knows LibTorch well writes it, without this project: the rival.
#ifndef GAN_BENCH_TRAINING_EXPERT_STEP_H_
#define GAN_BENCH_TRAINING_EXPERT_STEP_H_

#include <torch/torch.h>

#include <vector>

#include "tensor/named_tensors.h"

namespace gan::core::bench {

struct ExpertSizes {
  int64_t size = 28;  // 28, or a power of two
  int64_t channels = 1;
  int64_t latent = 64;
  int64_t width = 32;
  double learning_rate = 2e-4;
  double average_half_life = 10'000;  // pictures
};

// DCGAN (batch norm in both networks), non-saturating loss, Adam, a moving average of the
// generator. torch::nn modules and torch::optim::Adam; the pictures made for the discriminator
// serve the generator's step as well, the discriminator's weights get no gradient while the
// generator learns, and nothing is read back but the two losses.
class ExpertStep {
 public:
  // Starts from these weights: "generator.main.0.weight"...
  ExpertStep(const ExpertSizes& sizes, const NamedTensors& weights);

  struct Losses {
    double discriminator, generator;
  };
  Losses Step(const at::Tensor& real, const at::Tensor& z);

 private:
  ExpertSizes sizes_;
  torch::nn::Sequential generator_;
  torch::nn::Sequential discriminator_;
  std::unique_ptr<torch::optim::Adam> generator_adam_;
  std::unique_ptr<torch::optim::Adam> discriminator_adam_;
  std::vector<at::Tensor> average_;
  double seen_ = 0;
};

}  // namespace gan::core::bench

#endif  // GAN_BENCH_TRAINING_EXPERT_STEP_H_
