#include <array>

#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Linear>) {
  CaseList cases;
  for (const auto& [batch, features, outputs] :
       {std::array<int64_t, 3>{1, 1, 1}, {1, 100, 64}, {3, 17, 5}, {7, 64, 33}, {2, 512, 512}}) {
    cases.push_back({.op = Linear{},
                     .inputs = {{batch, features}},
                     .parameters = {{outputs, features}, {outputs}}});
    cases.push_back(
        {.op = Linear{}, .inputs = {{batch, features}}, .parameters = {{outputs, features}}});
  }
  return cases;
}

}  // namespace gan::core::conformance
