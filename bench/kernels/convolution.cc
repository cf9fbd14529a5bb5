#include <fmt/format.h>

#include "bench/kernels/families.h"

namespace gan::core::bench {
namespace {

KernelCase Conv(int64_t inputs, int64_t outputs, int64_t kernel, int64_t side, int64_t stride = 1) {
  const int64_t half = kernel / 2;
  return {fmt::format("conv {}x{} {} to {}{}", kernel, kernel, inputs, outputs,
                      stride == 1 ? "" : fmt::format(" / {}", stride)),
          {.op = Conv2d{.kernel = {kernel, kernel},
                        .stride = {stride, stride},
                        .padding = {half, half, half, half}},
           .inputs = {{1, inputs, side, side}},
           .parameters = {{outputs, inputs, kernel, kernel}, {outputs}}}};
}

}  // namespace

std::vector<KernelCase> ConvolutionCases() {
  std::vector<KernelCase> cases;
  // ESRGAN's dense block, its tail, and compact's first and last layers.
  for (const int64_t inputs : {64, 96, 128, 160}) cases.push_back(Conv(inputs, 32, 3, 256));
  cases.push_back(Conv(192, 64, 3, 256));
  for (const int64_t side : {16, 64, 256, 512}) cases.push_back(Conv(64, 64, 3, side));
  cases.push_back(Conv(3, 64, 3, 256));
  cases.push_back(Conv(64, 3, 3, 256));
  cases.push_back(Conv(64, 48, 3, 256));
  cases.push_back(Conv(64, 64, 1, 256));
  cases.push_back(Conv(64, 128, 3, 256, 2));
  cases.push_back({"depth-wise conv 3x3 64",
                   {.op = Conv2d{.kernel = {3, 3}, .padding = {1, 1, 1, 1}, .groups = 64},
                    .inputs = {{1, 64, 256, 256}},
                    .parameters = {{64, 1, 3, 3}, {64}}}});
  cases.push_back(
      {"transposed conv 4x4 64 to 64 x 2",
       {.op = ConvTranspose2d{.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}},
        .inputs = {{1, 64, 128, 128}},
        .parameters = {{64, 64, 4, 4}, {64}}}});
  cases.push_back({"linear 512 to 512",
                   {.op = Linear{}, .inputs = {{64, 512}}, .parameters = {{512, 512}, {512}}}});
  cases.push_back({"rows 1024 by 512 x 512",
                   {.op = MatMul{}, .inputs = {{1, 1024, 512}}, .parameters = {{1, 512, 512}}}});
  cases.push_back({"8 heads' scores of 1024",
                   {.op = MatMul{}, .inputs = {{1, 8, 1024, 64}, {1, 8, 64, 1024}}}});
  cases.push_back({"8 heads' values of 1024",
                   {.op = MatMul{}, .inputs = {{1, 8, 1024, 1024}, {1, 8, 1024, 64}}}});
  cases.push_back(
      {"attention of 1024",
       {.op = Attention{}, .inputs = {{1, 64, 32, 32}, {1, 64, 32, 32}, {1, 64, 32, 32}}}});
  return cases;
}

}  // namespace gan::core::bench
