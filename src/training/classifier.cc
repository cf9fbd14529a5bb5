#include "training/classifier.h"

#include <ATen/Parallel.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "backends/torch/run_graph.h"
#include "base/error.h"
#include "base/random.h"

namespace gan::core {
namespace {

using torch_backend::ParameterTensors;

// Indices in an order of their own in every epoch.
class Order {
 public:
  Order(int64_t count, Random& random) : indices_(static_cast<size_t>(count)), random_(random) {
    std::iota(indices_.begin(), indices_.end(), int64_t{0});
    next_ = indices_.size();
  }

  at::Tensor Take(int64_t count) {
    at::Tensor taken = at::empty({count}, at::kLong);
    for (int64_t i = 0; i < count; ++i) taken.data_ptr<int64_t>()[i] = Next();
    return taken;
  }

 private:
  int64_t Next() {
    if (next_ == indices_.size()) {
      for (size_t i = indices_.size(); i > 1; --i) {
        std::swap(indices_[i - 1], indices_[random_.Below(i)]);
      }
      next_ = 0;
    }
    return indices_[next_++];
  }

  std::vector<int64_t> indices_;
  Random& random_;
  size_t next_;
};

at::Tensor AsFloats(const at::Tensor& pictures) {
  if (pictures.scalar_type() == at::kFloat) return pictures;
  return pictures.to(at::kFloat).mul_(1 / 127.5).sub_(1);
}

// Batches of one size, to which every source gives its part.
class Mixture {
 public:
  Mixture(std::span<const LabelledTensors> sources, int64_t batch, Random& random)
      : sources_(sources) {
    int64_t pictures = 0;
    for (const LabelledTensors& source : sources) {
      pictures += source.count();
      orders_.emplace_back(source.count(), random);
    }
    const auto parts = static_cast<int64_t>(sources.size());
    batch_ = std::max(std::min(batch, pictures), parts);
  }

  LabelledTensors Next() {
    std::vector<at::Tensor> pictures, labels;
    int64_t left = batch_;
    for (size_t i = 0; i < sources_.size(); ++i) {
      const int64_t part = left / static_cast<int64_t>(sources_.size() - i);
      left -= part;
      const at::Tensor rows = orders_[i].Take(part);
      pictures.push_back(AsFloats(sources_[i].pictures.index_select(0, rows)));
      labels.push_back(sources_[i].labels.index_select(0, rows));
    }
    return {at::cat(pictures), at::cat(labels)};
  }

 private:
  std::span<const LabelledTensors> sources_;
  std::vector<Order> orders_;
  int64_t batch_;
};

// Each picture moved by its own offset; what comes in from outside repeats the border.
at::Tensor Shifted(const at::Tensor& pictures, int64_t shift, Random& random) {
  if (shift == 0) return pictures;
  const int64_t height = pictures.size(2), width = pictures.size(3);
  const at::Tensor padded = at::replication_pad2d(pictures, {shift, shift, shift, shift});
  at::Tensor out = at::empty_like(pictures);
  const auto range = static_cast<uint64_t>(2 * shift + 1);
  for (int64_t i = 0; i < pictures.size(0); ++i) {
    const auto y = static_cast<int64_t>(random.Below(range));
    const auto x = static_cast<int64_t>(random.Below(range));
    out[i].copy_(padded[i].narrow(1, y, height).narrow(2, x, width));
  }
  return out;
}

at::Tensor Logits(const Graph& graph, const ParameterTensors& parameters,
                  const at::Tensor& pictures) {
  const std::vector<at::Tensor> in{pictures};
  return torch_backend::RunGraph(graph, parameters, in).at(1).flatten(1);
}

void RequireSound(const Graph& graph, const LabelledTensors& data) {
  if (data.pictures.dim() != 4 || data.count() == 0) {
    Fail(ErrorCode::kBadData, "classifier", "wants labelled pictures, got none");
  }
  const int64_t classes = graph.value(graph.outputs.at(1)).shape.at(1).constant();
  const auto low = data.labels.min().item<int64_t>(), high = data.labels.max().item<int64_t>();
  if (low < 0 || high >= classes) {
    Fail(ErrorCode::kBadData, "classifier", "has {} classes, got label {}", classes,
         low < 0 ? low : high);
  }
}

NamedTensors ToNamed(const Graph& graph, const ParameterTensors& parameters) {
  NamedTensors out;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    const at::Tensor from = parameters.at(value.name).detach().contiguous();
    out.Add(value.name, Tensor::FromFloats(
                            Evaluate(value.shape, {}),
                            std::span(from.data_ptr<float>(), static_cast<size_t>(from.numel()))));
  }
  return out;
}

}  // namespace

NamedTensors InitialClassifier(const Graph& graph, uint64_t seed) {
  Random random(seed);
  NamedTensors parameters;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    const Shape shape = Evaluate(value.shape, {});
    Tensor tensor = Tensor::Zeros(DType::kF32, shape);
    if (shape.rank() > 1) {
      const auto fan_in = static_cast<double>(shape.elements() / shape[0]);
      random.FillNormal(tensor.floats(), static_cast<float>(std::sqrt(2 / fan_in)));
    }
    parameters.Add(value.name, std::move(tensor));
  }
  return parameters;
}

NamedTensors TrainClassifier(const Graph& graph, std::span<const LabelledTensors> sources,
                             const ClassifierOptions& options, const ProgressFn& progress,
                             const CancelFlag* cancel) {
  GAN_ASSERT(!sources.empty());
  for (const LabelledTensors& source : sources) RequireSound(graph, source);
  at::set_num_threads(options.threads);
  Random random(options.seed);
  ParameterTensors parameters = torch_backend::ParametersOf(
      graph, InitialClassifier(graph, random.Next()), at::Device(at::kCPU));
  std::vector<at::Tensor> leaves;
  for (const Value& value : graph.values) {
    if (value.kind == ValueKind::kParameter) {
      leaves.push_back(parameters.at(value.name).requires_grad_());
    }
  }
  torch::optim::Adam adam(
      leaves, torch::optim::AdamOptions(options.learning_rate).weight_decay(options.weight_decay));
  Mixture mixture(sources, options.batch, random);
  for (int64_t step = 0; step < options.steps; ++step) {
    if (cancel != nullptr) cancel->ThrowIfCancelled();
    const double done = static_cast<double>(step) / static_cast<double>(options.steps);
    static_cast<torch::optim::AdamOptions&>(adam.param_groups()[0].options())
        .lr(options.learning_rate * 0.5 * (1 + std::cos(3.14159265358979 * done)));
    const LabelledTensors batch = mixture.Next();
    const at::Tensor loss = at::cross_entropy_loss(
        Logits(graph, parameters, Shifted(batch.pictures, options.shift, random)), batch.labels);
    if (!std::isfinite(loss.item<float>())) {
      Fail(ErrorCode::kInternal, "classifier", "the loss of step {} is no number: rate too high?",
           step);
    }
    adam.zero_grad();
    loss.backward();
    adam.step();
    if (progress) progress(static_cast<double>(step + 1) / static_cast<double>(options.steps));
  }
  return ToNamed(graph, parameters);
}

Accuracy Score(const Graph& graph, const NamedTensors& parameters, const LabelledTensors& data,
               int threads) {
  RequireSound(graph, data);
  const at::NoGradGuard no_gradients;
  at::set_num_threads(threads);
  const ParameterTensors weights =
      torch_backend::ParametersOf(graph, parameters, at::Device(at::kCPU));
  constexpr int64_t kBatch = 256;
  std::vector<at::Tensor> right;
  for (int64_t first = 0; first < data.count(); first += kBatch) {
    const int64_t count = std::min(kBatch, data.count() - first);
    const at::Tensor told =
        Logits(graph, weights, AsFloats(data.pictures.narrow(0, first, count))).argmax(1);
    right.push_back(told.eq(data.labels.narrow(0, first, count)).to(at::kDouble));
  }
  const at::Tensor all = at::cat(right);
  const at::Tensor seen = at::bincount(data.labels).to(at::kDouble);
  const at::Tensor found = at::bincount(data.labels, all).to(at::kDouble);
  // Classes without a picture say nothing.
  const at::Tensor share = found.div(seen).masked_select(seen.gt(0));
  return {.plain = all.mean().item<double>(), .balanced = share.mean().item<double>()};
}

}  // namespace gan::core
