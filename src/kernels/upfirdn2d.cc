#include "kernels/upfirdn2d.h"

#include <algorithm>

#include "base/error.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/upfirdn2d.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

// out[i] = gain * the sum over taps of filter[taps - 1 - t] * from[t / columns][i + t % columns],
// rows `step` apart. Reads and writes a whole vector at the end, for which both have room.
void FilterRow(const float* from, int64_t step, const float* filter, int64_t rows, int64_t columns,
               float gain, float* out, int64_t length) {
  const Floats32 d;
  const size_t lanes = hn::Lanes(d);
  const int64_t taps = rows * columns;
  const size_t n = static_cast<size_t>(length);
  for (size_t i = 0; i < n; i += lanes) {
    auto sum = hn::Zero(d);
    for (int64_t t = 0; t < taps; ++t) {
      const float* x = from + t / columns * step + t % columns + i;
      sum = hn::MulAdd(hn::LoadU(d, x), hn::Set(d, filter[taps - 1 - t]), sum);
    }
    hn::StoreU(hn::Mul(sum, hn::Set(d, gain)), d, out + i);
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(FilterRow);

namespace {

// Room for one vector past the end of a row, of any target.
constexpr int64_t kSlack = 64;
constexpr int64_t kAlign = 16;

int64_t Rounded(int64_t floats) { return (floats + kAlign - 1) / kAlign * kAlign; }

// What one thread works in: the rows of the enlarged, padded picture that one row of the output
// reads, and that row before it is thinned.
struct Scratch {
  int64_t row = 0;     // floats of an enlarged row, slack included
  int64_t result = 0;  // floats of an output row before thinning, slack included
  int64_t rows = 0;
  int64_t floats() const { return rows * row + result; }
};

Scratch ScratchFor(const Shape& filter, const Shape& out, const Upfirdn2dParams& params) {
  const int64_t unthinned = (out[3] - 1) * params.down[1] + 1;
  return {.row = Rounded(unthinned + filter[1] - 1 + kSlack),
          .result = Rounded(unthinned + kSlack),
          .rows = filter[0]};
}

// One channel of one picture.
class Plane {
 public:
  Plane(const ConstTensorView& x, const Upfirdn2dParams& params, const Scratch& scratch,
        int64_t offset, float* rows)
      : x_(x), params_(params), scratch_(scratch), from_(Floats(x) + offset), rows_(rows) {}

  // Rows [top, top + count) of the enlarged picture, into the scratch.
  void FillRows(int64_t top, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      float* row = rows_ + i * scratch_.row;
      std::fill_n(row, scratch_.row, 0.0f);
      const int64_t place = top + i, up = params_.up[0];
      if (place < 0 || place % up != 0 || place / up >= x_.shape[2]) continue;
      FillRow(from_ + place / up * x_.strides[2], row);
    }
  }

 private:
  void FillRow(const float* from, float* row) {
    const int64_t up = params_.up[1], before = params_.before[1];
    const int64_t room = scratch_.row - kSlack - before;
    const int64_t count = std::min(x_.shape[3], (room + up - 1) / up);
    if (up == 1) {
      std::copy_n(from, std::max<int64_t>(count, 0), row + before);
      return;
    }
    for (int64_t x = 0; x < count; ++x) row[before + x * up] = from[x];
  }

  const ConstTensorView& x_;
  const Upfirdn2dParams& params_;
  const Scratch& scratch_;
  const float* from_;
  float* rows_;
};

}  // namespace

size_t Upfirdn2dWorkspaceBytes(const Shape& filter, const Shape& out, const Upfirdn2dParams& params,
                               int threads) {
  return static_cast<size_t>(ScratchFor(filter, out, params).floats() * threads) * sizeof(float);
}

void Upfirdn2d(const ConstTensorView& x, const ConstTensorView& filter,
               const Upfirdn2dParams& params, const TensorView& out, std::span<std::byte> workspace,
               ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 4 && filter.IsContiguous() && out.IsContiguous());
  GAN_ASSERT(workspace.size() >=
             Upfirdn2dWorkspaceBytes(filter.shape, out.shape, params, pool.threads()));
  if (ReferenceChosen()) return reference::Upfirdn2d(x, filter, params, out);
  const Scratch scratch = ScratchFor(filter.shape, out.shape, params);
  const int64_t channels = x.shape[1], height = out.shape[2], width = out.shape[3];
  pool.ParallelFor(x.shape[0] * channels, [&](int64_t item, int thread) {
    float* rows = reinterpret_cast<float*>(workspace.data()) + thread * scratch.floats();
    float* result = rows + scratch.rows * scratch.row;
    const int64_t offset = item / channels * x.strides[0] + item % channels * x.strides[1];
    Plane plane(x, params, scratch, offset, rows);
    for (int64_t y = 0; y < height; ++y) {
      plane.FillRows(y * params.down[0] - params.before[0], filter.shape[0]);
      const int64_t unthinned = (width - 1) * params.down[1] + 1;
      HWY_DYNAMIC_DISPATCH(FilterRow)
      (rows, scratch.row, Floats(filter), filter.shape[0], filter.shape[1], params.gain, result,
       unthinned);
      float* to = Floats(out) + (item * height + y) * width;
      for (int64_t i = 0; i < width; ++i) to[i] = result[i * params.down[1]];
    }
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
