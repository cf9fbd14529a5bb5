#include "backends/cpu/row_text.h"

#include <fmt/format.h>

namespace gan::core {
namespace {

std::string_view NameOf(kernels::PixelOpKind kind) {
  using Kind = kernels::PixelOpKind;
  switch (kind) {
    case Kind::kLeakyRelu: return "rectifier";
    case Kind::kPrelu: return "prelu";
    case Kind::kClip: return "clip";
    case Kind::kAffine:
    case Kind::kScaleShift: return "scale and shift";
    case Kind::kNormalize: return "normalise";
    case Kind::kActivation: return "activation";
    case Kind::kAdd: return "add";
    case Kind::kSubtract:
    case Kind::kSubtractFrom: return "subtract";
    case Kind::kMultiply: return "multiply";
  }
  return "";
}

int64_t TapsOf(const kernels::RowConvFilter& filter) {
  int64_t taps = 0;
  for (const kernels::RowConvPhase& phase : filter.phases) taps += phase.Taps();
  return taps;
}

std::string KernelOf(const RowStep& step) {
  switch (step.kind) {
    case RowStepKind::kLoad: return "planes to pixels";
    case RowStepKind::kConvolve: {
      std::string text =
          fmt::format("Winograd F({0}x{0}, {1}x{1})", step.tile, step.tile == 3 ? 2 : 3);
      if (step.bf16) text += " of bf16 numbers";
      if (step.stride == 2) text += ", of stride 2 as 4 filters";
      if (step.transposed) text += ", transposed as 4 filters";
      if (step.tile != 3 && step.taps > 3) {
        text += fmt::format(", {0}x{0} as {1} filters", step.taps,
                            (step.taps + 2) / 3 * ((step.taps + 2) / 3));
      }
      if (step.inputs.size() > 1) {
        text += fmt::format(", reads {} parts where they lie", step.inputs.size());
      }
      if (step.doubled) text += ", doubles as it reads: 25 of 36 products";
      return text;
    }
    case RowStepKind::kDirect:
      return fmt::format("direct sum of {} taps, no Winograd: {}", TapsOf(step.filter), step.why);
    case RowStepKind::kPad: return "border";
    case RowStepKind::kMoments: return "mean and variance of whole pictures";
    case RowStepKind::kMap: return "element by element";
    case RowStepKind::kJoin: return "copied side by side";
    case RowStepKind::kShuffle: return "pixels moved";
    case RowStepKind::kRepeat: return "pixels repeated";
    case RowStepKind::kResize: return "resampled";
    case RowStepKind::kStore: return "pixels to planes";
  }
  return "";
}

std::string NameOfStep(const Graph& graph, const RowProgram& program, const RowStep& step) {
  if (step.kind == RowStepKind::kStore) return graph.value(program.output).name;
  if (step.nodes.empty()) {
    return graph.value(program.values[static_cast<size_t>(step.output)]).name;
  }
  return graph.value(graph.nodes[step.nodes[0]].output).name;
}

}  // namespace

std::string ToString(const Graph& graph, const RowProgram& program) {
  std::string text;
  for (const RowStep& step : program.steps) {
    text += fmt::format("  rows   {}: {}", NameOfStep(graph, program, step), KernelOf(step));
    if (step.kind != RowStepKind::kMap && !step.ops.empty()) text += ", fused with";
    for (const RowOp& op : step.ops) text += fmt::format(" [{}]", NameOf(op.kind));
    text += '\n';
  }
  return text;
}

}  // namespace gan::core
