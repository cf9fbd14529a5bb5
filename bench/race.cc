#include "bench/race.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "backends/cpu/backend.h"
#include "base/error.h"
#include "base/system.h"
#include "bench/copy_peak.h"
#include "bench/fma_peak.h"
#include "bench/measure.h"
#include "runtime/plugin.h"

namespace gan::core::bench {
namespace {

std::unique_ptr<Backend> LibTorch(const Options& options) {
  return LoadBackendPlugin("torch", {.threads = options.threads});
}

void RunHere(Backend& backend, conformance::Problem problem) {
  RunOnce(*backend.Compile(problem.graph, std::move(problem.parameters)), problem.inputs);
}

// An executable with room for its results, to be run again and again.
class Runner {
 public:
  Runner(Backend& backend, const conformance::Problem& problem)
      : executable_(backend.Compile(problem.graph, problem.parameters)),
        results_(RunOnce(*executable_, problem.inputs)) {
    for (const Tensor& input : problem.inputs) inputs_.push_back(input.view());
    for (Tensor& result : results_) outputs_.push_back(result.view());
  }
  void Run() { executable_->Run(inputs_, outputs_); }
  const std::vector<Tensor>& results() const { return results_; }

 private:
  std::unique_ptr<Executable> executable_;
  std::vector<Tensor> results_;
  std::vector<ConstTensorView> inputs_;
  std::vector<TensorView> outputs_;
};

float LargestOf(const Tensor& tensor) {
  float largest = 0;
  for (const float value : tensor.floats()) largest = std::max(largest, std::abs(value));
  return largest;
}

void PrintRow(const Outcome& o, double peak) {
  const auto mib = [](uint64_t bytes) {
    return bytes == 0 ? std::string("-")
                      : fmt::format("{:.0f}", static_cast<double>(bytes) / (1 << 20));
  };
  fmt::print(
      "{:<34} {:>11} {:>9.1f} {:>10.4f} {:>10.4f} {:>7.2f} {:>8.1f} {:>6.1f}% {:>7.1f} {:>8} "
      "{:>8}\n",
      o.name, o.size, o.gflop, o.cpu_seconds, o.torch_seconds, o.torch_seconds / o.cpu_seconds,
      o.gflop / o.cpu_seconds, 100 * o.gflop / o.cpu_seconds / peak, o.gbytes / o.cpu_seconds,
      mib(o.cpu_memory), mib(o.torch_memory));
  std::fflush(stdout);
}

nlohmann::json ToJson(const Outcome& o) {
  return {{"name", o.name},
          {"size", o.size},
          {"gflop", o.gflop},
          {"gbytes", o.gbytes},
          {"cpu_seconds", o.cpu_seconds},
          {"torch_seconds", o.torch_seconds},
          {"cpu_peak_memory_bytes", o.cpu_memory},
          {"torch_peak_memory_bytes", o.torch_memory}};
}

void WriteJson(const std::string& path, const nlohmann::json& report) {
  std::ofstream file(path);
  file << report.dump(2) << '\n';
  if (!file.flush()) Fail(ErrorCode::kCannotCreate, "gan_benchmark", "cannot write \"{}\"", path);
}

}  // namespace

void MeasureMemory(const Race& race, const Options& options, Outcome& outcome) {
  outcome.cpu_memory = PeakMemoryOf([&] {
    ThreadPool pool(options.threads);
    RunHere(*MakeCpuBackend(pool), race.problem());
  });
  outcome.torch_memory = PeakMemoryOf([&] { RunHere(*LibTorch(options), race.problem()); });
}

void MeasureTime(const Race& race, const Options& options, ThreadPool& pool, Outcome& outcome) {
  const std::unique_ptr<Backend> cpu = MakeCpuBackend(pool);
  const std::unique_ptr<Backend> torch = LibTorch(options);
  const conformance::Problem problem = race.problem();
  Runner ours(*cpu, problem), theirs(*torch, problem);
  const std::string difference = conformance::Difference(
      ours.results()[0], theirs.results()[0], race.tolerance, LargestOf(theirs.results()[0]));
  if (!difference.empty()) {
    Fail(ErrorCode::kInternal, "gan_benchmark", "{} {}: the engines do not agree: {}", race.name,
         race.size, difference);
  }
  const std::vector<double> seconds =
      TimeInTurn(std::vector<std::function<void()>>{[&] { ours.Run(); }, [&] { theirs.Run(); }},
                 options.rounds, options.clock);
  std::vector<Shape> sizes;
  for (const Tensor& input : problem.inputs) sizes.push_back(input.shape());
  const GraphCost cost = CostOf(problem.graph, BindInputs(problem.graph, sizes));
  outcome.gflop = 2e-9 * cost.multiply_adds;
  outcome.gbytes = 1e-9 * cost.bytes;
  outcome.cpu_seconds = seconds[0];
  outcome.torch_seconds = seconds[1];
}

void RunAll(const std::vector<Race>& races, const Options& options, bool with_memory) {
  std::vector<Outcome> outcomes;
  std::vector<const Race*> chosen;
  for (const Race& race : races) {
    if (race.name.find(options.only) == std::string::npos) continue;
    chosen.push_back(&race);
    outcomes.push_back({.name = race.name, .size = race.size});
    if (with_memory) MeasureMemory(race, options, outcomes.back());
  }
  if (chosen.empty()) {
    Fail(ErrorCode::kUsage, "gan_benchmark", "nothing is called \"{}\"", options.only);
  }
  ThreadPool pool(options.threads);
  const double peak = FmaPeak(pool, options.clock);
  const double copy = CopyPeak(pool, options.clock);
  nlohmann::json report{{"processor", ProcessorName()},
                        {"threads", pool.threads()},
                        {"fma_peak_gflops", peak},
                        {"copy_gbytes_per_second", copy},
                        {"rounds", options.rounds},
                        {"clock", options.clock == Clock::kWall ? "wall" : "processor"},
                        {"cpu_target", MakeCpuBackend(pool)->target()},
                        {"torch_target", LibTorch(options)->target()}};
  fmt::print(
      "{}, {} threads, FMA peak {:.1f} GFLOP/s, copy {:.1f} GB/s; ours: {}; theirs: {}; medians of "
      "{}{}\n",
      ProcessorName(), pool.threads(), peak, copy, report["cpu_target"].get<std::string>(),
      report["torch_target"].get<std::string>(), options.rounds,
      options.clock == Clock::kWall ? "" : ", processor time");
  fmt::print("{:<34} {:>11} {:>9} {:>10} {:>10} {:>7} {:>8} {:>7} {:>7} {:>8} {:>8}\n", "", "size",
             "GFLOP", "ours s", "theirs s", "times", "GFLOP/s", "of peak", "GB/s", "MiB", "theirs");
  for (size_t i = 0; i < chosen.size(); ++i) {
    MeasureTime(*chosen[i], options, pool, outcomes[i]);
    PrintRow(outcomes[i], peak);
    report["races"].push_back(ToJson(outcomes[i]));
  }
  if (!options.json.empty()) WriteJson(options.json, report);
}

}  // namespace gan::core::bench
