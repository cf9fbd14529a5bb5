#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<GroupNorm>) {
  CaseList cases;
  for (const Shape& shape :
       {Shape{1, 4, 1, 2}, Shape{2, 12, 5, 7}, Shape{1, 64, 4, 33}, Shape{3, 8, 17, 1}}) {
    const Shape channels{shape[1]};
    for (const int64_t groups : {int64_t{1}, int64_t{4}, shape[1]}) {
      const GroupNorm op{.groups = groups, .epsilon = groups == 4 ? 0.3f : 1e-5f};
      cases.push_back({.op = op, .inputs = {shape}});
      cases.push_back({.op = op, .inputs = {shape}, .parameters = {channels, channels}});
    }
  }
  return cases;
}

}  // namespace gan::core::conformance
