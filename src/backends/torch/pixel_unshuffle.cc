#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const PixelUnshuffle& op, Arguments in) {
  return at::pixel_unshuffle(in[0], op.factor);
}

}  // namespace gan::core::torch_backend
