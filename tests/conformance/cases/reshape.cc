#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Reshape>) {
  const auto reshape = [](const Shape& from, const std::vector<int64_t>& to) {
    return Case{.op = Reshape{to}, .inputs = {from}, .tolerance = kExact};
  };
  return {reshape({1, 1}, {1, 1, 1}),          reshape({3, 48}, {3, 4, 4}),
          reshape({2, 3, 5, 7}, {105}),        reshape({2, 3, 5, 7}, {35, 3}),
          reshape({4, 100, 1, 1}, {25, 2, 2}), reshape({2, 6, 4, 4}, {6, 4, 4})};
}

}  // namespace gan::core::conformance
