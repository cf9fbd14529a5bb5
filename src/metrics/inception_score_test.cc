#include "metrics/inception_score.h"

#include <gtest/gtest.h>

#include "metrics/feature_matrix.h"
#include "metrics/feature_testing.h"

namespace gan::core {
namespace {

Tensor Softmax(Tensor logits) {
  const auto width = static_cast<size_t>(logits.shape()[1]);
  for (size_t row = 0; row < static_cast<size_t>(logits.shape()[0]); ++row) {
    const std::span<float> p = logits.floats().subspan(row * width, width);
    float sum = 0;
    for (float& value : p) sum += value = std::exp(value);
    for (float& value : p) value /= sum;
  }
  return logits;
}

TEST(InceptionScore, KnowsTheExtremes) {
  Tensor sure = Constant(30, 3, 0);
  for (size_t i = 0; i < 30; ++i) sure.floats()[i * 3 + i % 3] = 1;
  EXPECT_NEAR(InceptionScoreOf(sure, 10).value, 3, 1e-9);  // sure, and all classes
  EXPECT_NEAR(InceptionScoreOf(sure, 1).spread, 0, 1e-12);
  EXPECT_NEAR(InceptionScoreOf(Constant(30, 4, 0.25f), 3).value, 1, 1e-9);  // not sure
  Tensor one = Constant(30, 2, 0);
  for (size_t i = 0; i < 30; ++i) one.floats()[i * 2] = 1;
  EXPECT_NEAR(InceptionScoreOf(one, 3).value, 1, 1e-9);  // sure, and one class
}

// NumPy 1.24: mean and standard deviation of three consecutive parts.
TEST(InceptionScore, AgreesWithNumPy) {
  const InceptionScore score = InceptionScoreOf(Softmax(Wave(60, 5, 0)), 3);
  EXPECT_NEAR(score.value, 1.2998159024950762, 1e-6);
  EXPECT_NEAR(score.spread, 0.0372768128918314, 1e-6);
}

TEST(InceptionScore, RefusesWhatIsNoProbability) {
  EXPECT_EQ(ErrorOf([] { InceptionScoreOf(Constant(5, 2, 0.5f), 10); }),
            "[is] wants at least 10 pictures on each side, got 5");
  EXPECT_TRUE(Contains(ErrorOf([] { InceptionScoreOf(Constant(5, 2, 0.7f), 2); }),
                       "[is] wants probabilities that sum to 1, got 1.39999"));
  Tensor negative = Tensor::FromFloats({1, 2}, std::vector<float>{1.5f, -0.5f});
  EXPECT_TRUE(Contains(ErrorOf([&] { InceptionScoreOf(negative, 1); }), "wants probabilities"));
}

}  // namespace
}  // namespace gan::core
