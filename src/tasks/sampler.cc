#include "tasks/sampler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"
#include "media/samples.h"

namespace gan::core {
namespace {

// Enough to keep threads busy on small pictures; more gains nothing.
constexpr int64_t kLargestBatch = 64;

std::vector<Shape> InputShapes(const Graph& graph, int64_t count) {
  std::vector<Shape> shapes;
  for (const ValueId id : graph.inputs) {
    const SymbolicShape& shape = graph.value(id).shape;
    std::vector<int64_t> sizes{count};
    for (size_t axis = 1; axis < shape.size(); ++axis) {
      sizes.push_back(shape[axis].IsConstant() ? shape[axis].constant() : 1);
    }
    shapes.emplace_back(sizes);
  }
  return shapes;
}

[[noreturn]] void FailKind(const Graph& graph) {
  Fail(ErrorCode::kBadData, "sample",
       "wants a generator that makes pictures from random numbers; \"{}\" is none",
       Printable(graph.name));
}

}  // namespace

Sampler::Sampler(Executable& network, int64_t classes, const Latents& latents, uint64_t max_memory)
    : network_(network), classes_(classes), latents_(latents) {
  const Graph& graph = network.graph();
  if (graph.inputs.size() != (classes > 0 ? 2u : 1u) || graph.outputs.size() != 1) FailKind(graph);
  const std::vector<Shape> inputs = InputShapes(graph, 1);
  if (inputs[0].elements() != inputs[0][1] || (classes > 0 && inputs[1][1] != classes)) {
    FailKind(graph);
  }
  if (inputs[0][1] != latents.size()) {
    Fail(ErrorCode::kBadData, "latents", "the generator wants rows of {} numbers, got {}",
         inputs[0][1], latents.size());
  }
  const Shape out = ConcreteShapes(graph, BindingsFor(1))[Index(graph.outputs[0])];
  if (out.rank() != 4 || out[1] < 1 || out[1] > 4) FailKind(graph);
  picture_ = {out[1], out[2], out[3]};
  const auto need = [&](int64_t count) {
    const auto pictures = static_cast<uint64_t>(2 * count * picture_.elements()) * sizeof(float);
    return network.Memory(BindingsFor(count)).total() + pictures;
  };
  for (batch_ = kLargestBatch; batch_ > 1 && need(batch_) > max_memory;) batch_ /= 2;
  if (need(batch_) > max_memory) {
    Fail(ErrorCode::kConfiguration, "sample",
         "a picture takes {} MB and {} MB are allowed: give a larger --max-memory",
         (need(1) >> 20) + 1, max_memory >> 20);
  }
}

Bindings Sampler::BindingsFor(int64_t count) const {
  return BindInputs(network_.graph(), InputShapes(network_.graph(), count));
}

std::vector<Tensor> Sampler::InputsFor(std::span<const SampleItem> items,
                                       Interpolation kind) const {
  std::vector<Tensor> inputs;
  for (const Shape& shape : InputShapes(network_.graph(), static_cast<int64_t>(items.size()))) {
    inputs.push_back(Tensor::Zeros(DType::kF32, shape));
  }
  const auto size = static_cast<size_t>(latents_.size());
  std::vector<float> other(size);
  for (size_t i = 0; i < items.size(); ++i) {
    const SampleItem& item = items[i];
    const std::span<float> z = inputs[0].floats().subspan(i * size, size);
    latents_.Fill(item.latent, z);
    if (item.towards >= 0) {
      latents_.Fill(item.towards, other);
      Interpolate(kind, std::vector<float>(z.begin(), z.end()), other, item.share, z);
    }
    if (classes_ == 0) continue;
    GAN_ASSERT(item.label >= 0 && item.label < classes_);
    const std::span<float> labels = inputs[1].floats().subspan(i * static_cast<size_t>(classes_),
                                                               static_cast<size_t>(classes_));
    labels[static_cast<size_t>(item.label)] = 1;
    if (item.to_label < 0) continue;
    GAN_ASSERT(item.to_label < classes_);
    // Straight, as networks mix them: by weights that sum to 1.
    labels[static_cast<size_t>(item.label)] = static_cast<float>(1 - item.label_share);
    labels[static_cast<size_t>(item.to_label)] += static_cast<float>(item.label_share);
  }
  return inputs;
}

void Sampler::Make(std::span<const SampleItem> items, const Run& run,
                   const std::function<void(size_t i, const Tensor& picture)>& take) const {
  const auto elements = static_cast<size_t>(picture_.elements());
  for (size_t begin = 0; begin < items.size();) {
    if (run.cancel) run.cancel->ThrowIfCancelled();
    const size_t count = std::min(items.size() - begin, static_cast<size_t>(batch_));
    const std::vector<Tensor> inputs = InputsFor(items.subspan(begin, count), run.interpolation);
    const Tensor made = RunOnce(network_, inputs)[0];
    for (size_t i = 0; i < count; ++i) {
      const auto from = made.floats().subspan(i * elements, elements);
      if (!AllFinite(from)) {
        Fail(ErrorCode::kInternal, "sample",
             "picture {} holds NaN or infinity: the weights are broken, or the latents far out",
             begin + i);
      }
      Tensor picture(DType::kF32, picture_);
      std::ranges::transform(from, picture.floats().begin(),
                             [](float x) { return (x + 1) * 0.5f; });
      take(begin + i, picture);
    }
    begin += count;
    if (run.progress) {
      run.progress(static_cast<double>(begin) / static_cast<double>(items.size()));
    }
  }
}

}  // namespace gan::core
