#include "training/losses/adversarial_loss.h"

#include <array>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr std::array kLosses = {&kNonSaturating, &kHinge, &kLeastSquares, &kWasserstein};

const LossFunctions* Find(std::string_view name) {
  for (const LossFunctions* loss : kLosses) {
    if (loss->name == name) return loss;
  }
  Fail(ErrorCode::kConfiguration, "loss", "knows no loss \"{}\"", Printable(name));
}

}  // namespace

AdversarialLoss::AdversarialLoss(std::string_view name, bool relativistic)
    : functions_(Find(name)), pairs_(relativistic) {}

at::Tensor AdversarialLoss::Discriminator(const at::Tensor& real, const at::Tensor& fake) const {
  if (pairs_) return functions_->real(real - fake).mean();
  return functions_->real(real).mean() + functions_->fake(fake).mean();
}

at::Tensor AdversarialLoss::Generator(const at::Tensor& real, const at::Tensor& fake) const {
  if (pairs_) return functions_->real(fake - real).mean();
  return functions_->generator(fake).mean();
}

}  // namespace gan::core
