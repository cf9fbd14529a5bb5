// Arjovsky et al. 2017, "Wasserstein GAN". Needs something that bounds the critic's slope.
#include "training/losses/adversarial_loss.h"

namespace gan::core {
namespace {

at::Tensor Real(const at::Tensor& logits) { return -logits; }
at::Tensor Fake(const at::Tensor& logits) { return logits; }

}  // namespace

const LossFunctions kWasserstein = {"wasserstein", Real, Fake, Real};

}  // namespace gan::core
