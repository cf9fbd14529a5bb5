#include "kernels/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {
namespace {

// The weights of all positions of `keys` for the query at `at`; they add up to 1.
std::vector<double> SharesAt(const ConstTensorView& queries, const ConstTensorView& keys,
                             float scale, const Index& at) {
  std::vector<double> shares;
  double greatest = -std::numeric_limits<double>::infinity(), sum = 0;
  for (int64_t y = 0; y < keys.shape[2]; ++y) {
    for (int64_t x = 0; x < keys.shape[3]; ++x) {
      double score = 0;
      for (int64_t i = 0; i < keys.shape[1]; ++i) {
        score += double{At(queries, {at[0], i, at[2], at[3]})} * At(keys, {at[0], i, y, x});
      }
      shares.push_back(scale * score);
      greatest = std::max(greatest, shares.back());
    }
  }
  for (double& share : shares) sum += share = std::exp(share - greatest);
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

void Attention(const ConstTensorView& queries, const ConstTensorView& keys,
               const ConstTensorView& values, float scale, const TensorView& out) {
  const Shape positions{out.shape[0], 1, out.shape[2], out.shape[3]};
  ForEachElement(positions, [&](const Index& at) {
    const std::vector<double> shares = SharesAt(queries, keys, scale, at);
    for (int64_t c = 0; c < values.shape[1]; ++c) {
      double sum = 0;
      for (size_t r = 0; r < shares.size(); ++r) {
        const auto place = static_cast<int64_t>(r);
        sum += shares[r] * At(values, {at[0], c, place / values.shape[3], place % values.shape[3]});
      }
      At(out, {at[0], c, at[2], at[3]}) = static_cast<float>(sum);
    }
  });
}

}  // namespace gan::core::kernels::reference
