// Our CPU engine beside LibTorch, in one process: whole networks, or single kernels.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/error.h"
#include "bench/kernels/families.h"
#include "bench/networks.h"
#include "bench/options.h"
#include "bench/race.h"
#include "kernels/target.h"

namespace gan::core::bench {
namespace {

std::vector<Race> KernelRaces() {
  std::vector<Race> races;
  for (const auto& family :
       {ConvolutionCases(), ElementwiseCases(), ResamplingCases(), MovementCases()}) {
    for (const KernelCase& c : family) {
      const Shape& x = c.op.inputs[0];
      races.push_back({.name = c.name,
                       .size = fmt::format("{}x{}", x[x.rank() - 2], x[x.rank() - 1]),
                       .problem =
                           [op = c.op] {
                             Random random(1);
                             return conformance::MakeProblem(op, random);
                           },
                       .tolerance = c.op.tolerance});
    }
  }
  return races;
}

// LibTorch and the library beneath it read these when they are loaded, which is later.
void HoldToTarget(const std::string& name) {
  if (name.empty()) return;
  kernels::SetTarget(name);
  if (name != "avx2") return;
  setenv("ATEN_CPU_CAPABILITY", "avx2", 1);
  setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1);
}

void Run(std::span<const char* const> arguments) {
  const Options options = ParseOptions(arguments);
  HoldToTarget(options.cpu_target);
  const bool networks = options.what == "networks";
  RunAll(networks ? NetworkRaces(options.full) : KernelRaces(), options, networks);
}

}  // namespace
}  // namespace gan::core::bench

int main(int argc, char** argv) {
  try {
    gan::core::bench::Run(std::span(argv + 1, argv + argc));
    return 0;
  } catch (const gan::Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    if (e.code() == gan::ErrorCode::kUsage) std::fputs(gan::core::bench::kUsage, stderr);
    return static_cast<int>(e.code());
  }
}
