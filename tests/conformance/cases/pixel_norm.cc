#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<PixelNorm>) {
  CaseList cases;
  for (const Shape& shape : {Shape{1, 1}, Shape{3, 64}, Shape{2, 17, 5, 3}, Shape{1, 8, 1, 33}}) {
    cases.push_back({.op = PixelNorm{}, .inputs = {shape}});
    cases.push_back({.op = PixelNorm{.epsilon = 0.5f}, .inputs = {shape}});
  }
  return cases;
}

}  // namespace gan::core::conformance
