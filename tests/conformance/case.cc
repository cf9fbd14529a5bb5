#include "tests/conformance/case.h"

namespace gan::core::conformance {

std::vector<OpCases> AllCases() {
  std::vector<OpCases> all;
#define GAN_OP(Type, file) all.push_back({Type::kName, CasesOf(Of<Type>())});
#include "graph/ops/ops.def"
#undef GAN_OP
  return all;
}

}  // namespace gan::core::conformance
