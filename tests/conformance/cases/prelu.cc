#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Prelu>) {
  CaseList cases;
  for (const Shape& shape :
       {Shape{1, 1, 1, 1}, Shape{2, 3, 5, 7}, Shape{1, 64, 4, 33}, Shape{3, 17}}) {
    for (const int64_t slopes : {int64_t{1}, shape[1]}) {
      cases.push_back({.op = Prelu{}, .inputs = {shape}, .parameters = {{slopes}}});
    }
  }
  return cases;
}

}  // namespace gan::core::conformance
