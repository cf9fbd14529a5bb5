#include "kernels/linear.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void Linear(const ConstTensorView& x, const ConstTensorView& weight, const ConstTensorView& bias,
            const TensorView& out) {
  ForEachElement(out.shape, [&](const Index& index) {
    const int64_t n = index[0], o = index[1];
    double sum = bias.data == nullptr ? 0.0 : At(bias, {o});
    for (int64_t i = 0; i < x.shape[1]; ++i) sum += double{At(weight, {o, i})} * At(x, {n, i});
    At(out, index) = static_cast<float>(sum);
  });
}

}  // namespace gan::core::kernels::reference
