#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Resize>) {
  using enum ResizeMode;
  using enum ResizeCoordinates;
  CaseList cases;
  struct Scale {
    Size2d num, den;
  };
  const std::vector<Scale> scales{{{1, 1}, {1, 1}}, {{2, 2}, {1, 1}}, {{3, 3}, {1, 1}},
                                  {{4, 4}, {1, 1}}, {{1, 1}, {2, 2}}, {{3, 3}, {2, 2}},
                                  {{2, 3}, {3, 1}}, {{1, 7}, {4, 5}}, {{5, 1}, {1, 3}}};
  for (const ResizeMode mode : {kNearest, kBilinear, kBicubic}) {
    for (const ResizeCoordinates coordinates : {kAsymmetric, kHalfPixel, kAlignCorners}) {
      for (const Scale& scale : scales) {
        const Resize op{mode, coordinates, scale.num, scale.den};
        // Weights depend on positions, which grow with the picture and are rounded: hence small.
        const float tolerance = mode == kNearest ? kExact : 3 * kRounding;
        for (const Shape& shape : {Shape{1, 2, 4, 3}, Shape{2, 3, 5, 12}, Shape{1, 1, 13, 37}}) {
          cases.push_back({.op = op, .inputs = {shape}, .tolerance = tolerance});
        }
      }
    }
  }
  return cases;
}

}  // namespace gan::core::conformance
