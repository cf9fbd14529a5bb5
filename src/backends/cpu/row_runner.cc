#include "backends/cpu/row_runner.h"

#include <algorithm>
#include <utility>

#include "backends/cpu/pad_mode.h"
#include "base/error.h"
#include "kernels/pixel_rows.h"
#include "kernels/row_moments.h"
#include "kernels/row_resize.h"
#include "kernels/winograd.h"

namespace gan::core {
namespace {

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

// A copy of one number a channel, padded with zeros; of a single number, repeated.
Tensor PaddedChannels(const Tensor& values, int64_t channels, int64_t padded) {
  Tensor out = Tensor::Zeros(DType::kF32, {padded});
  if (values.raw().empty()) return out;
  for (int64_t c = 0; c < channels; ++c) {
    out.floats()[static_cast<size_t>(c)] =
        values.floats()[values.shape().elements() == 1 ? 0 : static_cast<size_t>(c)];
  }
  return out;
}

class RowOpRunner : public CpuOp {
 public:
  RowOpRunner(RowProgram program, const CpuPasses& passes)
      : program_(std::move(program)), passes_(passes) {
    for (const RowStep& step : program_.steps) {
      packed_bytes_ += step.filter.bytes();
      parameter_bytes_ += step.weight.bytes() + step.bias.bytes() + step.filter.bytes();
      for (const RowOp& op : step.ops) parameter_bytes_ += op.slope.bytes() + op.shift.bytes();
    }
    GAN_ASSERT(!program_.inputs.empty());
  }

  uint64_t ParameterBytes() const override { return parameter_bytes_; }
  uint64_t PackedBytes() const override { return packed_bytes_; }

  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape&, int threads) const override {
    return PlanFor(inputs, threads).bytes;
  }

  void Run(const CpuRun& run) const override {
    std::vector<Shape> inputs;
    for (const ConstTensorView& input : run.inputs) inputs.push_back(input.shape);
    Prepare(inputs, run.pool.threads());
    GAN_ASSERT(run.workspace.size() >= plan_.bytes);
    for (const RowGroup& group : plan_.groups) {
      TransformFilters(run, group);
      for (const RowTurn& turn : group.turns) TakeTurn(run, turn);
    }
  }

 private:
  RowPlan PlanFor(std::span<const Shape> inputs, int threads) const {
    return PlanRows(program_, inputs, kernels::ChannelLanes(), threads, passes_);
  }

  void Prepare(std::span<const Shape> inputs, int threads) const {
    const int64_t lanes = kernels::ChannelLanes();
    std::vector<Shape> key(inputs.begin(), inputs.end());
    key.push_back({threads, lanes});
    if (key == planned_for_) return;
    plan_ = PlanFor(inputs, threads);
    planned_for_ = std::move(key);
    biases_.assign(program_.steps.size(), Tensor());
    slopes_.assign(program_.steps.size(), {});
    shifts_.assign(program_.steps.size(), {});
    axes_.assign(program_.steps.size(), {});
    for (size_t s = 0; s < program_.steps.size(); ++s) {
      const RowStep& step = program_.steps[s];
      if (step.output < 0) continue;
      const RowStorage& out = Storage(step.output);
      if (step.kind == RowStepKind::kConvolve || step.kind == RowStepKind::kDirect) {
        biases_[s] = PaddedChannels(step.bias, out.channels, out.pixel);
      }
      for (const RowOp& op : step.ops) {
        slopes_[s].push_back(PaddedChannels(op.slope, out.channels, out.pixel));
        shifts_[s].push_back(PaddedChannels(op.shift, out.channels, out.pixel));
      }
      if (step.kind == RowStepKind::kPad) {
        const RowStorage& in = Storage(step.inputs[0]);
        CheckBorder(step.mode, step.padding, in.height, in.width);
      }
      if (step.kind == RowStepKind::kResize) {
        const RowStorage& in = Storage(step.inputs[0]);
        const kernels::ResizeParams& p = step.resize;
        axes_[s] = {MakeResizeAxis(p.mode, p.coordinates, p.num_h, p.den_h, in.height, out.height),
                    MakeResizeAxis(p.mode, p.coordinates, p.num_w, p.den_w, in.width, out.width)};
      }
    }
  }

  const RowStorage& Storage(int value) const { return plan_.values[static_cast<size_t>(value)]; }

  kernels::PixelRows RowsOf(const CpuRun& run, int value) const {
    const RowStorage& storage = Storage(value);
    return {reinterpret_cast<float*>(run.workspace.data() + storage.offset), storage.pixel,
            storage.row_floats(), storage.held};
  }

  std::vector<kernels::PixelOp> PixelOpsOf(const CpuRun& run, size_t s) const {
    std::vector<kernels::PixelOp> ops;
    for (size_t i = 0; i < program_.steps[s].ops.size(); ++i) {
      const RowOp& op = program_.steps[s].ops[i];
      kernels::PixelOp made{.kind = op.kind, .alpha = op.alpha, .beta = op.beta};
      made.slope = slopes_[s][i].floats().data();
      made.shift = shifts_[s][i].floats().data();
      made.activation = op.activation;
      made.height = Storage(program_.steps[s].output).height;
      made.operand = op.operand;
      if (op.other >= 0) {
        made.other = RowsOf(run, op.other);
        made.other_rows = Storage(op.other).rows();
      }
      ops.push_back(made);
    }
    return ops;
  }

  float* FilterOf(const CpuRun& run, size_t s) const {
    return reinterpret_cast<float*>(run.workspace.data() + plan_.filters[s]);
  }

  void TransformFilters(const CpuRun& run, const RowGroup& group) const {
    const int64_t lanes = kernels::ChannelLanes();
    std::vector<std::pair<size_t, int64_t>> blocks;  // step and block of outputs
    for (size_t s = group.begin; s < group.end; ++s) {
      if (program_.steps[s].kind != RowStepKind::kConvolve) continue;
      for (int64_t b = 0; b < plan_.shapes[s].outputs / lanes; ++b) blocks.emplace_back(s, b);
    }
    run.pool.ParallelFor(static_cast<int64_t>(blocks.size()), [&](int64_t i, int) {
      const auto [s, block] = blocks[static_cast<size_t>(i)];
      const RowStep& step = program_.steps[s];
      std::vector<int64_t> parts;
      for (const int value : step.inputs) parts.push_back(Storage(value).channels);
      kernels::TransformWinogradFilters(step.weight.view(), parts, plan_.shapes[s], block,
                                        FilterOf(run, s));
    });
  }

  void TakeTurn(const CpuRun& run, const RowTurn& turn) const {
    if (program_.steps[turn.step].kind == RowStepKind::kConvolve) return Convolve(run, turn);
    if (program_.steps[turn.step].kind == RowStepKind::kDirect) return Sum(run, turn);
    if (program_.steps[turn.step].kind == RowStepKind::kMoments) return TakeMoments(run, turn);
    ShareRows(run, turn);
  }

  void ShareRows(const CpuRun& run, const RowTurn& turn) const {
    // Rows are shared out in a few parts a thread.
    const int64_t rows = turn.end - turn.begin;
    const int64_t parts =
        run.pool.threads() == 1 ? 1 : std::min<int64_t>(rows, int64_t{4} * run.pool.threads());
    run.pool.ParallelFor(parts, [&](int64_t part, int thread) {
      const RowTurn share{turn.step, turn.begin + rows * part / parts,
                          turn.begin + rows * (part + 1) / parts};
      if (program_.steps[turn.step].kind == RowStepKind::kResize) {
        Resample(run, share, ScratchOf(run, thread));
      } else {
        MoveRows(run, share);
      }
    });
  }

  void Resample(const CpuRun& run, const RowTurn& turn, float* scratch) const {
    const RowStep& step = program_.steps[turn.step];
    const RowStorage& in = Storage(step.inputs[0]);
    const auto& [down, across] = axes_[turn.step];
    kernels::ResizePixels(RowsOf(run, step.inputs[0]), in.height, in.width, down, across,
                          turn.begin, turn.end, scratch, RowsOf(run, step.output));
  }

  float* ScratchOf(const CpuRun& run, int thread) const {
    return reinterpret_cast<float*>(run.workspace.data() + plan_.scratch +
                                    plan_.scratch_bytes * static_cast<uint64_t>(thread));
  }

  void Convolve(const CpuRun& run, const RowTurn& turn) const {
    const RowStep& step = program_.steps[turn.step];
    const kernels::WinogradShape& shape = plan_.shapes[turn.step];
    std::vector<kernels::WinogradInput> inputs;
    for (const int value : step.inputs) {
      inputs.push_back({RowsOf(run, value), Storage(value).pixel});
    }
    const std::vector<kernels::PixelOp> ops = PixelOpsOf(run, turn.step);
    const int64_t pictures = Storage(step.output).pictures;
    const int64_t across = shape.TilesAcross();
    const auto tile_at = [&](int64_t row) {
      return pictures > 1 ? row / shape.out_height * shape.TilesDown() * across
                          : CeilDiv(row, shape.made()) * across;
    };
    const int64_t first = tile_at(turn.begin), last = tile_at(turn.end);
    // As many whole jobs for each thread, then what is left in equal parts: threads that end apart
    // wait for each other. Even numbers of tiles multiply faster; fewer than 4 are not worth it,
    // nor is one job's share where the filters may be large.
    const int64_t tiles = last - first, threads = run.pool.threads();
    const int64_t whole = TilesAtATime(shape), jobs = tiles / (whole * threads) * threads;
    const int64_t left = tiles - jobs * whole;
    const int64_t parts = jobs == 0 && left <= whole ? 1 : std::min(threads, CeilDiv(left, 4));
    const auto begin_of = [&](int64_t job) {
      if (job <= jobs) return first + job * whole;
      return last - left + std::min(left, CeilDiv((job - jobs) * left, 2 * parts) * 2);
    };
    run.pool.ParallelFor(jobs + parts, [&](int64_t job, int thread) {
      const int64_t tile = begin_of(job), count = begin_of(job + 1) - tile;
      kernels::RunWinograd({.shape = shape,
                            .inputs = inputs,
                            .filter = FilterOf(run, turn.step),
                            .bias = biases_[turn.step].floats().data(),
                            .ops = ops,
                            .out = RowsOf(run, step.output),
                            .first = tile,
                            .count = count,
                            .scratch = ScratchOf(run, thread)});
    });
  }

  // A convolution that is summed directly. Rows are shared out, and each share reads all filters;
  // or, where rows are few or filters are larger than the pictures, outputs are, and what is done
  // to the results waits until all are there.
  void Sum(const CpuRun& run, const RowTurn& turn) const {
    const RowStep& step = program_.steps[turn.step];
    const RowStorage &in = Storage(step.inputs[0]), &out = Storage(step.output);
    const std::vector<kernels::PixelOp> ops = PixelOpsOf(run, turn.step);
    const int64_t rows = turn.end - turn.begin, panels = step.filter.Panels();
    const int64_t wanted = run.pool.threads() == 1 ? 1 : int64_t{4} * run.pool.threads();
    const bool larger_filters =
        step.filter.packed.floats().size() * static_cast<size_t>(out.rows()) >
        static_cast<size_t>(in.rows() * in.row_floats() * rows);
    const bool either = rows >= wanted && panels >= wanted;
    const bool by_rows = either ? !larger_filters : rows >= panels;
    const int64_t parts = std::min(by_rows ? rows : panels, wanted);
    kernels::RowConvJob whole{.filter = &step.filter,
                              .x = RowsOf(run, step.inputs[0]),
                              .height = in.height,
                              .width = in.width,
                              .out = RowsOf(run, step.output),
                              .out_height = out.height,
                              .out_width = out.width,
                              .bias = biases_[turn.step].floats().data(),
                              .begin = turn.begin,
                              .end = turn.end,
                              .panels = panels};
    if (by_rows) whole.ops = ops;
    run.pool.ParallelFor(parts, [&](int64_t part, int thread) {
      kernels::RowConvJob job = whole;
      job.zeros = ScratchOf(run, thread);
      if (by_rows) {
        job.begin = turn.begin + rows * part / parts;
        job.end = turn.begin + rows * (part + 1) / parts;
      } else {
        job.panel = panels * part / parts;
        job.panels = panels * (part + 1) / parts - job.panel;
      }
      kernels::RunRowConv(job);
    });
    if (by_rows || ops.empty()) return;
    run.pool.ParallelFor(rows, [&](int64_t row, int) {
      const int64_t y = turn.begin + row;
      float* at = RowsOf(run, step.output).Row(y);
      kernels::ApplyPixelOps(ops, at, out.pixel, y, 0, out.width, at);
    });
  }

  void TakeMoments(const CpuRun& run, const RowTurn& turn) const {
    const RowStep& step = program_.steps[turn.step];
    const RowStorage& in = Storage(step.inputs[0]);
    ShareRows(run, turn);
    if (turn.end < in.rows()) return;
    const kernels::GroupNormParams params{step.weight.view(), step.bias.view(), step.norm_groups,
                                          step.epsilon};
    for (int64_t picture = 0; picture < in.pictures; ++picture) {
      kernels::FinishMoments(params, in.channels, in.height, in.width, picture * in.height,
                             RowsOf(run, step.output));
    }
  }

  void MoveRows(const CpuRun& run, const RowTurn& turn) const {
    const RowStep& step = program_.steps[turn.step];
    switch (step.kind) {
      case RowStepKind::kLoad:
        return kernels::PlanesToPixels(run.inputs[step.external], turn.begin, turn.end,
                                       RowsOf(run, step.output));
      case RowStepKind::kStore:
        return kernels::PixelsToPlanes(RowsOf(run, step.inputs[0]), turn.begin, turn.end,
                                       run.output);
      case RowStepKind::kShuffle:
        return kernels::ShufflePixels(RowsOf(run, step.inputs[0]), step.factor_h,
                                      Storage(step.output).channels, Storage(step.inputs[0]).width,
                                      turn.begin, turn.end, RowsOf(run, step.output));
      case RowStepKind::kRepeat:
        return kernels::RepeatPixels(RowsOf(run, step.inputs[0]), step.factor_h, step.factor_w,
                                     Storage(step.inputs[0]).width, turn.begin, turn.end,
                                     RowsOf(run, step.output));
      case RowStepKind::kJoin: return Join(run, turn);
      case RowStepKind::kMap: return Map(run, turn);
      case RowStepKind::kPad: return Pad(run, turn);
      case RowStepKind::kMoments:
        return kernels::RowMoments(RowsOf(run, step.inputs[0]), Storage(step.inputs[0]).width,
                                   turn.begin, turn.end, RowsOf(run, step.output));
      case RowStepKind::kResize:
      case RowStepKind::kDirect:
      case RowStepKind::kConvolve: break;
    }
    GAN_ASSERT(false);
  }

  void Pad(const CpuRun& run, const RowTurn& turn) const {
    const RowStep& step = program_.steps[turn.step];
    const RowStorage& in = Storage(step.inputs[0]);
    const Padding2d& p = step.padding;
    kernels::PadPixels(RowsOf(run, step.inputs[0]), KernelMode(step.mode),
                       {p.top, p.left, p.bottom, p.right}, step.value, in.height, in.width,
                       turn.begin, turn.end, RowsOf(run, step.output));
  }

  void Map(const CpuRun& run, const RowTurn& turn) const {
    const RowStep& step = program_.steps[turn.step];
    const RowStorage& storage = Storage(step.output);
    const std::vector<kernels::PixelOp> ops = PixelOpsOf(run, turn.step);
    for (int64_t y = turn.begin; y < turn.end; ++y) {
      kernels::ApplyPixelOps(ops, RowsOf(run, step.inputs[0]).Row(y), storage.pixel, y, 0,
                             storage.width, RowsOf(run, step.output).Row(y));
    }
  }

  void Join(const CpuRun& run, const RowTurn& turn) const {
    const RowStep& step = program_.steps[turn.step];
    int64_t channel = 0;
    for (const int value : step.inputs) {
      kernels::JoinPixels(RowsOf(run, value), Storage(value).channels, channel,
                          Storage(value).width, turn.begin, turn.end, RowsOf(run, step.output));
      channel += Storage(value).channels;
    }
  }

  RowProgram program_;
  CpuPasses passes_;
  uint64_t parameter_bytes_ = 0, packed_bytes_ = 0;
  // For the sizes of the last run. One Run() at a time.
  mutable std::vector<Shape> planned_for_;
  mutable RowPlan plan_;
  mutable std::vector<Tensor> biases_;               // one a step
  mutable std::vector<std::vector<Tensor>> slopes_;  // one a step and op
  mutable std::vector<std::vector<Tensor>> shifts_;
  mutable std::vector<std::pair<kernels::ResizeAxis, kernels::ResizeAxis>> axes_;  // one a step
};

}  // namespace

std::unique_ptr<CpuOp> MakeRowOp(RowProgram program, const CpuPasses& passes) {
  return std::make_unique<RowOpRunner>(std::move(program), passes);
}

}  // namespace gan::core
