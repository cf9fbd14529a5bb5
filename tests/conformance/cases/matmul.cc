#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<MatMul>) {
  CaseList cases{{.op = MatMul{}, .inputs = {{1, 1, 1}, {1, 1, 1}}},
                 {.op = MatMul{}, .inputs = {{2, 3, 64, 16}, {2, 3, 16, 64}}},  // heads' scores
                 {.op = MatMul{}, .inputs = {{2, 3, 64, 64}, {2, 3, 64, 16}}},
                 {.op = MatMul{}, .inputs = {{2, 5, 7}}, .parameters = {{1, 7, 33}}},
                 {.op = MatMul{}, .inputs = {{3, 1, 5, 7}, {1, 4, 7, 2}}}};
  Draw draw(35);
  for (int i = 0; i < 20; ++i) {
    const int64_t n = draw.Between(1, 3), m = draw.Between(1, 150), k = draw.Between(1, 70),
                  p = draw.Between(1, 70);
    cases.push_back({.op = MatMul{}, .inputs = {{n, m, k}, {n, k, p}}});
  }
  for (Case& c : cases) c.tolerance = 3 * kRounding;
  return cases;
}

}  // namespace gan::core::conformance
