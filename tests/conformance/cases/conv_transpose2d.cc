#include <algorithm>

#include "tests/conformance/case.h"

namespace gan::core::conformance {
namespace {

// On the smallest picture of which anything is left, plus `extra`.
Case TransposedCase(const ConvTranspose2d& op, int64_t batch, int64_t inputs, int64_t outputs,
                    Size2d extra, bool bias) {
  const Padding2d& p = op.padding;
  const auto least = [](int64_t cut, int64_t reach, int64_t step) {
    return std::max<int64_t>(1, (cut - reach + step - 1) / step + 1);
  };
  const int64_t h = least(p.top + p.bottom, op.dilation.h * (op.kernel.h - 1), op.stride.h);
  const int64_t w = least(p.left + p.right, op.dilation.w * (op.kernel.w - 1), op.stride.w);
  std::vector<Shape> parameters{{inputs * op.groups, outputs, op.kernel.h, op.kernel.w}};
  if (bias) parameters.push_back({outputs * op.groups});
  return {.op = op,
          .inputs = {{batch, inputs * op.groups, h + extra.h, w + extra.w}},
          .parameters = parameters};
}

}  // namespace

CaseList CasesOf(Of<ConvTranspose2d>) {
  CaseList cases;
  // As waifu2x, Real-CUGAN and the DCGAN family use it.
  const ConvTranspose2d doubling{.kernel = {4, 4}, .stride = {2, 2}, .padding = {3, 3, 3, 3}};
  const ConvTranspose2d halves{.kernel = {2, 2}, .stride = {2, 2}};
  const ConvTranspose2d dcgan{.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}};
  for (int64_t size = 0; size < 12; ++size) {
    cases.push_back(TransposedCase(doubling, 1, 64, 3, {size, 11 - size}, true));
    cases.push_back(TransposedCase(halves, 1, 16, 24, {11 - size, size}, size % 2 == 0));
    cases.push_back(TransposedCase(dcgan, 2, 20, 10, {size, size}, false));
  }
  cases.push_back(TransposedCase(
      {.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}, .output_padding = {1, 1}}, 1,
      12, 6, {7, 17}, true));
  Draw draw(2);
  for (int i = 0; i < 60; ++i) {
    const Size2d stride = draw.Size(1, 3), dilation = draw.Size(1, 2), kernel = draw.Size(1, 5);
    const ConvTranspose2d op{
        .kernel = kernel,
        .stride = stride,
        .dilation = dilation,
        .padding = draw.Padding(kernel.h, kernel.w),
        .output_padding = {draw.Between(0, std::max(stride.h, dilation.h) - 1),
                           draw.Between(0, std::max(stride.w, dilation.w) - 1)},
        .groups = draw.Chance() ? 1 : draw.Between(2, 3)};
    cases.push_back(TransposedCase(op, draw.Between(1, 2), draw.Between(1, 7), draw.Between(1, 7),
                                   draw.Size(0, 14), draw.Chance()));
  }
  return cases;
}

}  // namespace gan::core::conformance
