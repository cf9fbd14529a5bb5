#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Dropout>) {
  CaseList cases;
  for (const Shape& shape : {Shape{2, 3, 5, 7}, Shape{3, 17}}) {
    for (const bool channels : {false, true}) {
      cases.push_back({.op = Dropout{.probability = 0.5f, .channels = channels},
                       .inputs = {shape},
                       .tolerance = kExact});
    }
  }
  return cases;
}

}  // namespace gan::core::conformance
