#include "training/regularisers/slope_penalty.h"

#include "training/regularisers/gradient_penalty.h"

namespace gan::core {

at::Tensor SlopePenalty(const at::Tensor& logits, const at::Tensor& x, int64_t real, double r1,
                        double r2) {
  const at::Tensor squared = SquaredSlopes(logits, x);
  at::Tensor penalty = at::zeros({}, squared.options());
  if (r1 != 0) penalty = penalty + 0.5 * r1 * squared.narrow(0, 0, real).mean();
  if (r2 != 0) {
    penalty = penalty + 0.5 * r2 * squared.narrow(0, real, squared.size(0) - real).mean();
  }
  return penalty;
}

}  // namespace gan::core
