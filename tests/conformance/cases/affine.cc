#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Affine>) {
  CaseList cases;
  for (const Affine& op : {Affine{}, Affine{0.2f, 0}, Affine{-1, 1}, Affine{255, -0.5f}}) {
    for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{2, 3, 5, 7}, Shape{3, 37}}) {
      cases.push_back({.op = op, .inputs = {shape}});
    }
  }
  return cases;
}

}  // namespace gan::core::conformance
