#include "backends/cpu/row_plan.h"

#include <algorithm>
#include <limits>

#include "backends/cpu/row_turns.h"
#include "kernels/row_moments.h"
#include "runtime/memory_plan.h"

namespace gan::core {
namespace {

// Transformed filters that a group may have: they stay in a few MiB of L3 while it goes down.
constexpr int64_t kGroupFilterBytes = int64_t{4} << 20;

// Tiles that a convolution does in one turn, at least: enough for all threads to be kept busy
// between two meetings.
constexpr int64_t kTurnTiles = 128;

// Rows between the steps of a group, about: half of a usual L3.
constexpr int64_t kBetweenBytes = int64_t{16} << 20;

// What V and M of the tiles that a thread works on may take: they stay in an L2 of 512 KiB. Or,
// where filters are so large that reading them again for each few tiles is the work, in L3.
constexpr int64_t kTileBytes = int64_t{384} << 10;
constexpr int64_t kMostTileBytes = int64_t{8} << 20;

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t RoundUp(int64_t a, int64_t unit) { return (a + unit - 1) / unit * unit; }

class RowPlanner {
 public:
  RowPlanner(const RowProgram& program, std::span<const Shape> inputs, int64_t lanes, int threads,
             const CpuPasses& passes)
      : program_(program), passes_(passes), threads_(threads) {
    plan_.values.resize(program.values.size());
    for (const RowStep& step : program.steps) {
      if (step.output >= 0) plan_.values[static_cast<size_t>(step.output)] = SizesOf(step, inputs);
    }
    for (RowStorage& value : plan_.values) value.pixel = RoundUp(value.channels, lanes);
    plan_.filters.resize(program.steps.size());
    for (const RowStep& step : program.steps) {
      plan_.shapes.push_back(ShapeOf(step));
    }
  }

  RowPlan Run() {
    CutIntoGroups();
    for (RowGroup& group : plan_.groups) PlanTurns(program_, BandsOf(group), plan_, group);
    HoldWhole();
    PlaceAll();
    return std::move(plan_);
  }

 private:
  const RowStorage& Storage(int value) const { return plan_.values[static_cast<size_t>(value)]; }

  // Sizes of what a step makes, from those of what it reads.
  RowStorage SizesOf(const RowStep& step, std::span<const Shape> inputs) const {
    if (step.kind == RowStepKind::kLoad) {
      const Shape& s = inputs[step.external];
      return {s[0], s[1], s[2], s[3]};
    }
    RowStorage sizes = Storage(step.inputs[0]);
    switch (step.kind) {
      case RowStepKind::kConvolve: {
        const int64_t times = step.doubled ? 2 : 1;
        sizes.channels = step.weight.shape()[step.transposed ? 1 : 0];
        const Padding2d& p = step.padding;
        if (step.transposed) {
          sizes.height = 2 * (sizes.height - 1) + step.taps - p.top - p.bottom;
          sizes.width = 2 * (sizes.width - 1) + step.taps - p.left - p.right;
          break;
        }
        sizes.height = (sizes.height * times + p.top + p.bottom - step.taps) / step.stride + 1;
        sizes.width = (sizes.width * times + p.left + p.right - step.taps) / step.stride + 1;
        break;
      }
      case RowStepKind::kDirect: {
        const kernels::RowConvFilter& filter = step.filter;
        sizes.channels = filter.groups * filter.outputs;
        sizes.height = (sizes.height * filter.out_stride_h + step.add_h) / filter.in_stride_h + 1;
        sizes.width = (sizes.width * filter.out_stride_w + step.add_w) / filter.in_stride_w + 1;
        break;
      }
      case RowStepKind::kPad:
        sizes.height += step.padding.top + step.padding.bottom;
        sizes.width += step.padding.left + step.padding.right;
        break;
      case RowStepKind::kMoments: sizes.width = kernels::kRowMoments; break;
      case RowStepKind::kResize:
        sizes.height = sizes.height * step.resize.num_h / step.resize.den_h;
        sizes.width = sizes.width * step.resize.num_w / step.resize.den_w;
        break;
      case RowStepKind::kJoin:
        sizes.channels = 0;
        for (const int value : step.inputs) sizes.channels += Storage(value).channels;
        break;
      case RowStepKind::kShuffle:
        sizes.channels /= step.factor_h * step.factor_h;
        sizes.height *= step.factor_h;
        sizes.width *= step.factor_h;
        break;
      case RowStepKind::kRepeat:
        sizes.height *= step.factor_h;
        sizes.width *= step.factor_w;
        break;
      case RowStepKind::kLoad:
      case RowStepKind::kMap:
      case RowStepKind::kStore: break;
    }
    return sizes;
  }

  kernels::WinogradShape ShapeOf(const RowStep& step) const {
    if (step.kind != RowStepKind::kConvolve) return {};
    const RowStorage& in = Storage(step.inputs[0]);
    const RowStorage& out = Storage(step.output);
    const int64_t times = step.doubled ? 2 : 1;
    kernels::WinogradShape shape{
        .tile = step.tile,
        .taps = step.taps,
        .stride = step.stride,
        .transposed = step.transposed,
        .height = in.height * times,
        .width = in.width * times,
        .top = step.padding.top,
        .left = step.padding.left,
        .out_height = out.height,
        .out_width = out.width,
        .doubled = step.doubled,
        .numbers = step.bf16 ? kernels::Bf16Numbers() : kernels::WinogradNumbers::kFloat,
        .outputs = out.pixel};
    for (const int value : step.inputs) shape.inputs += Storage(value).pixel;
    return shape;
  }

  int64_t FilterBytes(size_t s) const {
    const kernels::WinogradShape& shape = plan_.shapes[s];
    if (program_.steps[s].kind != RowStepKind::kConvolve) return 0;
    return kernels::WinogradFilterFloats(shape) * static_cast<int64_t>(sizeof(float));
  }

  // Bytes of the values that are made before step `at` and read there or later.
  std::vector<int64_t> Crossing() const {
    const size_t count = program_.steps.size();
    std::vector<size_t> made(plan_.values.size()), read(plan_.values.size());
    for (size_t s = 0; s < count; ++s) {
      const RowStep& step = program_.steps[s];
      if (step.output >= 0) made[static_cast<size_t>(step.output)] = s;
      for (const int value : step.inputs) read[static_cast<size_t>(value)] = s;
      for (const RowOp& op : step.ops) {
        if (op.other >= 0) read[static_cast<size_t>(op.other)] = s;
      }
    }
    std::vector<int64_t> bytes(count + 1);
    for (size_t v = 0; v < made.size(); ++v) {
      for (size_t at = made[v] + 1; at <= read[v]; ++at) {
        bytes[at] += plan_.values[v].rows() * plan_.values[v].row_floats();
      }
    }
    return bytes;
  }

  // Cuts where the least has to be held whole, all cuts together.
  void CutIntoGroups() {
    const size_t count = program_.steps.size();
    const std::vector<int64_t> crossing = Crossing();
    std::vector<double> cost(count + 1, std::numeric_limits<double>::infinity());
    std::vector<size_t> from(count + 1);
    cost[0] = 0;
    for (size_t end = 1; end <= count; ++end) {
      int64_t filters = 0;
      for (size_t begin = end; begin-- > 0;) {
        filters += FilterBytes(begin);
        const bool alone = begin + 1 == end;
        if (!alone && (!passes_.bands || filters > kGroupFilterBytes)) break;
        // What follows would wait for the whole picture, and all before be held whole.
        if (!alone && program_.steps[begin].kind == RowStepKind::kMoments) break;
        const double total = cost[begin] + static_cast<double>(crossing[end]);
        if (total < cost[end]) cost[end] = total, from[end] = begin;
      }
    }
    for (size_t end = count; end > 0; end = from[end]) {
      plan_.groups.insert(plan_.groups.begin(), RowGroup{from[end], end, {}});
    }
  }

  // As many as leave every convolution enough tiles in a turn; more where what lies between the
  // steps would not stay in cache. Of several pictures, a band has whole ones.
  int64_t BandsOf(const RowGroup& group) const {
    if (group.end - group.begin == 1) return 1;
    int64_t fewest = std::numeric_limits<int64_t>::max(), most = 1, bytes = 0, pictures = 1;
    for (size_t s = group.begin; s < group.end; ++s) {
      const RowStep& step = program_.steps[s];
      const RowStorage& made = Storage(step.output >= 0 ? step.output : step.inputs[0]);
      pictures = std::max(pictures, made.pictures);
      const int64_t bands =
          CeilDiv(made.width, step.Grain()) * CeilDiv(made.height, step.Grain()) / kTurnTiles;
      if (step.kind != RowStepKind::kLoad) fewest = std::min(fewest, bands);
      most = std::max(most, bands);
      if (step.output >= 0) bytes += made.rows() * made.row_floats() * int64_t{sizeof(float)};
    }
    if (pictures > 1) return std::clamp<int64_t>(bytes / kBetweenBytes, 1, pictures);
    return std::clamp(bytes / kBetweenBytes, std::max<int64_t>(fewest, 1), most);
  }

  // The group whose steps make and last use each value.
  struct Use {
    int first = -1, last = -1;
  };
  std::vector<Use> Uses() const {
    std::vector<Use> uses(plan_.values.size());
    for (size_t g = 0; g < plan_.groups.size(); ++g) {
      for (size_t s = plan_.groups[g].begin; s < plan_.groups[g].end; ++s) {
        const RowStep& step = program_.steps[s];
        const int group = static_cast<int>(g);
        if (step.output >= 0) uses[static_cast<size_t>(step.output)] = {group, group};
        for (const int value : step.inputs) uses[static_cast<size_t>(value)].last = group;
        for (const RowOp& op : step.ops) {
          if (op.other >= 0) uses[static_cast<size_t>(op.other)].last = group;
        }
      }
    }
    return uses;
  }

  void HoldWhole() {
    const std::vector<Use> uses = Uses();
    for (size_t v = 0; v < uses.size(); ++v) {
      if (uses[v].first != uses[v].last) plan_.values[v].held = plan_.values[v].rows();
    }
  }

  void PlaceAll() {
    const std::vector<Use> uses = Uses();
    std::vector<Lifetime> wanted;
    for (size_t v = 0; v < uses.size(); ++v) {
      const RowStorage& value = plan_.values[v];
      const int64_t bytes = value.held * value.row_floats() * static_cast<int64_t>(sizeof(float));
      wanted.push_back({static_cast<uint64_t>(bytes), uses[v].first, uses[v].last});
    }
    for (size_t g = 0; g < plan_.groups.size(); ++g) {
      for (size_t s = plan_.groups[g].begin; s < plan_.groups[g].end; ++s) {
        const int group = static_cast<int>(g);
        wanted.push_back({static_cast<uint64_t>(FilterBytes(s)), group, group});
        AddScratch(s);
      }
    }
    const MemoryPlan memory = PlanMemory(wanted);
    for (size_t v = 0; v < uses.size(); ++v) plan_.values[v].offset = memory.offsets[v];
    for (size_t s = 0; s < plan_.filters.size(); ++s) {
      plan_.filters[s] = memory.offsets[uses.size() + s];
    }
    plan_.scratch = memory.bytes;
    plan_.bytes = memory.bytes + plan_.scratch_bytes * static_cast<uint64_t>(threads_);
  }

  void AddScratch(size_t s) {
    const RowStep& step = program_.steps[s];
    const kernels::WinogradShape& shape = plan_.shapes[s];
    int64_t floats = 0;
    if (step.kind == RowStepKind::kConvolve) {
      floats = kernels::WinogradScratchFloats(shape, TilesAtATime(shape));
    } else if (step.kind == RowStepKind::kDirect) {
      floats = Storage(step.inputs[0]).pixel;
    } else if (step.kind == RowStepKind::kResize) {
      floats = Storage(step.inputs[0]).row_floats();
    }
    const auto bytes = static_cast<uint64_t>(RoundUp(floats, 16)) * sizeof(float);
    plan_.scratch_bytes = std::max(plan_.scratch_bytes, bytes);
  }

  const RowProgram& program_;
  const CpuPasses& passes_;
  int threads_;
  RowPlan plan_;
};

}  // namespace

int64_t TilesAtATime(const kernels::WinogradShape& shape) {
  const int64_t tile = shape.frequencies() *
                       (shape.Slots(kernels::WinogradInputsAtATime(shape)) + shape.outputs) *
                       static_cast<int64_t>(sizeof(float));
  // Multiples of the 6 that the multiplication takes at a time. No more than there are: pictures
  // of a few tiles would pay for scratch that they never touch.
  const int64_t all = RoundUp(shape.TilesDown() * shape.TilesAcross(), 6);
  const int64_t few = std::clamp<int64_t>(kTileBytes / tile / 6 * 6, 12, 48);
  const int64_t many = std::clamp<int64_t>(kMostTileBytes / tile / 6 * 6, few, 66);
  // Bytes that a tile moves: its share of the filters; V and M fetched, driven out and read again,
  // twice while they are made.
  const int64_t filter = kernels::WinogradFilterFloats(shape) * static_cast<int64_t>(sizeof(float));
  const bool worth = filter / many + 6 * tile < filter / few;
  return std::min(worth ? many : few, std::max<int64_t>(all, 12));
}

RowPlan PlanRows(const RowProgram& program, std::span<const Shape> inputs, int64_t lanes,
                 int threads, const CpuPasses& passes) {
  return RowPlanner(program, inputs, lanes, threads, passes).Run();
}

}  // namespace gan::core
