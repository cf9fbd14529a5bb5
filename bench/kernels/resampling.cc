#include <fmt/format.h>

#include "bench/kernels/families.h"

namespace gan::core::bench {

std::vector<KernelCase> ResamplingCases() {
  const Shape map{1, 64, 128, 128};
  std::vector<KernelCase> cases;
  for (const ResizeMode mode :
       {ResizeMode::kNearest, ResizeMode::kBilinear, ResizeMode::kBicubic}) {
    const auto coordinates = mode == ResizeMode::kNearest ? ResizeCoordinates::kAsymmetric
                                                          : ResizeCoordinates::kHalfPixel;
    cases.push_back({fmt::format("{} x 2", NameOf(mode)),
                     {.op = Resize{mode, coordinates, {2, 2}, {1, 1}}, .inputs = {map}}});
  }
  for (const PoolKind kind : {PoolKind::kMax, PoolKind::kAverage}) {
    cases.push_back(
        {fmt::format("{} pool 2x2", NameOf(kind)),
         {.op = Pool2d{.kind = kind, .kernel = {2, 2}, .stride = {2, 2}}, .inputs = {map}}});
    cases.push_back(
        {fmt::format("{} pool whole", NameOf(kind)), {.op = GlobalPool{kind}, .inputs = {map}}});
  }
  return cases;
}

}  // namespace gan::core::bench
