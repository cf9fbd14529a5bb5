#include "backends/cpu/passes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "kernels/winograd.h"

namespace gan::core {
namespace {

// The step that makes a value.
size_t MakerOf(const RowProgram& program, int value) {
  return static_cast<size_t>(std::ranges::find(program.steps, value, &RowStep::output) -
                             program.steps.begin());
}

void Take(RowStep& step, const RowStep& from) {
  step.nodes.insert(step.nodes.end(), from.nodes.begin(), from.nodes.end());
}

// A step that is to go reads and makes nothing until all of them are taken out together: a network
// has hundreds, and each is large to move.
void Drop(RowStep& step) {
  step.inputs.clear();
  step.ops.clear();
  step.output = -1;
}
void TakeOutDropped(RowProgram& program) {
  std::erase_if(program.steps, [](const RowStep& step) {
    return step.output < 0 && step.kind != RowStepKind::kStore;
  });
}

// The steps of a kind, last first, are gone through by `body`, which says whether to remove them.
template <class Body>
void Remove(RowProgram& program, RowStepKind kind, const Body& body) {
  for (size_t i = program.steps.size(); i-- > 0;) {
    if (program.steps[i].kind == kind && body(program.steps[i])) Drop(program.steps[i]);
  }
  TakeOutDropped(program);
}

bool OnlyConvolutionsRead(const RowProgram& program, int value) {
  return std::ranges::all_of(program.steps, [&](const RowStep& step) {
    return std::ranges::count(step.ops, value, &RowOp::other) == 0 &&
           (step.kind == RowStepKind::kConvolve || std::ranges::count(step.inputs, value) == 0);
  });
}

// Whether every reader of a join may read its parts instead.
bool RoomFor(const RowProgram& program, const RowStep& join) {
  return std::ranges::all_of(program.steps, [&](const RowStep& step) {
    const auto times = static_cast<size_t>(std::ranges::count(step.inputs, join.output));
    return step.inputs.size() + times * join.inputs.size() <= kernels::kWinogradMostInputs;
  });
}

// The operation seen from its other operand.
std::optional<kernels::PixelOpKind> Mirrored(kernels::PixelOpKind kind) {
  using Kind = kernels::PixelOpKind;
  switch (kind) {
    case Kind::kAdd:
    case Kind::kMultiply: return kind;
    case Kind::kSubtract: return Kind::kSubtractFrom;
    case Kind::kSubtractFrom: return Kind::kSubtract;
    case Kind::kLeakyRelu:
    case Kind::kPrelu:
    case Kind::kClip:
    case Kind::kAffine:
    case Kind::kScaleShift:
    case Kind::kNormalize:
    case Kind::kActivation: break;
  }
  return std::nullopt;
}

// Makes `value` the first operand of a map whose first step has it as the other.
bool TurnTo(RowStep& map, int value) {
  if (map.inputs[0] == value) return true;
  if (map.ops.empty() || map.ops[0].other != value) return false;
  if (map.ops[0].NeedsWholePictures()) return false;
  const auto kind = Mirrored(map.ops[0].kind);
  if (!kind) return false;
  map.ops[0].kind = *kind;
  map.ops[0].other = std::exchange(map.inputs[0], value);
  return true;
}

// Whether the other operands of `map` are made before step `at`.
bool OperandsBefore(const RowProgram& program, const RowStep& map, size_t at) {
  return std::ranges::all_of(
      map.ops, [&](const RowOp& op) { return op.other < 0 || MakerOf(program, op.other) < at; });
}

// Moves the loads of the other operands of the map at `at` to before the step `before` and says how
// many there were: what comes from outside is there from the beginning.
size_t LoadBefore(RowProgram& program, size_t at, size_t before) {
  std::vector<int> others;
  for (const RowOp& op : program.steps[at].ops) others.push_back(op.other);
  size_t moved = 0;
  for (const int other : others) {
    if (other < 0) continue;
    const size_t load = MakerOf(program, other);
    if (load <= before || program.steps[load].kind != RowStepKind::kLoad) continue;
    const auto first = program.steps.begin() + static_cast<ptrdiff_t>(before);
    const auto found = program.steps.begin() + static_cast<ptrdiff_t>(load);
    std::rotate(first, found, found + 1);
    ++before;
    ++moved;
  }
  return moved;
}

// Gives the work of the map at `at` to the step that makes one of its operands.
bool FuseOne(RowProgram& program, size_t at) {
  RowStep& map = program.steps[at];
  std::vector<int> operands = map.inputs;
  if (!map.ops.empty() && map.ops[0].other >= 0) operands.push_back(map.ops[0].other);
  for (const int value : operands) {
    size_t maker = MakerOf(program, value);
    const RowStepKind kind = program.steps[maker].kind;
    const bool takes =
        kind == RowStepKind::kConvolve || kind == RowStepKind::kDirect || kind == RowStepKind::kMap;
    if (!takes || program.Readers(value) != 1 || !TurnTo(map, value)) continue;
    maker += LoadBefore(program, at, maker);
    if (!OperandsBefore(program, map, maker)) continue;
    RowStep& step = program.steps[maker];
    step.ops.insert(step.ops.end(), map.ops.begin(), map.ops.end());
    step.output = map.output;
    Take(step, map);
    return true;
  }
  return false;
}

// Of a picture so large, cut into tiles.
int64_t Products(int64_t height, int64_t width, int64_t tile) {
  const auto tiles = [&](int64_t size) { return (size + tile - 1) / tile; };
  return tiles(height) * tiles(width) * (tile + 2) * (tile + 2);
}

// How much of an error in a step's result, before its operations or after the first ones, comes
// through those that scale.
double ScaledBy(const RowStep& step, size_t first_op) {
  double scale = 1;
  for (size_t i = first_op; i < step.ops.size(); ++i) {
    if (step.ops[i].kind == kernels::PixelOpKind::kAffine) scale *= std::abs(step.ops[i].alpha);
  }
  return scale;
}

// For each step, how much of an error in what it sums reaches the result at most, as scales tell
// that stand in the way: those of residual branches.
std::vector<double> ReachOfErrors(const RowProgram& program) {
  std::vector<double> of_value(program.values.size()), of_step(program.steps.size());
  for (size_t s = program.steps.size(); s-- > 0;) {
    const RowStep& step = program.steps[s];
    const double made = step.output < 0 ? 1 : of_value[static_cast<size_t>(step.output)];
    of_step[s] = made * ScaledBy(step, 0);
    const auto reaches = [&](int value, double reach) {
      of_value[static_cast<size_t>(value)] = std::max(of_value[static_cast<size_t>(value)], reach);
    };
    for (const int value : step.inputs) reaches(value, of_step[s]);
    for (size_t i = 0; i < step.ops.size(); ++i) {
      if (step.ops[i].other >= 0) reaches(step.ops[i].other, made * ScaledBy(step, i + 1));
    }
  }
  return of_step;
}

}  // namespace

void JoinConcats(RowProgram& program) {
  Remove(program, RowStepKind::kJoin, [&](const RowStep& join) {
    if (!OnlyConvolutionsRead(program, join.output)) return false;
    if (!RoomFor(program, join)) return false;
    for (RowStep& step : program.steps) {
      if (step.kind != RowStepKind::kConvolve) continue;
      for (size_t i = step.inputs.size(); i-- > 0;) {
        if (step.inputs[i] != join.output) continue;
        step.inputs.erase(step.inputs.begin() + static_cast<ptrdiff_t>(i));
        step.inputs.insert(step.inputs.begin() + static_cast<ptrdiff_t>(i), join.inputs.begin(),
                           join.inputs.end());
      }
    }
    return true;
  });
}

void FuseMaps(RowProgram& program) {
  for (size_t i = 0; i < program.steps.size(); ++i) {
    if (program.steps[i].kind == RowStepKind::kMap && FuseOne(program, i)) Drop(program.steps[i]);
  }
  TakeOutDropped(program);
}

void FuseDoublings(RowProgram& program) {
  const auto reads_doubled = [](const RowStep& step, int value) {
    return step.inputs == std::vector{value} && step.taps == 3 && step.padding.top == 1 &&
           step.padding.left == 1;
  };
  Remove(program, RowStepKind::kRepeat, [&](const RowStep& repeat) {
    if (repeat.factor_h != 2 || repeat.factor_w != 2) return false;
    if (!OnlyConvolutionsRead(program, repeat.output)) return false;
    std::vector<RowStep*> readers;
    for (RowStep& step : program.steps) {
      if (std::ranges::count(step.inputs, repeat.output) > 0) readers.push_back(&step);
    }
    if (!std::ranges::all_of(
            readers, [&](const RowStep* step) { return reads_doubled(*step, repeat.output); })) {
      return false;
    }
    for (RowStep* step : readers) {
      step->inputs = repeat.inputs;
      step->doubled = true;
      Take(*step, repeat);
    }
    return true;
  });
}

void RoundProducts(RowProgram& program) {
  for (RowStep& step : program.steps) step.bf16 = step.kind == RowStepKind::kConvolve;
}

void EnlargeTiles(RowProgram& program, const Graph& graph) {
  // Of bf16 numbers, 6x6 tiles lose 11 dB more than 4x4 ones: as much as a scale of 0.28 takes off.
  constexpr double kLittle = 0.28;
  const std::vector<double> reach = ReachOfErrors(program);
  for (size_t s = 0; s < program.steps.size(); ++s) {
    RowStep& step = program.steps[s];
    if (step.kind != RowStepKind::kConvolve || step.doubled || step.tile == 3) continue;
    if (step.bf16 && reach[s] > kLittle) continue;
    const SymbolicShape& made = graph.value(program.values[static_cast<size_t>(step.output)]).shape;
    if (made[2].IsConstant() && made[3].IsConstant() &&
        Products(made[2].constant(), made[3].constant(), 6) >=
            Products(made[2].constant(), made[3].constant(), 4)) {
      continue;
    }
    step.tile = 6;
  }
}

}  // namespace gan::core
