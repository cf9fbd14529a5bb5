#include "kernels/runs.h"

#include <algorithm>

#include "base/error.h"

namespace gan::core::kernels {
namespace {

// 128 KiB a view: long enough to pay for handing it to a thread, short enough to balance.
constexpr int64_t kPieceLength = 32768;

// The axes that are left once neighbours that lie in one piece of memory are merged into the run.
struct Walk {
  int64_t length = 1;                           // of one run
  std::array<int64_t, kMaxRunViews> step{};     // along the run
  std::array<int64_t, Shape::kMaxRank> size{};  // outer axes, innermost first
  std::array<std::array<int64_t, kMaxRunViews>, Shape::kMaxRank> stride{};
  size_t axes = 0;
  int64_t runs = 1;
};

bool CanStart(std::span<const Strides> strides, size_t axis) {
  return std::all_of(strides.begin(), strides.end(),
                     [&](const Strides& s) { return s[axis] == 0 || s[axis] == 1; });
}

bool Extends(const Walk& walk, std::span<const Strides> strides, size_t axis) {
  for (size_t v = 0; v < strides.size(); ++v) {
    if (strides[v][axis] != walk.step[v] * walk.length) return false;
  }
  return true;
}

Walk Plan(const Shape& shape, std::span<const Strides> strides) {
  Walk walk;
  for (size_t axis = shape.rank(); axis-- > 0;) {
    const int64_t size = shape[axis];
    if (size == 1) continue;
    const bool innermost = walk.axes == 0;
    if (innermost && walk.length == 1 && CanStart(strides, axis)) {
      for (size_t v = 0; v < strides.size(); ++v) walk.step[v] = strides[v][axis];
      walk.length = size;
    } else if (innermost && walk.length > 1 && Extends(walk, strides, axis)) {
      walk.length *= size;
    } else {
      walk.size[walk.axes] = size;
      for (size_t v = 0; v < strides.size(); ++v) walk.stride[walk.axes][v] = strides[v][axis];
      ++walk.axes;
      walk.runs *= size;
    }
  }
  return walk;
}

ElementRun At(const Walk& walk, size_t views, int64_t run, int64_t begin) {
  ElementRun out;
  out.step = walk.step;
  out.length = std::min(kPieceLength, walk.length - begin);
  for (size_t v = 0; v < views; ++v) out.offset[v] = begin * walk.step[v];
  for (size_t axis = 0; axis < walk.axes; ++axis) {
    const int64_t index = run % walk.size[axis];
    run /= walk.size[axis];
    for (size_t v = 0; v < views; ++v) out.offset[v] += index * walk.stride[axis][v];
  }
  return out;
}

}  // namespace

Strides BroadcastStrides(const ConstTensorView& from, const Shape& to) {
  GAN_ASSERT(from.shape.rank() <= to.rank());
  Strides strides{};
  const size_t missing = to.rank() - from.shape.rank();
  for (size_t axis = 0; axis < from.shape.rank(); ++axis) {
    const int64_t size = from.shape[axis];
    GAN_ASSERT(size == 1 || size == to[missing + axis]);
    strides[missing + axis] = size == 1 ? 0 : from.strides[axis];
  }
  return strides;
}

void ForEachRun(const Shape& shape, std::span<const Strides> strides, ThreadPool& pool,
                const std::function<void(const ElementRun& run)>& body) {
  GAN_ASSERT(strides.size() <= kMaxRunViews);
  if (shape.elements() == 0) return;
  const Walk walk = Plan(shape, strides);
  const int64_t pieces_per_run = (walk.length + kPieceLength - 1) / kPieceLength;
  const int64_t pieces = walk.runs * pieces_per_run;
  const int64_t pieces_per_item = std::max<int64_t>(1, kPieceLength / walk.length);
  const int64_t items = (pieces + pieces_per_item - 1) / pieces_per_item;
  const auto item = [&](int64_t index, int /*thread*/) {
    const int64_t end = std::min(pieces, (index + 1) * pieces_per_item);
    for (int64_t piece = index * pieces_per_item; piece < end; ++piece) {
      body(At(walk, strides.size(), piece / pieces_per_run, piece % pieces_per_run * kPieceLength));
    }
  };
  // A single item is not worth waking the other threads.
  if (items == 1) return item(0, 0);
  pool.ParallelFor(items, item);
}

}  // namespace gan::core::kernels
