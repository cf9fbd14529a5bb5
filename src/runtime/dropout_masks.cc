#include "runtime/dropout_masks.h"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr uint64_t kStep = 0x9e3779b97f4a7c15;

uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t Below(uint64_t key, int64_t place) {
  return Mix(key + kStep * (static_cast<uint64_t>(place) + 1));
}

struct Mask {
  Dropout dropout;
  SymbolicShape shape;
  ValueId input{};  // of the graph that is run
};

// Where in a larger picture a run's picture begins.
struct Place {
  int64_t y = 0, x = 0;
  bool operator==(const Place&) const = default;
};

// The place on a layer's axis that is the picture's place `at`.
int64_t PlaceOn(const Dim& axis, int64_t at) {
  if (axis.IsConstant() || !axis.IsExact()) return 0;
  const Dim::Affine map = axis.AsAffine();
  return at * map.num / map.den;
}

void FillMask(const Mask& mask, uint64_t key, const Place& place, Tensor& out) {
  const float kept = 1 / (1 - mask.dropout.probability);
  const auto bound = static_cast<uint64_t>(static_cast<double>(mask.dropout.probability) * 0x1p24);
  const Shape& shape = out.shape();
  const bool picture = shape.rank() == 4;
  const int64_t height = picture ? shape[2] : 1;
  const int64_t width = picture ? shape[3] : shape.elements() / (shape[0] * shape[1]);
  const int64_t top = picture ? PlaceOn(mask.shape[2], place.y) : 0;
  const int64_t left = picture ? PlaceOn(mask.shape[3], place.x) : 0;
  const auto value = [&](uint64_t number) { return (number >> 40) < bound ? 0 : kept; };
  float* to = out.floats().data();
  for (int64_t n = 0; n < shape[0]; ++n) {
    for (int64_t c = 0; c < shape[1]; ++c) {
      const uint64_t channel = Below(Below(key, n), c);
      if (mask.dropout.channels) {
        std::fill_n(to, height * width, value(Below(Below(channel, 0), 0)));
        to += height * width;
        continue;
      }
      for (int64_t y = 0; y < height; ++y) {
        const uint64_t row = Below(channel, top + y);
        for (int64_t x = 0; x < width; ++x) *to++ = value(Below(row, left + x));
      }
    }
  }
}

// Each dropout as a product with a new input. The nodes keep their number and order.
Graph WithMasks(const Graph& graph, std::vector<Mask>& masks) {
  Graph out = graph;
  for (Node& node : out.nodes) {
    const auto* dropout = std::get_if<Dropout>(&node.op);
    if (dropout == nullptr) continue;
    Mask mask{*dropout, out.value(node.output).shape, static_cast<ValueId>(out.values.size())};
    out.values.push_back({fmt::format("dropout.{}", masks.size()), ValueKind::kInput, mask.shape});
    out.inputs.push_back(mask.input);
    node.op = Binary{BinaryKind::kMultiply};
    node.inputs.push_back(mask.input);
    masks.push_back(std::move(mask));
  }
  Verify(out);
  return out;
}

class DroppingExecutable : public Executable {
 public:
  DroppingExecutable(Backend& backend, const Graph& graph, NamedTensors parameters, uint64_t seed)
      : graph_(graph), seed_(seed), masked_(WithMasks(graph, masks_)) {
    network_ = backend.Compile(masked_, std::move(parameters));
    values_.resize(masks_.size());
  }

  const Graph& graph() const override { return graph_; }
  Grain GrainOf(size_t node) const override { return network_->GrainOf(node); }
  std::string Describe() const override { return network_->Describe(); }

  MemoryUse Memory(const Bindings& bindings) const override {
    MemoryUse use = network_->Memory(bindings);
    for (const Mask& mask : masks_) {
      use.activations +=
          static_cast<uint64_t>(Evaluate(mask.shape, bindings).elements()) * sizeof(float);
    }
    return use;
  }

  void PlaceAt(int64_t y, int64_t x) override { place_ = {y, x}; }

  void Run(std::span<const ConstTensorView> inputs, std::span<const TensorView> outputs) override {
    std::vector<Shape> sizes;
    for (const ConstTensorView& input : inputs) sizes.push_back(input.shape);
    Fill(BindInputs(graph_, sizes));
    std::vector<ConstTensorView> all(inputs.begin(), inputs.end());
    for (const Tensor& value : values_) all.push_back(value.view());
    network_->Run(all, outputs);
  }

 private:
  // Pictures of one size at one place have the masks that are there already.
  void Fill(const Bindings& bindings) {
    if (filled_ && place_ == filled_place_ && bindings == filled_bindings_) return;
    for (size_t i = 0; i < masks_.size(); ++i) {
      const Shape shape = Evaluate(masks_[i].shape, bindings);
      if (!(values_[i].shape() == shape)) values_[i] = Tensor(DType::kF32, shape);
      FillMask(masks_[i], Below(seed_, static_cast<int64_t>(i)), place_, values_[i]);
    }
    filled_ = true;
    filled_place_ = place_;
    filled_bindings_ = bindings;
  }

  Graph graph_;
  uint64_t seed_;
  std::vector<Mask> masks_;
  Graph masked_;  // made of masks_ too, so behind it
  std::unique_ptr<Executable> network_;
  std::vector<Tensor> values_;
  Place place_;
  bool filled_ = false;
  Place filled_place_;
  Bindings filled_bindings_;
};

}  // namespace

bool HasDropout(const Graph& graph) {
  return std::ranges::any_of(
      graph.nodes, [](const Node& node) { return std::holds_alternative<Dropout>(node.op); });
}

std::unique_ptr<Executable> CompileWithDropout(Backend& backend, const Graph& graph,
                                               NamedTensors parameters, uint64_t seed) {
  GAN_ASSERT(HasDropout(graph));
  return std::make_unique<DroppingExecutable>(backend, graph, std::move(parameters), seed);
}

}  // namespace gan::core
