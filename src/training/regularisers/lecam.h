// LeCam regularisation for little data. (Tseng et al. 2021, "Regularizing Generative Adversarial
// Networks under Limited Data")
#ifndef GAN_TRAINING_REGULARISERS_LECAM_H_
#define GAN_TRAINING_REGULARISERS_LECAM_H_

#include <ATen/ATen.h>

namespace gan::core {

// Pulls the logits of each kind towards the moving average of the other.
// Not thread-safe.
class LeCam {
 public:
  struct Anchors {
    double real = 0;
    double fake = 0;
    bool operator==(const Anchors&) const = default;
  };

  LeCam(double weight, double decay) : weight_(weight), decay_(decay) {}

  at::Tensor Penalty(const at::Tensor& real, const at::Tensor& fake) const;
  // After the step: the means of its logits.
  void Update(double real_mean, double fake_mean);

  const Anchors& anchors() const { return anchors_; }
  void Restore(const Anchors& anchors) { anchors_ = anchors; }

 private:
  double weight_;
  double decay_;
  Anchors anchors_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_REGULARISERS_LECAM_H_
