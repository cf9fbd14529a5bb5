#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Binary& op, Arguments in) {
  switch (op.kind) {
    case BinaryKind::kAdd: return at::add(in[0], in[1]);
    case BinaryKind::kSubtract: return at::sub(in[0], in[1]);
    case BinaryKind::kMultiply: return at::mul(in[0], in[1]);
    case BinaryKind::kDivide: return at::div(in[0], in[1]);
    case BinaryKind::kMaximum: return at::maximum(in[0], in[1]);
    case BinaryKind::kMinimum: return at::minimum(in[0], in[1]);
  }
  GAN_ASSERT(false);
  return {};
}

}  // namespace gan::core::torch_backend
