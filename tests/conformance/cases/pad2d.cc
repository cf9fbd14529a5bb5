#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Pad2d>) {
  using enum PadMode;
  CaseList cases;
  const std::vector<Padding2d> paddings{{}, {1, 1, 1, 1}, {0, 1, 2, 3}, {3, 2, 0, 0}, {3, 3, 3, 3}};
  for (const PadMode mode : {kConstant, kReflect, kReplicate}) {
    for (const Padding2d& padding : paddings) {
      for (const Shape& shape : {Shape{1, 1, 4, 4}, Shape{2, 3, 5, 18}, Shape{1, 2, 33, 7}}) {
        cases.push_back({.op = Pad2d{mode, padding, mode == kConstant ? 0.5f : 0.0f},
                         .inputs = {shape},
                         .tolerance = kExact});
      }
    }
  }
  // Borders wider than the picture.
  for (const PadMode mode : {kConstant, kReplicate}) {
    cases.push_back(
        {.op = Pad2d{mode, {5, 6, 7, 8}}, .inputs = {{1, 2, 1, 2}}, .tolerance = kExact});
  }
  return cases;
}

}  // namespace gan::core::conformance
