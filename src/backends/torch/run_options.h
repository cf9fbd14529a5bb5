// How a graph is run in LibTorch.
#ifndef GAN_BACKENDS_TORCH_RUN_OPTIONS_H_
#define GAN_BACKENDS_TORCH_RUN_OPTIONS_H_

#include <ATen/ATen.h>

#include <functional>

namespace gan::core::torch_backend {

struct RunOptions {
  // Batch statistics and dropout, as networks are trained; else what the engine computes.
  bool training = false;
  // Whether a training run moves the moving means and variances towards the batch's.
  bool update_statistics = true;
  // Set: batch statistics are taken over all processes. Gives the element-wise sum of the tensor
  // over them, differentiably: the gradient of a sum is the sum of the processes' gradients. Every
  // process runs the same graph on a share of the batch of one size.
  std::function<at::Tensor(const at::Tensor&)> sum_over_processes;
  int processes = 1;
  // What dropout draws from, on the inputs' device; ATen's own where it is undefined.
  c10::optional<at::Generator> generator;
};

}  // namespace gan::core::torch_backend

#endif  // GAN_BACKENDS_TORCH_RUN_OPTIONS_H_
