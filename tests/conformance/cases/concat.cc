#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Concat>) {
  CaseList cases;
  const auto add = [&](std::vector<Shape> inputs) {
    cases.push_back({.op = Concat{}, .inputs = std::move(inputs), .tolerance = kExact});
  };
  add({{1, 3, 5, 7}});
  add({{1, 1, 1, 1}, {1, 2, 1, 1}});
  add({{2, 3, 5, 7}, {2, 1, 5, 7}, {2, 4, 5, 7}});
  add({{3, 5}, {3, 2}});
  add({{1, 64, 9, 10}, {1, 32, 9, 10}, {1, 32, 9, 10}, {1, 32, 9, 10}, {1, 32, 9, 10}});
  return cases;
}

}  // namespace gan::core::conformance
