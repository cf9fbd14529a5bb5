#include <algorithm>

#include "tests/conformance/case.h"

namespace gan::core::conformance {
namespace {

// A convolution of `groups` times `inputs` channels on the smallest picture it fits, plus `extra`.
Case ConvCase(const Conv2d& op, int64_t batch, int64_t inputs, int64_t outputs, Size2d extra,
              bool bias) {
  const Padding2d& p = op.padding;
  const auto least = [](int64_t dilation, int64_t kernel, int64_t padding) {
    return std::max<int64_t>(1, dilation * (kernel - 1) + 1 - padding);
  };
  const int64_t h = least(op.dilation.h, op.kernel.h, p.top + p.bottom) + extra.h;
  const int64_t w = least(op.dilation.w, op.kernel.w, p.left + p.right) + extra.w;
  std::vector<Shape> parameters{{outputs * op.groups, inputs, op.kernel.h, op.kernel.w}};
  if (bias) parameters.push_back({outputs * op.groups});
  return {.op = op, .inputs = {{batch, inputs * op.groups, h, w}}, .parameters = parameters};
}

Conv2d Same(int64_t kernel) {
  const int64_t half = kernel / 2;
  return {.kernel = {kernel, kernel}, .padding = {half, half, half, half}};
}

}  // namespace

CaseList CasesOf(Of<Conv2d>) {
  CaseList cases;
  // What the networks use: widths around a vector and around a block of channels.
  for (const auto& [inputs, outputs] : {std::pair{3, 64}, {64, 32}, {64, 3}, {192, 64}, {96, 32}}) {
    for (const int64_t size : {0, 1, 6, 15, 16, 30}) {
      cases.push_back(ConvCase(Same(3), 1, inputs, outputs, {size % 7, size}, true));
    }
  }
  for (int64_t size = 0; size < 20; ++size) {
    cases.push_back(ConvCase(Same(3), 1, 2, 5, {size, 19 - size}, size % 2 == 0));
    cases.push_back(ConvCase(Same(1), 2, 5, 3, {19 - size, size}, size % 2 == 1));
  }
  cases.push_back(ConvCase(Same(5), 1, 8, 8, {3, 40}, true));
  cases.push_back(ConvCase(Same(7), 2, 3, 4, {20, 9}, false));
  // Depth-wise, and long strides.
  cases.push_back(
      ConvCase({.kernel = {3, 3}, .padding = {1, 1, 1, 1}, .groups = 20}, 1, 1, 1, {7, 18}, true));
  cases.push_back(ConvCase({.kernel = {1, 1}, .stride = {3, 4}}, 1, 4, 4, {11, 13}, true));
  cases.push_back(ConvCase({.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}}, 1, 6, 7,
                           {14, 30}, true));
  Draw draw(1);
  for (int i = 0; i < 60; ++i) {
    const Size2d kernel = draw.Size(1, 5);
    const Conv2d op{.kernel = kernel,
                    .stride = draw.Size(1, 3),
                    .dilation = draw.Size(1, 3),
                    .padding = draw.Padding(kernel.h + 1, kernel.w + 1),
                    .groups = draw.Chance() ? 1 : draw.Between(2, 4)};
    cases.push_back(ConvCase(op, draw.Between(1, 2), draw.Between(1, 9), draw.Between(1, 9),
                             draw.Size(0, 21), draw.Chance()));
  }
  return cases;
}

}  // namespace gan::core::conformance
