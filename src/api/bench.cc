#include "gan/bench.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "api/load.h"
#include "api/model_state.h"
#include "api/progress_state.h"
#include "base/error.h"
#include "base/fingerprint.h"
#include "base/random.h"
#include "base/system.h"
#include "kernels/finite.h"
#include "tensor/tensor.h"

namespace gan {
namespace {

// The network with its input and output, so that a run allocates nothing of ours.
class Course {
 public:
  Course(const Model& model, int64_t width, int64_t height) : state_(model.state()) {
    const core::Graph& graph = state_.model.graph;
    const auto sizes = core::InputShapes(graph, state_.info, width, height);
    core::Random random(1);
    for (const core::Shape& size : sizes) {
      core::Tensor input(core::DType::kF32, size);
      random.FillUniform(input.floats(), 0, 1);
      inputs_.push_back(std::move(input));
    }
    const auto shapes = core::ConcreteShapes(graph, core::BindInputs(graph, sizes));
    output_ = core::Tensor(core::DType::kF32, shapes[core::Index(graph.outputs[0])]);
  }

  double Run() {  // seconds
    std::vector<core::ConstTensorView> in;
    for (const core::Tensor& input : inputs_) in.push_back(input.view());
    const core::TensorView out = output_.view();
    const auto start = std::chrono::steady_clock::now();
    state_.executable->Run(in, std::span(&out, 1));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  // Compares with the first run.
  void Verify() {
    if (!core::kernels::AllFinite(output_.view(), state_.engine.pool)) {
      core::Fail(ErrorCode::kInternal, "bench", "the result holds NaN or infinity");
    }
    // A fingerprint and not a copy, which would count as memory that the network takes.
    core::Fingerprint made;
    made.Add(output_.raw());
    if (!first_) {
      first_ = made.value();
    } else if (*first_ != made.value()) {
      core::Fail(ErrorCode::kInternal, "bench", "two runs on the same input differ");
    }
  }

  // The picture that the figures are about: the input, or what is made of random numbers.
  const core::Shape& picture() const {
    return state_.info.latent ? output_.shape() : inputs_[0].shape();
  }

 private:
  Model::State& state_;
  std::vector<core::Tensor> inputs_;
  core::Tensor output_;
  std::optional<uint64_t> first_;
};

double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

BenchResult Bench(const BenchOptions& options, const EngineOptions& engine, const LoadOptions& load,
                  const ProgressFn& progress, const CancelFlag* cancel) {
  if (options.runs < 1) core::Fail(ErrorCode::kUsage, "bench", "wants at least one run");
  BenchResult result;
  result.program_memory = core::PeakResidentMemory();
  const Model model = options.model.empty()
                          ? Model::Random(options.network, options.sizes, 1, engine)
                          : Model::Load(options.model, engine, load);
  Course course(model, options.width, options.height);

  for (int run = 0; run <= options.runs; ++run) {
    if (cancel != nullptr) CoreFlag(cancel)->ThrowIfCancelled();
    const double seconds = course.Run();
    // Verified after each run, so that the second one has settled both questions before any figure
    // is believed; the first one warms up and is not counted.
    course.Verify();
    if (run > 0) result.seconds.push_back(seconds);
    if (progress) progress(static_cast<double>(run + 1) / (options.runs + 1));
  }

  result.model = model.info().description;
  result.device = engine.device == Device::kCpu ? "cpu" : "torch";
  result.target = model.target();
  result.threads = model.state().engine.pool.threads();
  result.height = course.picture()[2];
  result.width = course.picture()[3];
  result.best = *std::min_element(result.seconds.begin(), result.seconds.end());
  result.median = MedianOf(result.seconds);
  result.plan = model.PlanFor(options.width, options.height);
  result.multiply_adds = result.plan.multiply_adds;
  result.gflops = 2 * result.multiply_adds / result.median / 1e9;
  result.peak_memory = core::PeakResidentMemory();
  return result;
}

}  // namespace gan
