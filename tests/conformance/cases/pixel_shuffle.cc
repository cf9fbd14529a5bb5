#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<PixelShuffle>) {
  CaseList cases;
  for (const int64_t factor : {1, 2, 3, 4, 8}) {
    for (const auto& [h, w] : {std::pair{1, 1}, {3, 5}, {6, 33}}) {
      cases.push_back({.op = PixelShuffle{factor},
                       .inputs = {{2, 3 * factor * factor, h, w}},
                       .tolerance = kExact});
    }
  }
  return cases;
}

}  // namespace gan::core::conformance
