#include "backends/cpu/executable.h"

#include <algorithm>
#include <utility>

#include "backends/cpu/backend.h"
#include "backends/cpu/node_order.h"
#include "backends/cpu/row_lowering.h"
#include "backends/cpu/row_runner.h"
#include "backends/cpu/row_text.h"
#include "base/error.h"
#include "kernels/pixel_rows.h"
#include "kernels/target.h"

namespace gan::core {
namespace {

class CpuBackend : public Backend {
 public:
  CpuBackend(ThreadPool& pool, const CpuPasses& passes) : pool_(pool), passes_(passes) {}

  std::string name() const override { return "cpu"; }
  std::string target() const override {
    return kernels::CurrentTarget() + (passes_.bf16 ? ", bf16" : "");
  }
  std::unique_ptr<Executable> Compile(const Graph& graph, NamedTensors parameters) override {
    return std::make_unique<CpuExecutable>(graph, std::move(parameters), pool_, passes_);
  }

 private:
  ThreadPool& pool_;
  CpuPasses passes_;
};

}  // namespace

std::unique_ptr<Backend> MakeCpuBackend(ThreadPool& pool, const CpuPasses& passes) {
  return std::make_unique<CpuBackend>(pool, passes);
}

CpuExecutable::CpuExecutable(const Graph& graph, NamedTensors parameters, ThreadPool& pool,
                             const CpuPasses& passes)
    : graph_(graph), joined_(graph), grains_(graph.nodes.size()), pool_(pool) {
  CheckParameters(graph, parameters);
  WeightSupply weights(graph, std::move(parameters));
  std::vector<RowStretch> stretches;
  const bool rows = passes.rows && kernels::ChannelLanes() > 0;
  std::vector<size_t> order;  // which node of graph_ each of `ordered` is
  Graph ordered = graph;
  if (rows) {
    order = RunningOrder(graph);
    for (size_t n = 0; n < order.size(); ++n) ordered.nodes[n] = graph.nodes[order[n]];
    stretches = FindRowStretches(ordered);
  }
  joined_.nodes.clear();
  auto stretch = stretches.begin();
  for (size_t n = 0; n < ordered.nodes.size();) {
    if (stretch == stretches.end() || n != stretch->begin) {
      BindNode(ordered.nodes[n++], weights);
      continue;
    }
    RowProgram program = LowerToRows(ordered, *stretch, weights, passes);
    joined_.nodes.push_back({ordered.nodes[stretch->end - 1].op, program.inputs, program.output});
    for (const RowStep& step : program.steps) {
      if (step.kind != RowStepKind::kConvolve) continue;
      for (const size_t node : step.nodes) {
        // A filter that is cut into some of 3x3 may be smaller than all of them together.
        const int64_t beyond = step.tile == 3 ? 0 : (step.taps + 2) / 3 * 3 - step.taps;
        if (IsConvolution(ordered.nodes[node])) grains_[order[node]] = {step.Grain(), beyond};
      }
    }
    description_ += ToString(ordered, program);
    ops_.push_back(MakeRowOp(std::move(program), passes));
    n = stretch++->end;
  }
  for (const auto& op : ops_) {
    parameter_bytes_ += op->ParameterBytes();
    packed_bytes_ += op->PackedBytes();
  }
}

void CpuExecutable::BindNode(const Node& node, WeightSupply& weights) {
  std::vector<Tensor> held(node.inputs.size());
  std::vector<const Tensor*> tensors(node.inputs.size(), nullptr);
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (graph_.value(node.inputs[i]).kind != ValueKind::kParameter) continue;
    held[i] = weights.Take(node, i);
    tensors[i] = &held[i];
  }
  const BindContext context{tensors};
  ops_.push_back(std::visit([&](const auto& op) { return BindCpu(op, context); }, node.op));
  joined_.nodes.push_back(node);
  const std::string why = RowDecline(graph_, node);
  description_ +=
      fmt::format("  planes {}: {}, {}\n", graph_.value(node.output).name, NameOf(node.op),
                  why.empty() ? "no convolution beside it that runs on rows" : why);
}

CpuExecutable::Plan CpuExecutable::MakePlan(const Bindings& bindings) const {
  Plan plan;
  plan.shapes = ConcreteShapes(graph_, bindings);
  plan.placement = PlaceResults(joined_, plan.shapes, [&](size_t node, size_t input) {
    return ops_[node]->MayOverwrite(input);
  });
  for (size_t n = 0; n < joined_.nodes.size(); ++n) {
    std::vector<Shape> inputs;
    for (const ValueId id : joined_.nodes[n].inputs) inputs.push_back(plan.shapes[Index(id)]);
    const Shape& output = plan.shapes[Index(joined_.nodes[n].output)];
    plan.workspace =
        std::max(plan.workspace, ops_[n]->WorkspaceBytes(inputs, output, pool_.threads()));
  }
  return plan;
}

MemoryUse CpuExecutable::Memory(const Bindings& bindings) const {
  const Plan plan = MakePlan(bindings);
  return {.parameters = parameter_bytes_,
          .packed = packed_bytes_,
          .activations = plan.placement.bytes,
          .workspace = plan.workspace};
}

void CpuExecutable::PrepareFor(const Bindings& bindings) {
  if (planned_for_ == bindings && !planned_for_.empty()) return;
  plan_ = MakePlan(bindings);
  planned_for_ = bindings;
  const auto needed = static_cast<int64_t>(plan_.placement.bytes + plan_.workspace);
  if (block_.shape().elements() >= needed) return;
  block_ = Tensor();  // the old block goes before the new one comes
  block_ = Tensor(DType::kU8, {needed});
}

std::byte* CpuExecutable::AddressOf(ValueId id, std::span<const TensorView> outputs) {
  const Placement::Place& place = plan_.placement.places[Index(id)];
  if (place.output != Placement::kBlock) {
    return static_cast<std::byte*>(outputs[static_cast<size_t>(place.output)].data);
  }
  return block_.raw().data() + place.offset;
}

void CpuExecutable::Run(std::span<const ConstTensorView> inputs,
                        std::span<const TensorView> outputs) {
  std::vector<Shape> sizes;
  for (const ConstTensorView& input : inputs) sizes.push_back(input.shape);
  PrepareFor(BindInputs(graph_, sizes));
  GAN_ASSERT(outputs.size() == graph_.outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    GAN_ASSERT(outputs[i].shape == plan_.shapes[Index(graph_.outputs[i])]);
    GAN_ASSERT(outputs[i].IsContiguous());
  }

  std::vector<ConstTensorView> views(graph_.values.size());
  for (size_t i = 0; i < inputs.size(); ++i) views[Index(graph_.inputs[i])] = inputs[i];
  const std::span<std::byte> workspace =
      block_.raw().subspan(plan_.placement.bytes, plan_.workspace);
  std::vector<ConstTensorView> operands;
  for (size_t n = 0; n < joined_.nodes.size(); ++n) {
    const Node& node = joined_.nodes[n];
    operands.clear();
    for (const ValueId id : node.inputs) operands.push_back(views[Index(id)]);
    const TensorView output(AddressOf(node.output, outputs), DType::kF32,
                            plan_.shapes[Index(node.output)]);
    ops_[n]->Run({operands, output, workspace, pool_});
    views[Index(node.output)] = output;
  }
  // Outputs that no node wrote in place: inputs given straight back, or one value given twice.
  for (size_t i = 0; i < outputs.size(); ++i) {
    const ConstTensorView& made = views[Index(graph_.outputs[i])];
    if (made.data == nullptr) {
      Fail(ErrorCode::kBadData, graph_.name, "output {} is a weight, not a result", i);
    }
    if (made.data != outputs[i].data) CopyElements(made, outputs[i]);
  }
}

}  // namespace gan::core
