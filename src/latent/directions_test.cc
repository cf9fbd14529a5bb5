#include "latent/directions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace gan::core {
namespace {

Tensor Drawn(const Shape& shape, uint64_t seed) {
  Tensor out(DType::kF32, shape);
  Random(seed).FillNormal(out.floats());
  return out;
}

TEST(Centre, LeavesAMeanOfZero) {
  Tensor rows = Tensor::FromFloats({2, 2}, std::vector<float>{1, 5, 3, -1});
  Centre(rows);
  EXPECT_EQ(std::vector<float>(rows.floats().begin(), rows.floats().end()),
            (std::vector<float>{-1, 3, 1, -3}));
}

TEST(Regressed, FindsWhatTheActivationsAreMadeOf) {
  // Two activations: 5 times the third number, and its first.
  const Tensor z = Drawn({500, 4}, 1);
  Tensor made(DType::kF32, {500, 2});
  for (size_t i = 0; i < 500; ++i) {
    made.floats()[2 * i] = 5 * z.floats()[4 * i + 2] + 9;
    made.floats()[2 * i + 1] = z.floats()[4 * i];
  }
  Centre(made);
  const Tensor directions = Regressed(PrincipalAxesOf(made, 2), made, z);
  ASSERT_EQ(directions.shape(), (Shape{2, 4}));
  EXPECT_GT(directions.floats()[2], 0.98f);
  EXPECT_GT(std::abs(directions.floats()[4]), 0.98f);
}

TEST(ScaleToDeviation, MakesAStepOfOneADeviation) {
  Tensor latents = Drawn({2000, 2}, 3);
  for (size_t i = 0; i < 4000; i += 2) latents.floats()[i] = 7 * latents.floats()[i] + 100;
  Tensor directions = Tensor::FromFloats({2, 2}, std::vector<float>{1, 0, 0, -1});
  ScaleToDeviation(directions, latents);
  EXPECT_NEAR(directions.floats()[0], 7, 0.4);
  EXPECT_EQ(directions.floats()[1], 0);
  EXPECT_NEAR(directions.floats()[3], -1, 0.06);
}

}  // namespace
}  // namespace gan::core
