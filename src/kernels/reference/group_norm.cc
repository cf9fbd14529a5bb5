#include "kernels/group_norm.h"

#include <cmath>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void GroupNorm(const ConstTensorView& x, const GroupNormParams& params, const TensorView& out) {
  const Shape one = {1, x.shape[1] / params.groups, x.shape[2], x.shape[3]};
  const auto count = static_cast<double>(one.elements());
  for (int64_t item = 0; item < x.shape[0] * params.groups; ++item) {
    const int64_t n = item / params.groups, first = item % params.groups * one[1];
    const auto in_group = [&](const Index& at) { return Index{n, first + at[1], at[2], at[3]}; };
    double sum = 0, squares = 0;
    ForEachElement(one, [&](const Index& at) { sum += At(x, in_group(at)); });
    const double mean = sum / count;
    ForEachElement(one, [&](const Index& at) {
      const double centred = At(x, in_group(at)) - mean;
      squares += centred * centred;
    });
    const double scale = 1 / std::sqrt(squares / count + double{params.epsilon});
    ForEachElement(one, [&](const Index& at) {
      const Index place = in_group(at);
      const double weight = params.weight.data == nullptr ? 1 : At(params.weight, {place[1]});
      const double bias = params.bias.data == nullptr ? 0 : At(params.bias, {place[1]});
      At(out, place) = static_cast<float>((At(x, place) - mean) * scale * weight + bias);
    });
  }
}

}  // namespace gan::core::kernels::reference
