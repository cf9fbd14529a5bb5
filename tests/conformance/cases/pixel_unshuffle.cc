#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<PixelUnshuffle>) {
  CaseList cases;
  for (const int64_t factor : {1, 2, 3, 4, 8}) {
    for (const auto& [h, w] : {std::pair{1, 1}, {3, 5}, {2, 17}}) {
      cases.push_back({.op = PixelUnshuffle{factor},
                       .inputs = {{2, 3, h * factor, w * factor}},
                       .tolerance = kExact});
    }
  }
  return cases;
}

}  // namespace gan::core::conformance
