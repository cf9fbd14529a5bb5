// Point-wise non-linear functions without parameters of their own.
#ifndef GAN_KERNELS_ACTIVATION_H_
#define GAN_KERNELS_ACTIVATION_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

enum class ActivationKind {
  kRelu,         // max(x, 0)
  kLeakyRelu,    // x < 0 ? alpha x : x
  kSigmoid,      // 1 / (1 + e^-x)
  kTanh,         //
  kSilu,         // x sigmoid(x)
  kGelu,         // x (1 + erf(x / sqrt 2)) / 2, the exact form
  kElu,          // x < 0 ? alpha (e^x - 1) : x
  kSoftplus,     // ln(1 + e^x)
  kClip,         // min(max(x, alpha), beta)
  kHardSigmoid,  // min(max(alpha x + beta, 0), 1), alpha > 0
  kHardSwish,    // x hard_sigmoid(x)
};

struct ActivationParams {
  ActivationKind kind = ActivationKind::kRelu;
  float alpha = 0.0f;  // unused where the kind's formula has none
  float beta = 0.0f;
};

// out[i] = f(x[i]), f32, any rank, out of x's shape. NaN stays NaN. `out` may be `x` itself.
// On all targets within 4e-7 * max(1, |f(x)|) of the reference.
// Threads: splits the elements. Allocates nothing.
void Activation(const ConstTensorView& x, const ActivationParams& params, const TensorView& out,
                ThreadPool& pool);

// The same for `count` floats that stand side by side, on the calling thread. Requires a target
// other than "reference".
void ActivateFloats(const ActivationParams& params, const float* x, int64_t count, float* out);

namespace reference {
void Activation(const ConstTensorView& x, const ActivationParams& params, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_ACTIVATION_H_
