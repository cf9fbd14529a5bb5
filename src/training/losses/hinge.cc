// Lim & Ye 2017, "Geometric GAN"; Tran et al. 2017: what is told apart by a margin costs nothing.
#include "training/losses/adversarial_loss.h"

namespace gan::core {
namespace {

at::Tensor Real(const at::Tensor& logits) { return at::relu(1 - logits); }
at::Tensor Fake(const at::Tensor& logits) { return at::relu(1 + logits); }
at::Tensor Generator(const at::Tensor& logits) { return -logits; }

}  // namespace

const LossFunctions kHinge = {"hinge", Real, Fake, Generator};

}  // namespace gan::core
