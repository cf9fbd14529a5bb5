#include "training/projection.h"

#include <ATen/Parallel.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "backends/torch/run_graph.h"
#include "base/error.h"
#include "training/device.h"

namespace gan::core {
namespace {

constexpr int64_t kBatch = 32;      // candidates whose pictures are made together
constexpr double kScreening = 0.1;  // of the work, for progress

class Projector {
 public:
  Projector(const ProjectionProblem& problem, const ProjectionSettings& settings)
      : problem_(problem),
        runner_(*problem.graph),
        device_(TrainingDeviceNamed(settings.device)),
        parameters_(torch_backend::ParametersOf(*problem.graph, *problem.parameters, device_)),
        target_(OnDevice(problem.target).unsqueeze(0)),
        labels_(at::tensor(problem.labels, at::kLong)) {
    const SymbolicShape& z = runner_.graph().value(runner_.graph().inputs[0]).shape;
    pixel_ = z.size() == 4;
    RequireShapes();
  }

  // Of each picture, the mean square of its differences from the target: [n].
  at::Tensor Errors(const at::Tensor& latents, const at::Tensor& labels) const {
    at::Tensor z = problem_.repeats == 1 ? latents : latents.repeat({1, problem_.repeats});
    if (pixel_) z = z.unsqueeze(2).unsqueeze(3);
    std::vector<at::Tensor> inputs{z};
    if (problem_.classes > 0) {
      inputs.push_back(at::one_hot(labels, problem_.classes).to(device_, at::kFloat));
    }
    return (runner_.Run(parameters_, inputs)[0] - target_).square().mean({1, 2, 3});
  }

  at::Tensor Candidates() const { return OnDevice(problem_.candidates); }
  const at::Tensor& labels() const { return labels_; }

 private:
  at::Tensor OnDevice(const Tensor& tensor) const {
    const std::span<const int64_t> sizes = tensor.shape().sizes();
    return at::from_blob(const_cast<std::byte*>(tensor.raw().data()),
                         at::IntArrayRef(sizes.data(), sizes.size()), at::kFloat)
        .to(device_, at::kFloat, /*non_blocking=*/false, /*copy=*/true);
  }

  void RequireShapes() const {
    const Graph& graph = runner_.graph();
    const Shape made = Evaluate(graph.value(graph.outputs[0]).shape, {{"N", 1}});
    const Shape& given = problem_.target.shape();
    if (given.rank() == 3 && made == Shape{1, given[0], given[1], given[2]}) return;
    Fail(ErrorCode::kBadData, "project", "wants a picture {}, got {}", made.ToString(),
         given.ToString());
  }

  const ProjectionProblem& problem_;
  torch_backend::GraphRunner runner_;
  at::Device device_;
  torch_backend::ParameterTensors parameters_;
  at::Tensor target_;
  at::Tensor labels_;
  bool pixel_ = false;
};

std::vector<float> ToHost(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kCPU).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

std::vector<float> Screened(const Projector& projector, const ProgressFn& progress,
                            const CancelFlag* cancel) {
  const at::NoGradGuard no_gradients;
  const at::Tensor candidates = projector.Candidates();
  const int64_t count = candidates.size(0);
  std::vector<float> errors;
  for (int64_t first = 0; first < count; first += kBatch) {
    if (cancel != nullptr) cancel->ThrowIfCancelled();
    const int64_t some = std::min(kBatch, count - first);
    const bool labelled = projector.labels().numel() > 0;
    const at::Tensor labels =
        labelled ? projector.labels().narrow(0, first, some) : projector.labels();
    const std::vector<float> part =
        ToHost(projector.Errors(candidates.narrow(0, first, some), labels));
    errors.insert(errors.end(), part.begin(), part.end());
    if (progress) {
      progress(kScreening * static_cast<double>(first + some) / static_cast<double>(count));
    }
  }
  // What is not finite comes last, and never descends.
  for (float& error : errors) {
    if (!std::isfinite(error)) error = std::numeric_limits<float>::infinity();
  }
  return errors;
}

// The places of the least, at most `count`; of equal ones the first.
std::vector<int64_t> Nearest(const std::vector<float>& errors, int64_t count) {
  std::vector<int64_t> order(errors.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return errors[static_cast<size_t>(a)] < errors[static_cast<size_t>(b)];
  });
  const auto finite =
      std::count_if(errors.begin(), errors.end(), [](float error) { return std::isfinite(error); });
  if (finite == 0) {
    Fail(ErrorCode::kInternal, "project",
         "no picture to begin from is finite: the weights are broken");
  }
  order.resize(std::min(static_cast<size_t>(count), static_cast<size_t>(finite)));
  return order;
}

// Rises over the first twentieth of the steps, falls over the last quarter.
double RateAt(double done) {
  const double rise = std::min(1.0, done / 0.05), left = std::min(1.0, (1 - done) / 0.25);
  return rise * 0.5 * (1 - std::cos(3.14159265358979 * left));
}

// Keeps the best latent that any try came by.
class Best {
 public:
  Best(ProjectedLatent& result, const std::vector<int64_t>& labels)
      : result_(result), labels_(labels) {
    result_.error = std::numeric_limits<double>::infinity();
  }
  void See(const at::Tensor& latents, const at::Tensor& errors) {
    const std::vector<float> host = ToHost(errors);
    for (size_t i = 0; i < host.size(); ++i) {
      if (!(host[i] < result_.error)) continue;
      result_.error = host[i];
      const std::vector<float> row = ToHost(latents[static_cast<int64_t>(i)]);
      result_.latent = Tensor::FromFloats({1, static_cast<int64_t>(row.size())}, row);
      if (!labels_.empty()) result_.label = labels_[i];
    }
  }

 private:
  ProjectedLatent& result_;
  std::vector<int64_t> labels_;  // of the tries
};

void CheckSettings(const ProjectionSettings& settings) {
  const bool counts = settings.steps >= 1 && settings.tries >= 1 && settings.threads >= 1;
  if (counts && settings.rate > 0 && std::isfinite(settings.rate)) return;
  Fail(ErrorCode::kUsage, "project", "wants 1 step, try and thread or more and a rate above 0");
}

}  // namespace

ProjectedLatent ProjectOntoLatents(const ProjectionProblem& problem,
                                   const ProjectionSettings& settings, const ProgressFn& progress,
                                   const CancelFlag* cancel) {
  CheckSettings(settings);
  at::set_num_threads(settings.threads);
  const Projector projector(problem, settings);
  const std::vector<float> errors = Screened(projector, progress, cancel);
  const std::vector<int64_t> chosen = Nearest(errors, settings.tries);
  const at::Tensor places = at::tensor(chosen, at::kLong);
  std::vector<int64_t> labels;
  for (const int64_t place : chosen) {
    if (problem.classes > 0) labels.push_back(problem.labels[static_cast<size_t>(place)]);
  }
  ProjectedLatent result;
  result.start_error = errors[static_cast<size_t>(chosen[0])];
  Best best(result, labels);
  const at::Tensor start = projector.Candidates();
  const at::Tensor from = start.index_select(0, places.to(start.device()));
  // Steps are taken in units, whatever the scale of the latents.
  at::Tensor offset = at::zeros_like(from).requires_grad_();
  const at::Tensor told = at::tensor(labels, at::kLong);
  torch::optim::Adam adam({offset}, torch::optim::AdamOptions(settings.rate));
  for (int64_t step = 0; step <= settings.steps; ++step) {
    if (cancel != nullptr) cancel->ThrowIfCancelled();
    const at::Tensor latents = from + offset * problem.unit;
    const at::Tensor found = projector.Errors(latents, told);
    best.See(latents, found);
    const double done = static_cast<double>(step) / static_cast<double>(settings.steps);
    if (progress) progress(kScreening + (1 - kScreening) * done);
    if (step == settings.steps) break;
    adam.zero_grad();
    found.sum().backward();
    // A try that broke stays where it is.
    offset.mutable_grad() = at::nan_to_num(offset.grad(), 0, 0, 0);
    static_cast<torch::optim::AdamOptions&>(adam.param_groups()[0].options())
        .lr(settings.rate *
            RateAt((static_cast<double>(step) + 1) / static_cast<double>(settings.steps + 1)));
    adam.step();
  }
  return result;
}

}  // namespace gan::core
