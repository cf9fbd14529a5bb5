#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Slice>) {
  CaseList cases;
  for (const int64_t axis : {1, 2, 3}) {
    for (const auto& [begin, margin] : {std::pair{0, 0}, {1, 0}, {0, 2}, {2, 1}, {0, 4}, {4, 0}}) {
      for (const Shape& shape : {Shape{1, 5, 5, 5}, Shape{2, 7, 9, 33}}) {
        cases.push_back({.op = Slice{axis, begin, margin}, .inputs = {shape}, .tolerance = kExact});
      }
    }
  }
  cases.push_back({.op = Slice{1, 3, 5}, .inputs = {{4, 17}}, .tolerance = kExact});
  return cases;
}

}  // namespace gan::core::conformance
