#include "kernels/matmul.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void MatMul(const ConstTensorView& a, const ConstTensorView& b, const TensorView& out) {
  const size_t row = out.shape.rank() - 2, column = row + 1;
  ForEachElement(out.shape, [&](const Index& index) {
    Index in_a{}, in_b{};
    for (size_t axis = 0; axis < row; ++axis) {
      in_a[axis] = a.shape[axis] == 1 ? 0 : index[axis];
      in_b[axis] = b.shape[axis] == 1 ? 0 : index[axis];
    }
    in_a[row] = index[row], in_b[column] = index[column];
    double sum = 0;
    for (int64_t k = 0; k < a.shape[column]; ++k) {
      in_a[column] = in_b[row] = k;
      sum += double{At(a, in_a)} * At(b, in_b);
    }
    At(out, index) = static_cast<float>(sum);
  });
}

}  // namespace gan::core::kernels::reference
