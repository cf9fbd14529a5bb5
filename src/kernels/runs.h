// How element-wise kernels walk views: as runs of neighbouring elements, split over threads.
#ifndef GAN_KERNELS_RUNS_H_
#define GAN_KERNELS_RUNS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

inline constexpr size_t kMaxRunViews = 3;

// `length` elements of up to three views. Element i of view v is at offset[v] + i * step[v];
// step is 1, or 0 where the view repeats one element.
struct ElementRun {
  std::array<int64_t, kMaxRunViews> offset{};
  std::array<int64_t, kMaxRunViews> step{};
  int64_t length = 0;
};

// The strides that repeat a view of shape `from` over `to`, by NumPy's rules: sizes are matched
// from the last axis, and a size of 1 or a missing axis repeats (stride 0). Requires `from` to fit.
Strides BroadcastStrides(const ConstTensorView& from, const Shape& to);

// Calls body for runs that together cover each element of `shape` once, in any order, from any
// thread. Runs are as long as the strides allow (one element where no axis has a stride of 0 or 1
// in every view), but short enough to share out the work.
void ForEachRun(const Shape& shape, std::span<const Strides> strides, ThreadPool& pool,
                const std::function<void(const ElementRun& run)>& body);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_RUNS_H_
