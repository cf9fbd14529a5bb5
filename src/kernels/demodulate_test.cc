#include "kernels/demodulate.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Demodulate, SumsTapsInEitherOrder) {
  const Tensor weight = Tensor::FromFloats({2, 1, 1, 2}, std::vector<float>{1, 2, 3, 4});
  ExpectClose(SquaresOfTaps(weight.view(), 2, false).floats(), std::vector<float>{20, 100}, 0);
  const Tensor square = Tensor::FromFloats({2, 2, 1, 1}, std::vector<float>{1, 2, 3, 4});
  ExpectClose(SquaresOfTaps(square.view(), 1, true).floats(), std::vector<float>{1, 9, 4, 16}, 0);
}

TEST(Demodulate, AgreesWithTheReference) {
  Random random(45);
  ThreadPool pool(2);
  for (int64_t inputs = 1; inputs <= 40; ++inputs) {
    const Tensor style = RandomTensor({3, inputs}, random);
    const Tensor weight = RandomTensor({5, inputs, 3, 3}, random);
    const Tensor squares = SquaresOfTaps(weight.view(), 0.5f, false);
    Tensor wanted(DType::kF32, {3, 5});
    reference::Demodulate(style.view(), squares.view(), 1e-8f, wanted.view());
    OnEveryTarget([&] {
      Tensor got(DType::kF32, {3, 5});
      Demodulate(style.view(), squares.view(), 1e-8f, got.view(), pool);
      ExpectClose(got.floats(), wanted.floats(), 1e-6f);
    });
  }
}

}  // namespace
}  // namespace gan::core::kernels
