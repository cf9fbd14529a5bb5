// The rows of a picture that tiles still read, of one that is read from top to bottom only once.
#ifndef GAN_TASKS_ROW_WINDOW_H_
#define GAN_TASKS_ROW_WINDOW_H_

#include <cstdint>
#include <functional>

#include "graph/footprint.h"
#include "tensor/tensor.h"

namespace gan::core {

// The next `count` rows of a picture: out [channels, count, width] f32, contiguous.
using RowSource = std::function<void(int64_t count, const TensorView& out)>;

// Not thread-safe.
class RowWindow {
 public:
  // capacity: rows held at most.
  RowWindow(int64_t channels, int64_t width, int64_t capacity, RowSource source);

  // Makes rows [rows.begin, rows.end) available and forgets those before. Requires begin and end
  // not to fall, and at most `capacity` rows between them.
  void Advance(const Interval& rows);

  // Copies a part to out [channels, rows, columns], contiguous. Requires the rows to be available.
  void Copy(const Interval& rows, const Interval& columns, const TensorView& out) const;

  static uint64_t Bytes(int64_t channels, int64_t width, int64_t capacity);

 private:
  int64_t channels_;
  int64_t width_;
  int64_t capacity_;
  int64_t end_ = 0;  // rows read from the source so far
  RowSource source_;
  Tensor piece_;  // what is read at once, [channels, some, width]
  Tensor ring_;   // row y is ring_[y % capacity], a row [channels, width]
};

}  // namespace gan::core

#endif  // GAN_TASKS_ROW_WINDOW_H_
