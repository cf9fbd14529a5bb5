#include <fmt/format.h>

#include "bench/kernels/families.h"

namespace gan::core::bench {

std::vector<KernelCase> ElementwiseCases() {
  const Shape map{1, 64, 256, 256};
  std::vector<KernelCase> cases;
  for (const ActivationKind kind :
       {ActivationKind::kRelu, ActivationKind::kLeakyRelu, ActivationKind::kSigmoid,
        ActivationKind::kTanh, ActivationKind::kSilu, ActivationKind::kGelu}) {
    cases.push_back({std::string(NameOf(kind)), {.op = Activation{kind, 0.2f}, .inputs = {map}}});
  }
  cases.push_back({"prelu", {.op = Prelu{}, .inputs = {map}, .parameters = {{64}}}});
  cases.push_back({"affine", {.op = Affine{0.2f, 0.1f}, .inputs = {map}}});
  cases.push_back({"add", {.op = Binary{BinaryKind::kAdd}, .inputs = {map, map}}});
  cases.push_back({"multiply by channel",
                   {.op = Binary{BinaryKind::kMultiply}, .inputs = {map, {1, 64, 1, 1}}}});
  return cases;
}

}  // namespace gan::core::bench
