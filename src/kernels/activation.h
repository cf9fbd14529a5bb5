// Point-wise non-linear functions without parameters of their own.
#ifndef GAN_KERNELS_ACTIVATION_H_
#define GAN_KERNELS_ACTIVATION_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core {

enum class ActivationKind {
  kRelu,         // max(x, 0)
  kLeakyRelu,    // x < 0 ? a x : x
  kSigmoid,      // 1 / (1 + e^-x)
  kTanh,         //
  kSilu,         // x sigmoid(x)
  kGelu,         // x (1 + erf(x / sqrt 2)) / 2, the exact form
  kElu,          // x < 0 ? a (e^x - 1) : x
  kSoftplus,     // ln(1 + e^x)
  kClip,         // min(max(x, a), b)
  kHardSigmoid,  // min(max(x / 6 + 1/2, 0), 1)
  kHardSwish,    // x hard_sigmoid(x)
};

struct ActivationParams {
  ActivationKind kind = ActivationKind::kRelu;
  float a = 0.0f;  // leaky_relu: slope; elu: alpha; clip: lowest. Else unused
  float b = 0.0f;  // clip: highest. Else unused
};

// out[i] = f(x[i]), f32, any rank, out of x's shape. NaN stays NaN. `out` may be `x` itself.
// On all targets within 4e-7 * max(1, |f(x)|) of the reference.
// Threads: splits the elements. Allocates nothing.
void Activation(const ConstTensorView& x, const ActivationParams& params, const TensorView& out,
                ThreadPool& pool);

namespace reference {
void Activation(const ConstTensorView& x, const ActivationParams& params, const TensorView& out);
}

}  // namespace gan::core

#endif  // GAN_KERNELS_ACTIVATION_H_
