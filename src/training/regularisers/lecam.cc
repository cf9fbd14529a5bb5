#include "training/regularisers/lecam.h"

namespace gan::core {

at::Tensor LeCam::Penalty(const at::Tensor& real, const at::Tensor& fake) const {
  return weight_ * (at::relu(real - anchors_.fake).square().mean() +
                    at::relu(anchors_.real - fake).square().mean());
}

void LeCam::Update(double real_mean, double fake_mean) {
  anchors_.real = decay_ * anchors_.real + (1 - decay_) * real_mean;
  anchors_.fake = decay_ * anchors_.fake + (1 - decay_) * fake_mean;
}

}  // namespace gan::core
