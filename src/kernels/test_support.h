// What the tests of all kernels share: random views with gaps, and a run on every target.
#ifndef GAN_KERNELS_TEST_SUPPORT_H_
#define GAN_KERNELS_TEST_SUPPORT_H_

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "kernels/target.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Calls test once per target of this machine, "reference" too, with that target chosen.
inline void OnEveryTarget(const std::function<void()>& test) {
  for (const std::string& name : AvailableTargets()) {
    SCOPED_TRACE(name);
    SetTarget(name);
    test();
  }
  SetTarget("auto");
}

inline Tensor RandomTensor(const Shape& shape, Random& random, float scale = 1.0f) {
  Tensor tensor(DType::kF32, shape);
  random.FillNormal(tensor.floats(), scale);
  return tensor;
}

// A view of `shape` with gaps between its rows, channels and pictures, over memory of its own
// that holds `kGap` in the gaps.
class GappedTensor {
 public:
  static constexpr float kGap = 12345.0f;

  explicit GappedTensor(const Shape& shape) {
    std::vector<int64_t> sizes(shape.sizes().begin(), shape.sizes().end());
    for (int64_t& size : sizes) size += 1;
    memory_ = Tensor(DType::kF32, Shape(sizes));
    for (float& value : memory_.floats()) value = kGap;
    view_ = memory_.view();
    for (size_t axis = 0; axis < shape.rank(); ++axis) view_ = view_.Slice(axis, 0, shape[axis]);
  }
  explicit GappedTensor(const Tensor& values) : GappedTensor(values.shape()) {
    CopyElements(values.view(), view_);
  }

  const TensorView& view() const { return view_; }
  Tensor Values() const {
    Tensor values(DType::kF32, view_.shape);
    CopyElements(view_, values.view());
    return values;
  }
  // Elements outside the view that a kernel wrote to.
  size_t DamagedGaps() const {
    size_t intact = 0;
    for (const float value : memory_.floats()) intact += value == kGap ? 1 : 0;
    return static_cast<size_t>(memory_.shape().elements() - view_.shape.elements()) - intact;
  }

 private:
  Tensor memory_;
  TensorView view_;
};

// Elements agree within `tolerance` times the larger of 1 and their size; NaN and infinity agree
// with themselves. Stops at the first that does not.
inline void ExpectClose(std::span<const float> got, std::span<const float> wanted,
                        float tolerance) {
  ASSERT_EQ(got.size(), wanted.size());
  for (size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(wanted[i]) && std::isnan(got[i])) continue;
    if (got[i] == wanted[i]) continue;
    const float size = std::max(1.0f, std::abs(wanted[i]));
    ASSERT_LE(std::abs(got[i] - wanted[i]), tolerance * size)
        << "element " << i << ": " << got[i] << ", wanted " << wanted[i];
  }
}

inline void ExpectSameBits(std::span<const float> got, std::span<const float> wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(std::memcmp(&got[i], &wanted[i], sizeof(float)), 0)
        << "element " << i << ": " << got[i] << ", wanted " << wanted[i];
  }
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_TEST_SUPPORT_H_
