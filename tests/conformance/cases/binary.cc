#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Binary>) {
  using enum BinaryKind;
  CaseList cases;
  for (const BinaryKind kind : {kAdd, kSubtract, kMultiply, kDivide, kMaximum, kMinimum}) {
    const Binary op{kind};
    // One rounding: the same bits everywhere.
    const auto add = [&](const Shape& a, const Shape& b) {
      cases.push_back({.op = op, .inputs = {a, b}, .tolerance = kExact});
    };
    add({1, 1, 1, 1}, {1, 1, 1, 1});
    add({2, 3, 5, 7}, {2, 3, 5, 7});
    add({2, 3, 5, 7}, {1, 3, 1, 1});
    add({1, 3, 1, 1}, {2, 3, 5, 7});
    add({2, 3, 5, 7}, {2, 1, 5, 1});
    add({1, 3, 5, 1}, {2, 1, 1, 33});
    add({1, 4, 6, 9}, {1, 1, 1, 1});
    add({3, 17}, {1, 17});
    cases.push_back(
        {.op = op, .inputs = {{2, 3, 5, 7}}, .parameters = {{1, 3, 1, 1}}, .tolerance = kExact});
  }
  return cases;
}

}  // namespace gan::core::conformance
