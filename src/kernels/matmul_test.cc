#include "kernels/matmul.h"

#include <gtest/gtest.h>

#include <limits>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

void Multiply(const Tensor& a, const Tensor& b, Tensor& out, ThreadPool& pool) {
  const int64_t terms = a.shape()[a.shape().rank() - 1];
  const auto bytes = static_cast<int64_t>(MatMulWorkspaceBytes(terms, pool.threads()));
  Tensor workspace(DType::kU8, {bytes});
  MatMul(a.view(), b.view(), out.view(), workspace.raw(), pool);
}

TEST(MatMul, EverySizeAgainstTheReference) {
  Random random(35);
  ThreadPool pool(2);
  for (const int64_t rows : {1, 5, 6, 7, 121, 250}) {
    for (const int64_t columns : {1, 7, 16, 31, 32, 33, 70}) {
      for (const int64_t terms : {1, 3, 64}) {
        const Tensor a = RandomTensor({2, 3, rows, terms}, random),
                     b = RandomTensor({2, 3, terms, columns}, random);
        Tensor wanted(DType::kF32, {2, 3, rows, columns}), got = wanted.Clone();
        reference::MatMul(a.view(), b.view(), wanted.view());
        OnEveryTarget([&] {
          Multiply(a, b, got, pool);
          ExpectClose(got.floats(), wanted.floats(), 2e-5f);
        });
      }
    }
  }
}

TEST(MatMul, MatricesThatStandForMany) {
  ThreadPool pool(2);
  Tensor a(DType::kF32, {2, 1, 2, 1}), b(DType::kF32, {1, 3, 1, 2});
  for (size_t i = 0; i < 4; ++i) a.floats()[i] = static_cast<float>(i + 1);
  for (size_t i = 0; i < 6; ++i) b.floats()[i] = static_cast<float>(i + 10);
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {2, 3, 2, 2});
    Multiply(a, b, out, pool);
    for (size_t i = 0; i < 24; ++i) {
      const size_t n = i / 12, head = i / 4 % 3, m = i / 2 % 2, p = i % 2;
      EXPECT_EQ(out.floats()[i], a.floats()[n * 2 + m] * b.floats()[head * 2 + p]) << i;
    }
  });
}

// Beside it nothing is touched: columns that fill a vector in part have zeros of their own.
TEST(MatMul, NanStaysInItsRowOrColumn) {
  ThreadPool pool(1);
  Tensor a = Tensor::Zeros(DType::kF32, {1, 8, 2}), b = Tensor::Zeros(DType::kF32, {1, 2, 5});
  a.floats()[3 * 2] = std::numeric_limits<float>::quiet_NaN();
  b.floats()[4] = std::numeric_limits<float>::infinity();
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {1, 8, 5});
    Multiply(a, b, out, pool);
    for (size_t i = 0; i < 40; ++i) {
      EXPECT_EQ(std::isnan(out.floats()[i]), i / 5 == 3 || i % 5 == 4) << i;
    }
  });
}

TEST(MatMul, NeitherThreadsNorPlacesChangeABit) {
  Random random(36);
  const Tensor a = RandomTensor({3, 130, 40}, random), b = RandomTensor({3, 40, 65}, random);
  OnEveryTarget([&] {
    ThreadPool one(1);
    Tensor wanted(DType::kF32, {3, 130, 65}), got = wanted.Clone();
    Multiply(a, b, wanted, one);
    for (const int threads : {2, 3, 8}) {
      ThreadPool pool(threads);
      Multiply(a, b, got, pool);
      ExpectSameBits(got.floats(), wanted.floats());
    }
    // The last row alone, where it is no longer one of six.
    Tensor row = Tensor::FromFloats({1, 1, 40}, a.floats().last(40));
    Tensor last = Tensor::FromFloats({1, 40, 65}, b.floats().last(40 * 65));
    Tensor alone(DType::kF32, {1, 1, 65});
    Multiply(row, last, alone, one);
    ExpectSameBits(alone.floats(), wanted.floats().last(65));
  });
}

}  // namespace
}  // namespace gan::core::kernels
