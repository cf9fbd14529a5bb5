#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Demodulate>) {
  CaseList cases;
  Draw draw(47);
  for (int i = 0; i < 12; ++i) {
    const int64_t inputs = draw.Between(1, 70), outputs = draw.Between(1, 40);
    const Size2d kernel = draw.Size(1, 4);
    const bool transposed = draw.Chance();
    cases.push_back({.op = Demodulate{.scale = 0.7f, .transposed = transposed},
                     .inputs = {{draw.Between(1, 3), inputs}},
                     .parameters = {{transposed ? inputs : outputs, transposed ? outputs : inputs,
                                     kernel.h, kernel.w}}});
  }
  return cases;
}

}  // namespace gan::core::conformance
