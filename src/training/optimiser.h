// Optimisers over one block of parameters.
#ifndef GAN_TRAINING_OPTIMISER_H_
#define GAN_TRAINING_OPTIMISER_H_

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <string>

#include "runs/recipe.h"

namespace gan::core {

// Adam (Kingma & Ba 2015), AdamW (Loshchilov & Hutter 2019), RMSprop (Tieleman & Hinton 2012),
// SGD with momentum. Each is a few passes over the whole block, with PyTorch's arithmetic.
// Not thread-safe.
class Optimiser {
 public:
  // `like`: a block of the parameters' size and device. Error kConfiguration: no such kind.
  Optimiser(const Recipe::Optimiser& options, const at::Tensor& like);

  // Changes `values` by `gradient`, at `rate` times the recipe's learning rate.
  void Step(const at::Tensor& values, const at::Tensor& gradient, double rate);

  int64_t steps() const { return steps_; }
  // Everything that a resume needs, by name; steps() beside it.
  std::map<std::string, at::Tensor> State() const;
  void Restore(const std::map<std::string, at::Tensor>& state, int64_t steps);

 private:
  enum class Kind { kAdam, kAdamW, kRmsprop, kSgd };
  void StepAdam(const at::Tensor& values, const at::Tensor& gradient, double rate);

  Recipe::Optimiser options_;
  Kind kind_;
  int64_t steps_ = 0;
  at::Tensor mean_;      // first moment; undefined where the kind has none
  at::Tensor variance_;  // second moment
  at::Tensor scratch_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_OPTIMISER_H_
