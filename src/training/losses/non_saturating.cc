// Goodfellow et al. 2014, "Generative Adversarial Networks", with the generator's loss of its
// section 3: -log D(G(z)), whose gradient does not vanish where the discriminator is sure.
#include "training/losses/adversarial_loss.h"

namespace gan::core {
namespace {

at::Tensor Real(const at::Tensor& logits) { return at::softplus(-logits); }
at::Tensor Fake(const at::Tensor& logits) { return at::softplus(logits); }

}  // namespace

const LossFunctions kNonSaturating = {"non-saturating", Real, Fake, Real};

}  // namespace gan::core
