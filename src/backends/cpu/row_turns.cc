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
  int64_t Grain(size_t s) const {
    if (Made(s).pictures > 1) return Made(s).height;
    return MakesTiles(s) ? StepAt(s).Grain() : 1;
  }
  const RowStorage& Made(size_t s) const {
    const RowStep& step = StepAt(s);
    return Storage(step.output >= 0 ? step.output : step.inputs[0]);
  }
  const RowStorage& Storage(int value) const { return plan_.values[static_cast<size_t>(value)]; }
  int64_t Available(int value) const { return available_[static_cast<size_t>(value)]; }

  int64_t RowsOf(size_t s) const { return Made(s).rows(); }

  // Rows that a step can make of what there is.
  int64_t Possible(size_t s) const {
    int64_t rows = RowsOf(s);
    for (const int value : StepAt(s).inputs) rows = std::min(rows, PossibleFrom(s, value));
    for (const RowOp& op : StepAt(s).ops) {
      if (op.other >= 0) rows = std::min(rows, PossibleWith(s, op));
    }
    return rows;
  }

  int64_t PossibleWith(size_t s, const RowOp& op) const {
    const int64_t rows = Available(op.other);
    if (!op.NeedsWholePictures()) return rows;
    const RowStorage& other = Storage(op.other);
    if (rows == other.rows()) return RowsOf(s);
    return other.pictures > 1 ? rows / other.height * Made(s).height : 0;
  }

  int64_t PossibleFrom(size_t s, int value) const {
    const RowStep& step = StepAt(s);
    if (Available(value) == Storage(value).rows()) return RowsOf(s);
    if (Made(s).pictures > 1) return Available(value) / Storage(value).height * Made(s).height;
    if (step.kind == RowStepKind::kDirect) return DirectlyPossible(step, Available(value));
    if (step.kind == RowStepKind::kResize) return 0;  // of the whole picture
    if (step.kind == RowStepKind::kPad) {
      // What is mirrored at the top stands as far below it.
      const int64_t rows = Available(value);
      return rows > step.padding.top ? rows + step.padding.top : 0;
    }
    if (!MakesTiles(s)) return Available(value) * step.factor_h;
    const TileReads reads = ReadsOf(step);
    const int64_t more = Available(value) * (step.doubled ? 2 : 1) - reads.end;
    return more < 0 ? 0 : (more / reads.step + 1) * step.Grain();
  }

  // Row r of tiles reads rows [r * step + begin, r * step + end) of the picture, doubled where it
  // is.
  struct TileReads {
    int64_t step, begin, end;
  };
  static TileReads ReadsOf(const RowStep& step) {
    const int64_t top = step.padding.top, tile = step.tile;
    if (step.transposed) return {tile, top / 2 - 1, (top + 1) / 2 + tile};
    if (step.stride == 2) return {2 * tile, -top, 2 * tile + 2 - top};
    return {tile, -top, tile - 1 + (step.taps + 2) / 3 * 3 - top};
  }

  // Output row y reads up to y / out_stride * in_stride + the last of all offsets.
  static int64_t DirectlyPossible(const RowStep& step, int64_t seen) {
    const kernels::RowConvFilter& filter = step.filter;
    int64_t reach = std::numeric_limits<int64_t>::min();
    for (const kernels::RowConvPhase& phase : filter.phases) {
      reach = std::max(reach, *std::ranges::max_element(phase.down));
    }
    const int64_t last = seen - 1 - reach;
    return last < 0 ? 0 : (last / filter.in_stride_h + 1) * filter.out_stride_h;
  }

  // The first row that output rows from `row` on read.
  static int64_t OldestRead(const RowStep& step, int64_t row, int64_t height) {
    switch (step.kind) {
      case RowStepKind::kConvolve:
        return std::max<int64_t>(row / step.Grain() * ReadsOf(step).step + ReadsOf(step).begin, 0) /
               (step.doubled ? 2 : 1);
      case RowStepKind::kPad: {
        // What is mirrored at the bottom stands as far above it.
        const int64_t mirrored = height - 1 - step.padding.bottom;
        return std::max<int64_t>(std::min(row - step.padding.top, mirrored), 0);
      }
      case RowStepKind::kDirect: {
        const kernels::RowConvFilter& filter = step.filter;
        int64_t reach = std::numeric_limits<int64_t>::max();
        for (const kernels::RowConvPhase& phase : filter.phases) {
          reach = std::min(reach, *std::ranges::min_element(phase.down));
        }
        return std::max<int64_t>(row / filter.out_stride_h * filter.in_stride_h + reach, 0);
      }
      case RowStepKind::kResize: return 0;
      case RowStepKind::kLoad:
      case RowStepKind::kMoments:
      case RowStepKind::kMap:
      case RowStepKind::kJoin:
      case RowStepKind::kShuffle:
      case RowStepKind::kRepeat:
      case RowStepKind::kStore: break;
    }
    return row / step.factor_h;
  }

  // The first row of a value that a step still reads.
  int64_t OldestNeeded(size_t s, int value) const {
    const RowStep& step = StepAt(s);
    int64_t oldest = std::numeric_limits<int64_t>::max();
    if (done_[s] == RowsOf(s)) return oldest;
    if (std::ranges::count(step.inputs, value) > 0) {
      const RowStorage& read = Storage(value);
      oldest = read.pictures > 1 ? done_[s] / Made(s).height * read.height
                                 : OldestRead(step, done_[s], read.height);
    }
    for (const RowOp& op : step.ops) {
      if (op.other != value) continue;
      const int64_t made = Made(s).height, pictures = Storage(value).pictures;
      const int64_t first = pictures > 1 ? done_[s] / made * Storage(value).height : 0;
      oldest = std::min(oldest, op.NeedsWholePictures() ? first : done_[s]);
    }
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
