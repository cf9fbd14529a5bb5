// Single ops at the sizes that networks run them at. One function a family, one file each.
#ifndef GAN_BENCH_KERNELS_FAMILIES_H_
#define GAN_BENCH_KERNELS_FAMILIES_H_

#include <string>
#include <vector>

#include "tests/conformance/problem.h"

namespace gan::core::bench {

struct KernelCase {
  std::string name;
  conformance::Case op;
};

std::vector<KernelCase> ConvolutionCases();
std::vector<KernelCase> ElementwiseCases();
std::vector<KernelCase> ResamplingCases();
std::vector<KernelCase> MovementCases();

}  // namespace gan::core::bench

#endif  // GAN_BENCH_KERNELS_FAMILIES_H_
