#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<GlobalPool>) {
  CaseList cases;
  for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{2, 5, 3, 7}, Shape{1, 64, 33, 31}}) {
    cases.push_back({.op = GlobalPool{PoolKind::kMax}, .inputs = {shape}, .tolerance = kExact});
    cases.push_back({.op = GlobalPool{PoolKind::kAverage}, .inputs = {shape}});
  }
  return cases;
}

}  // namespace gan::core::conformance
