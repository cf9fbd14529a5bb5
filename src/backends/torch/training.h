// What the ops that behave differently in a training run do there.
#ifndef GAN_BACKENDS_TORCH_TRAINING_H_
#define GAN_BACKENDS_TORCH_TRAINING_H_

#include "backends/torch/evaluate.h"
#include "backends/torch/run_options.h"

namespace gan::core::torch_backend {

// Batch statistics, over all processes where options.sum_over_processes is set; the moving ones,
// in[mean] and in[mean + 1], are updated in place if options.update_statistics. Error kBadData
// where a channel has a single value: it has no variance.
at::Tensor Train(const BatchNorm& op, Arguments in, const RunOptions& options);

// Drawn from options.generator.
at::Tensor Train(const Dropout& op, Arguments in, const RunOptions& options);

// The others.
template <class Type>
at::Tensor Train(const Type& op, Arguments in, const RunOptions&) {
  return Evaluate(op, in);
}

}  // namespace gan::core::torch_backend

#endif  // GAN_BACKENDS_TORCH_TRAINING_H_
