#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Transpose>) {
  CaseList cases;
  const auto add = [&](std::vector<int64_t> order, const Shape& shape) {
    cases.push_back({.op = Transpose{std::move(order)}, .inputs = {shape}, .tolerance = kExact});
  };
  add({0, 1}, {2, 5});
  add({0, 2, 1}, {2, 33, 70});
  // Of four axes these are the ways in which ONNX files have channels last.
  add({0, 2, 3, 4, 1}, {2, 3, 3, 9, 14});
  add({0, 4, 1, 2, 3}, {1, 9, 2, 20, 3});
  add({0, 2, 1, 3}, {2, 17, 4, 8});  // heads
  add({0, 3, 2, 1}, {2, 5, 6, 7});
  add({0, 1, 3, 2, 4, 5}, {2, 2, 3, 2, 3, 5});  // windows
  return cases;
}

}  // namespace gan::core::conformance
