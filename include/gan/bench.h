// How fast a network runs here.
#ifndef GAN_BENCH_H_
#define GAN_BENCH_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "gan/engine.h"
#include "gan/export.h"
#include "gan/model.h"
#include "gan/progress.h"

namespace gan {

struct BenchOptions {
  std::string model;                     // a checkpoint, as of Model::Load; "": random weights of
  std::string network = "esrgan";        // this family,
  std::map<std::string, int64_t> sizes;  // with these sizes instead of its defaults
  int64_t width = 256;                   // input pixels; no matter to a model with a latent
  int64_t height = 256;
  int runs = 5;  // timed ones, at least 1; a first one is not timed
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<BenchOptions>> BenchOptionList();

struct BenchResult {
  std::string model;  // its description
  std::string device;
  std::string target;
  int threads = 0;
  // As run, input pixels: the next size that the network takes. With a latent, of the picture made.
  int64_t width = 0;
  int64_t height = 0;
  std::vector<double> seconds;  // one a run, in order
  double best = 0;              // seconds
  double median = 0;
  double multiply_adds = 0;     // of one run
  double gflops = 0;            // 2 * multiply_adds / median / 1e9, done directly ("effective")
  uint64_t peak_memory = 0;     // bytes resident at most, of the whole process
  uint64_t program_memory = 0;  // those before there was a network
  Plan plan;
};

// Runs on fixed noise. Before anything is timed, the result is checked: finite, and the same bytes
// twice. Error kInternal when it is not; the rest as of Model::Load and Model::Run.
// Thread safety: one at a time, for the sake of the figures.
GAN_API BenchResult Bench(const BenchOptions& options, const EngineOptions& engine = {},
                          const LoadOptions& load = {}, const ProgressFn& progress = {},
                          const CancelFlag* cancel = nullptr);

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const BenchResult& result);

}  // namespace gan

#endif  // GAN_BENCH_H_
