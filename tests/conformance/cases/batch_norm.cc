#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<BatchNorm>) {
  CaseList cases;
  for (const Shape& shape :
       {Shape{1, 1, 1, 1}, Shape{2, 3, 5, 7}, Shape{1, 64, 4, 33}, Shape{3, 17}, Shape{64, 5, 2}}) {
    const Shape channels{shape[1]};
    for (const float epsilon : {1e-5f, 0.8f}) {
      cases.push_back({.op = BatchNorm{.epsilon = epsilon},
                       .inputs = {shape},
                       .parameters = {channels, channels},
                       .positive = true});
      cases.push_back({.op = BatchNorm{.epsilon = epsilon},
                       .inputs = {shape},
                       .parameters = {channels, channels, channels, channels},
                       .positive = true});
    }
  }
  return cases;
}

}  // namespace gan::core::conformance
