// Mao et al. 2017, "Least Squares Generative Adversarial Networks", with targets 0 and 1.
#include "training/losses/adversarial_loss.h"

namespace gan::core {
namespace {

at::Tensor Real(const at::Tensor& logits) { return 0.5 * (logits - 1).square(); }
at::Tensor Fake(const at::Tensor& logits) { return 0.5 * logits.square(); }

}  // namespace

const LossFunctions kLeastSquares = {"least-squares", Real, Fake, Real};

}  // namespace gan::core
