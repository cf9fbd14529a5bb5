#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const PixelShuffle& op, Arguments in) {
  return at::pixel_shuffle(in[0], op.factor);
}

}  // namespace gan::core::torch_backend
