// What the command line chooses.
#ifndef GAN_BENCH_OPTIONS_H_
#define GAN_BENCH_OPTIONS_H_

#include <span>
#include <string>

#include "bench/measure.h"

namespace gan::core::bench {

struct Options {
  std::string what = "networks";  // or "kernels"
  int rounds = 5;                 // times each engine runs; the median counts
  int threads = 0;                // of each engine; 0 means every processor
  Clock clock = Clock::kWall;
  bool full = false;       // networks at full depth and size: several minutes
  std::string only;        // races whose name holds this
  std::string cpu_target;  // of both engines; "" for the best that each has
  std::string json;        // file for the figures, "" for none
};

inline constexpr const char* kUsage =
    "usage: gan_benchmark [networks|kernels] [--full] [--only TEXT] [--rounds N] [--threads N]\n"
    "                     [--processor-time] [--cpu-target NAME] [--json FILE]\n"
    "--processor-time counts what the process got, not what passed: for --threads 1 on a busy\n"
    "machine. --cpu-target avx2 holds both engines to those instructions.\n";

// Error kUsage.
Options ParseOptions(std::span<const char* const> arguments);

}  // namespace gan::core::bench

#endif  // GAN_BENCH_OPTIONS_H_
