#include "kernels/finite.h"

#include <cmath>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

bool AllFinite(const ConstTensorView& x) {
  bool finite = true;
  ForEachElement(x.shape, [&](const Index& index) { finite &= std::isfinite(At(x, index)); });
  return finite;
}

}  // namespace gan::core::kernels::reference
