#include "kernels/binary.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

const BinaryKind kAll[] = {BinaryKind::kAdd, BinaryKind::kSub, BinaryKind::kMul,
                           BinaryKind::kDiv, BinaryKind::kMax, BinaryKind::kMin};

void ExpectReferenceEverywhere(const Shape& a_shape, const Shape& b_shape, const Shape& shape) {
  SCOPED_TRACE(a_shape.ToString() + " with " + b_shape.ToString());
  Random random(4);
  ThreadPool pool(2);
  Tensor a_values = RandomTensor(a_shape, random);
  Tensor b_values = RandomTensor(b_shape, random);
  a_values.floats().front() = std::nanf("");
  b_values.floats().back() = std::nanf("");
  const GappedTensor a(a_values), b(b_values);
  for (const BinaryKind kind : kAll) {
    SCOPED_TRACE(static_cast<int>(kind));
    Tensor wanted(DType::kF32, shape);
    reference::Binary(a.view(), b.view(), kind, wanted.view());
    EXPECT_TRUE(std::isnan(wanted.floats().front()));
    EXPECT_TRUE(std::isnan(wanted.floats().back()));
    OnEveryTarget([&] {
      GappedTensor got(shape);
      Binary(a.view(), b.view(), kind, got.view(), pool);
      ExpectClose(got.Values().floats(), wanted.floats(), 0);
      EXPECT_EQ(got.DamagedGaps(), 0u);
    });
  }
}

TEST(Binary, SameShapes) {
  for (int64_t width = 1; width <= 35; ++width) {
    const Shape shape{2, 3, 2, width};
    ExpectReferenceEverywhere(shape, shape, shape);
  }
}

TEST(Binary, Broadcasts) {
  const Shape shape{2, 3, 4, 19};
  ExpectReferenceEverywhere(shape, {1, 3, 1, 1}, shape);
  ExpectReferenceEverywhere({2, 3, 1, 1}, shape, shape);
  ExpectReferenceEverywhere(shape, {1}, shape);
  ExpectReferenceEverywhere(shape, {19}, shape);
  ExpectReferenceEverywhere({2, 1, 4, 1}, {1, 3, 1, 19}, shape);
  ExpectReferenceEverywhere({3, 4, 1}, {2, 1, 1, 19}, shape);
  ExpectReferenceEverywhere(shape, {2, 1, 4, 19}, shape);
}

TEST(Binary, KnownResults) {
  ThreadPool pool(1);
  const Tensor a = Tensor::FromFloats({2}, std::vector<float>{6, -3});
  const Tensor b = Tensor::FromFloats({1}, std::vector<float>{2});
  const float wanted[][2] = {{8, -1}, {4, -5}, {12, -6}, {3, -1.5f}, {6, 2}, {2, -3}};
  OnEveryTarget([&] {
    for (const BinaryKind kind : kAll) {
      Tensor out(DType::kF32, {2});
      Binary(a.view(), b.view(), kind, out.view(), pool);
      ExpectSameBits(out.floats(), wanted[static_cast<int>(kind)]);
    }
  });
}

TEST(Binary, WorksInPlaceOnEitherSide) {
  Random random(5);
  ThreadPool pool(2);
  const Tensor a = RandomTensor({1, 2, 50, 431}, random);
  const Tensor b = RandomTensor({1, 2, 50, 431}, random);
  OnEveryTarget([&] {
    Tensor wanted(DType::kF32, a.shape()), left = a.Clone(), right = b.Clone();
    Binary(a.view(), b.view(), BinaryKind::kSub, wanted.view(), pool);
    Binary(left.view(), b.view(), BinaryKind::kSub, left.view(), pool);
    Binary(a.view(), right.view(), BinaryKind::kSub, right.view(), pool);
    ExpectSameBits(left.floats(), wanted.floats());
    ExpectSameBits(right.floats(), wanted.floats());
  });
}

}  // namespace
}  // namespace gan::core::kernels
