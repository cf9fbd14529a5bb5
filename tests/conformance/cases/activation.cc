#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Activation>) {
  using enum ActivationKind;
  const std::vector<Activation> kinds{{kRelu},
                                      {kLeakyRelu, 0.2f},
                                      {kLeakyRelu, 1.5f},  // above 1: no maximum of two lines
                                      {kLeakyRelu, -0.5f},
                                      {kSigmoid},
                                      {kTanh},
                                      {kSilu},
                                      {kGelu},
                                      {kElu, 1.0f},
                                      {kElu, 0.3f},
                                      {kSoftplus},
                                      {kClip, -0.5f, 1.25f},
                                      {kClip, 0.0f, 6.0f},
                                      {kHardSigmoid, 1.0f / 6, 0.5f},
                                      {kHardSigmoid, 0.2f, 0.5f},
                                      {kHardSwish, 1.0f / 6, 0.5f},
                                      {kHardSwish, 0.3f, 0.1f}};
  CaseList cases;
  for (const Activation& op : kinds) {
    for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{2, 3, 5, 7}, Shape{1, 4, 8, 33}}) {
      cases.push_back({.op = op, .inputs = {shape}, .spread = 3});
    }
    cases.push_back({.op = op, .inputs = {{3, 37}}});
    // Far out, where exponentials overflow and tails round to nothing.
    cases.push_back({.op = op, .inputs = {{1, 2, 9, 31}}, .spread = 60});
  }
  return cases;
}

}  // namespace gan::core::conformance
