#include "backends/cpu/row_turns.h"

#include <algorithm>
#include <limits>

namespace gan::core {
namespace {

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

class TurnPlanner {
 public:
  TurnPlanner(const RowProgram& program, RowPlan& plan, RowGroup& group)
      : program_(program), plan_(plan), group_(group), done_(program.steps.size()) {
    available_.resize(plan.values.size());
    for (size_t v = 0; v < available_.size(); ++v) available_[v] = plan.values[v].rows();
    for (size_t s = group.begin; s < group.end; ++s) {
      const int output = program.steps[s].output;
      if (output >= 0) available_[static_cast<size_t>(output)] = 0;
    }
  }

  void Run(int64_t bands) {
    for (int64_t band = 1; band <= bands; ++band) {
      for (size_t s = group_.begin; s < group_.end; ++s) {
        const int64_t rows = RowsOf(s);
        int64_t end = std::min(Possible(s), CeilDiv(rows * band, bands));
        if (end < rows) end = end / Grain(s) * Grain(s);
        if (end > done_[s]) TakeTurn(s, end);
      }
    }
  }

 private:
  const RowStep& StepAt(size_t s) const { return program_.steps[s]; }
  bool MakesTiles(size_t s) const { return StepAt(s).kind == RowStepKind::kConvolve; }
  int64_t Grain(size_t s) const { return MakesTiles(s) ? StepAt(s).tile : 1; }
  const RowStorage& Storage(int value) const { return plan_.values[static_cast<size_t>(value)]; }
  int64_t Available(int value) const { return available_[static_cast<size_t>(value)]; }

  int64_t RowsOf(size_t s) const {
    const RowStep& step = StepAt(s);
    return Storage(step.output >= 0 ? step.output : step.inputs[0]).rows();
  }

  // Rows that a step can make of what there is.
  int64_t Possible(size_t s) const {
    int64_t rows = RowsOf(s);
    for (const int value : StepAt(s).inputs) rows = std::min(rows, PossibleFrom(s, value));
    for (const RowOp& op : StepAt(s).ops) {
      if (op.other >= 0) rows = std::min(rows, Available(op.other));
    }
    return rows;
  }

  int64_t PossibleFrom(size_t s, int value) const {
    const RowStep& step = StepAt(s);
    if (Available(value) == Storage(value).rows()) return RowsOf(s);
    if (!MakesTiles(s)) return Available(value) * step.factor_h;
    const int64_t seen = Available(value) * (step.doubled ? 2 : 1);
    // Row r of tiles reads up to row tile * r - top + tile + 1.
    const int64_t last = seen + step.padding.top - step.tile - 2;
    return last < 0 ? 0 : (last / step.tile + 1) * step.tile;
  }

  // The first row of a value that a step still reads.
  int64_t OldestNeeded(size_t s, int value) const {
    const RowStep& step = StepAt(s);
    int64_t oldest = std::numeric_limits<int64_t>::max();
    if (done_[s] == RowsOf(s)) return oldest;
    if (std::ranges::count(step.inputs, value) > 0) {
      oldest = MakesTiles(s)
                   ? std::max<int64_t>(done_[s] - step.padding.top, 0) / (step.doubled ? 2 : 1)
                   : done_[s] / step.factor_h;
    }
    if (std::ranges::count(step.ops, value, &RowOp::other) > 0) oldest = std::min(oldest, done_[s]);
    return oldest;
  }

  void TakeTurn(size_t s, int64_t end) {
    group_.turns.push_back({s, done_[s], end});
    const int output = StepAt(s).output;
    if (output >= 0) {
      int64_t oldest = done_[s];
      for (size_t reader = group_.begin; reader < group_.end; ++reader) {
        oldest = std::min(oldest, OldestNeeded(reader, output));
      }
      int64_t& held = plan_.values[static_cast<size_t>(output)].held;
      held = std::max(held, end - oldest);
      available_[static_cast<size_t>(output)] = end;
    }
    done_[s] = end;
  }

  const RowProgram& program_;
  RowPlan& plan_;
  RowGroup& group_;
  std::vector<int64_t> done_;       // rows that each step has made
  std::vector<int64_t> available_;  // rows of each value
};

}  // namespace

void PlanTurns(const RowProgram& program, int64_t bands, RowPlan& plan, RowGroup& group) {
  TurnPlanner(program, plan, group).Run(bands);
}

}  // namespace gan::core
