// What the discriminator and the generator want of the logits: one small file a loss.
#ifndef GAN_TRAINING_LOSSES_ADVERSARIAL_LOSS_H_
#define GAN_TRAINING_LOSSES_ADVERSARIAL_LOSS_H_

#include <ATen/ATen.h>

#include <string_view>

namespace gan::core {

// Each function maps logits of any shape to losses of the same shape. The logit is high for what
// the discriminator takes for real.
struct LossFunctions {
  std::string_view name;                              // as recipes call it
  at::Tensor (*real)(const at::Tensor& logits);       // the discriminator's, at real pictures
  at::Tensor (*fake)(const at::Tensor& logits);       // the discriminator's, at made ones
  at::Tensor (*generator)(const at::Tensor& logits);  // the generator's, at made ones
};

extern const LossFunctions kNonSaturating;
extern const LossFunctions kHinge;
extern const LossFunctions kLeastSquares;
extern const LossFunctions kWasserstein;

// The losses of a training: one of the functions above, alone or on the difference of pairs.
class AdversarialLoss {
 public:
  // Error kConfiguration: no loss of that name.
  AdversarialLoss(std::string_view name, bool relativistic);

  // Whether the generator's loss reads the logits of real pictures.
  bool pairs() const { return pairs_; }
  // Whether a logit above 0 means "real"; else only differences of logits mean something.
  bool judges() const { return !pairs_ && functions_ != &kWasserstein; }

  // Means over the batch. Logits [N, 1]; with pairs, row i of one is compared with row i of the
  // other. `real` may be undefined for Generator() without pairs.
  at::Tensor Discriminator(const at::Tensor& real, const at::Tensor& fake) const;
  at::Tensor Generator(const at::Tensor& real, const at::Tensor& fake) const;

 private:
  const LossFunctions* functions_;
  bool pairs_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_LOSSES_ADVERSARIAL_LOSS_H_
