// One graph on the CPU engine and on LibTorch: checked against each other, then timed.
#ifndef GAN_BENCH_RACE_H_
#define GAN_BENCH_RACE_H_

#include <functional>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "bench/options.h"
#include "tests/conformance/problem.h"

namespace gan::core::bench {

struct Race {
  std::string name;                               // "esrgan, 23 blocks"
  std::string size;                               // "256x256"
  std::function<conformance::Problem()> problem;  // made when it is its turn: networks are large
  float tolerance = 1e-4f;                        // of the largest result
};

struct Outcome {
  std::string name;
  std::string size;
  double gflop = 0;   // of one run, a multiply-add counted as two
  double gbytes = 0;  // read and written by one run if every result passes through memory once
  double cpu_seconds = 0;
  double torch_seconds = 0;
  uint64_t cpu_memory = 0;  // bytes, of a process that does nothing else; 0 when not measured
  uint64_t torch_memory = 0;
};

// Runs the race in a process of its own for each engine and notes its memory. Before this process
// starts threads.
void MeasureMemory(const Race& race, const Options& options, Outcome& outcome);

// Error kInternal when the engines do not agree: what is wrong is not timed.
void MeasureTime(const Race& race, const Options& options, ThreadPool& pool, Outcome& outcome);

// Everything whose name has options.only in it, in order: memory of all, then times, with a table
// on stdout as it goes and JSON in options.json. Error kUsage where nothing has that name.
void RunAll(const std::vector<Race>& races, const Options& options, bool with_memory);

}  // namespace gan::core::bench

#endif  // GAN_BENCH_RACE_H_
