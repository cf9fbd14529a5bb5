#include "kernels/group_norm.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/group_norm.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

// The sum of of(d, x[i]); lanes past the end give what `of` makes of `filler`, which must be 0.
template <class Of>
float SumOf(const Of& of, const float* x, int64_t length, float filler) {
  const Floats32 d;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  auto s0 = hn::Zero(d), s1 = s0;
  size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    s0 = hn::Add(s0, of(d, hn::LoadU(d, x + i)));
    s1 = hn::Add(s1, of(d, hn::LoadU(d, x + i + lanes)));
  }
  for (; i < n; i += lanes) {
    HWY_ALIGN float rest[hn::MaxLanes(d)];
    hn::Store(hn::Set(d, filler), d, rest);
    std::copy_n(x + i, std::min(lanes, n - i), rest);
    s0 = hn::Add(s0, of(d, hn::Load(d, rest)));
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(s0, s1)));
}

struct Itself {
  template <class D, class V>
  V operator()(D, V x) const {
    return x;
  }
};

struct SquaredDistance {
  float mean;
  template <class D, class V>
  V operator()(D d, V x) const {
    const V centred = hn::Sub(x, hn::Set(d, mean));
    return hn::Mul(centred, centred);
  }
};

struct CentreAndScale {
  float mean, scale, shift;
  template <class D, class V>
  V operator()(D d, V x) const {
    return hn::MulAdd(hn::Sub(x, hn::Set(d, mean)), hn::Set(d, scale), hn::Set(d, shift));
  }
};

}  // namespace

float GroupNormSum(const float* x, int64_t length) { return SumOf(Itself(), x, length, 0); }

float GroupNormSquares(const float* x, int64_t length, float mean) {
  return SumOf(SquaredDistance{mean}, x, length, mean);
}

void GroupNormApply(const float* x, float mean, float scale, float shift, float* out,
                    int64_t length) {
  MapRun(CentreAndScale{mean, scale, shift}, x, out, length);
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(GroupNormSum);
HWY_EXPORT(GroupNormSquares);
HWY_EXPORT(GroupNormApply);

namespace {

// One channel of one picture: its rows, and the group that it belongs to.
struct Channels {
  const ConstTensorView& x;
  int64_t group_channels;

  int64_t count() const { return x.shape[0] * x.shape[1]; }
  int64_t GroupOf(int64_t item) const { return item / group_channels; }
  double pixels() const {
    return static_cast<double>(group_channels) * static_cast<double>(x.shape[2] * x.shape[3]);
  }
  template <class Row>
  void ForRows(int64_t item, const Row& row) const {
    const int64_t n = item / x.shape[1], c = item % x.shape[1];
    const int64_t start = n * x.strides[0] + c * x.strides[1];
    for (int64_t y = 0; y < x.shape[2]; ++y) row(start + y * x.strides[2], n, c, y);
  }
};

// From one number a channel to the mean over each group, in place: of every channel its group's.
void MeanOverGroups(const Channels& channels, std::span<double> values) {
  const auto size = static_cast<size_t>(channels.group_channels);
  for (size_t first = 0; first < values.size(); first += size) {
    double sum = 0;
    for (size_t i = 0; i < size; ++i) sum += values[first + i];
    std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(first), size, sum / channels.pixels());
  }
}

}  // namespace

size_t GroupNormWorkspaceBytes(const Shape& x) {
  return 2 * static_cast<size_t>(x[0] * x[1]) * sizeof(double);
}

void GroupNorm(const ConstTensorView& x, const GroupNormParams& params, const TensorView& out,
               std::span<std::byte> workspace, ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 4 && x.shape == out.shape && x.shape[1] % params.groups == 0);
  GAN_ASSERT(workspace.size() >= GroupNormWorkspaceBytes(x.shape));
  if (ReferenceChosen()) return reference::GroupNorm(x, params, out);
  const Channels channels{x, x.shape[1] / params.groups};
  const auto count = static_cast<size_t>(channels.count());
  const std::span<double> means(reinterpret_cast<double*>(workspace.data()), count);
  const std::span<double> variances(means.data() + count, count);
  const int64_t width = x.shape[3];

  pool.ParallelFor(channels.count(), [&](int64_t item, int) {
    double sum = 0;
    channels.ForRows(item, [&](int64_t row, int64_t, int64_t, int64_t) {
      sum += HWY_DYNAMIC_DISPATCH(GroupNormSum)(Floats(x) + row, width);
    });
    means[static_cast<size_t>(item)] = sum;
  });
  MeanOverGroups(channels, means);
  pool.ParallelFor(channels.count(), [&](int64_t item, int) {
    const auto mean = static_cast<float>(means[static_cast<size_t>(item)]);
    double sum = 0;
    channels.ForRows(item, [&](int64_t row, int64_t, int64_t, int64_t) {
      sum += HWY_DYNAMIC_DISPATCH(GroupNormSquares)(Floats(x) + row, width, mean);
    });
    variances[static_cast<size_t>(item)] = sum;
  });
  MeanOverGroups(channels, variances);
  pool.ParallelFor(channels.count(), [&](int64_t item, int) {
    const auto at = static_cast<size_t>(item);
    const double deviation = std::sqrt(variances[at] + double{params.epsilon});
    channels.ForRows(item, [&](int64_t row, int64_t n, int64_t c, int64_t y) {
      const float weight = params.weight.data == nullptr ? 1.0f : Floats(params.weight)[c];
      const float bias = params.bias.data == nullptr ? 0.0f : Floats(params.bias)[c];
      HWY_DYNAMIC_DISPATCH(GroupNormApply)
      (Floats(x) + row, static_cast<float>(means[at]), static_cast<float>(weight / deviation), bias,
       Floats(out) + n * out.strides[0] + c * out.strides[1] + y * out.strides[2], width);
    });
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
