#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Upfirdn2d>) {
  const auto fir = [](Size2d up, Size2d down, Size2d filter, Padding2d padding, Shape shape) {
    return Case{.op = Upfirdn2d{up, down, filter, padding, 1.5f},
                .inputs = {shape},
                .parameters = {{filter.h, filter.w}}};
  };
  CaseList cases{fir({1, 1}, {1, 1}, {4, 4}, {1, 1, 1, 1}, {1, 3, 9, 17}),    // after a doubling
                 fir({2, 2}, {1, 1}, {4, 4}, {2, 2, 1, 1}, {2, 3, 8, 8}),     // doubles
                 fir({1, 1}, {2, 2}, {4, 4}, {1, 1, 1, 1}, {1, 2, 16, 10})};  // halves
  Draw draw(48);
  for (int i = 0; i < 20; ++i) {
    const Size2d filter = draw.Size(1, 5);
    cases.push_back(
        fir(draw.Size(1, 3), draw.Size(1, 3), filter, draw.Padding(4, 4),
            {draw.Between(1, 2), draw.Between(1, 4), draw.Between(5, 12), draw.Between(5, 40)}));
  }
  return cases;
}

}  // namespace gan::core::conformance
