#include "kernels/pad2d.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

void ExpectReference(const Shape& shape, PadMode mode, const Padding2d& p) {
  SCOPED_TRACE(shape.ToString());
  Random random(18);
  ThreadPool pool(2);
  const GappedTensor x(RandomTensor(shape, random));
  const Shape padded{shape[0], shape[1], shape[2] + p.top + p.bottom, shape[3] + p.left + p.right};
  Tensor wanted(DType::kF32, padded);
  reference::Pad2d(x.view(), mode, p, 7.5f, wanted.view());
  GappedTensor got(padded);
  Pad2d(x.view(), mode, p, 7.5f, got.view(), pool);
  ExpectSameBits(got.Values().floats(), wanted.floats());
  EXPECT_EQ(got.DamagedGaps(), 0u);
}

TEST(Pad2d, EveryModeAgainstTheReference) {
  for (int64_t size = 1; size <= 12; ++size) {
    for (const PadMode mode : {PadMode::kConstant, PadMode::kReplicate}) {
      ExpectReference({2, 3, 13 - size, size}, mode, {1, 2, 3, 4});
      ExpectReference({1, 1, 13 - size, size}, mode, {0, 5, 0, 0});
    }
    ExpectReference({2, 2, size, size}, PadMode::kReflect, {size - 1, (size - 1) / 2, 0, size - 1});
  }
}

TEST(Pad2d, KnownRows) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({1, 1, 1, 3}, std::vector<float>{1, 2, 3});
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {1, 1, 1, 7});
    Pad2d(x.view(), PadMode::kReflect, {0, 2, 0, 2}, 0, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{3, 2, 1, 2, 3, 2, 1});
    Pad2d(x.view(), PadMode::kReplicate, {0, 2, 0, 2}, 0, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{1, 1, 1, 2, 3, 3, 3});
    Pad2d(x.view(), PadMode::kConstant, {0, 2, 0, 2}, 9, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{9, 9, 1, 2, 3, 9, 9});
  });
}

TEST(Pad2d, RefusesToReflectMoreThanThereIs) {
  ThreadPool pool(1);
  const Tensor x = Tensor::Zeros(DType::kF32, {1, 1, 2, 2});
  Tensor out(DType::kF32, {1, 1, 4, 2});
  try {
    Pad2d(x.view(), PadMode::kReflect, {2, 0, 0, 0}, 0, out.view(), pool);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
  }
}

}  // namespace
}  // namespace gan::core::kernels
