#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Pool2d>) {
  using enum PoolKind;
  CaseList cases;
  const auto add = [&](Pool2d op, const Shape& shape) {
    op.kind = kMax;
    cases.push_back({.op = op, .inputs = {shape}, .tolerance = kExact});
    op.kind = kAverage;
    cases.push_back({.op = op, .inputs = {shape}});
    op.count_padding = false;
    cases.push_back({.op = op, .inputs = {shape}});
  };
  add({}, {1, 1, 1, 1});
  add({.kernel = {2, 2}, .stride = {2, 2}}, {1, 3, 8, 10});
  add({.kernel = {2, 2}, .stride = {2, 2}}, {1, 3, 7, 35});
  add({.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}}, {2, 5, 9, 16});
  add({.kernel = {3, 3}, .padding = {1, 1, 1, 1}}, {1, 2, 1, 1});
  Draw draw(3);
  for (int i = 0; i < 40; ++i) {
    const Size2d kernel = draw.Size(1, 5);
    const Pool2d op{.kernel = kernel,
                    .stride = draw.Size(1, 4),
                    .padding = draw.Padding(kernel.h / 2, kernel.w / 2)};
    add(op, {draw.Between(1, 2), draw.Between(1, 5), kernel.h + draw.Between(0, 9),
             kernel.w + draw.Between(0, 20)});
  }
  return cases;
}

}  // namespace gan::core::conformance
