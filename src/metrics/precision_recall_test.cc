#include "metrics/precision_recall.h"

#include <gtest/gtest.h>

#include "metrics/feature_testing.h"
#include "metrics/nearest_neighbours.h"

namespace gan::core {
namespace {

class PrecisionRecall : public ::testing::Test {
 protected:
  double Precision(const Tensor& reference, const Tensor& made, int64_t k) {
    return ShareInside("precision", made, reference,
                       NeighbourRadii("precision", reference, k, pool_), pool_);
  }
  ThreadPool pool_{2};
};

// NumPy 1.24: (distances <= radii).any() and its mean, k = 3.
TEST_F(PrecisionRecall, AgreeWithNumPy) {
  const Tensor reference = Wave(60, 5, 0);
  const Tensor made = Wave(40, 5, 0.7, 1.1f);
  EXPECT_DOUBLE_EQ(Precision(reference, made, 3), 0.975);
  EXPECT_DOUBLE_EQ(Precision(made, reference, 3), 1.0);  // the recall
}

TEST_F(PrecisionRecall, KnowsTheExtremes) {
  const Tensor a = Normal(200, 8, 1);
  EXPECT_EQ(Precision(a, a, 5), 1);
  EXPECT_EQ(Precision(a, Normal(100, 8, 2, 100), 5), 0);
  // Doubles only: balls without size, which still hold their centre.
  EXPECT_EQ(Precision(Constant(9, 4, 3), Constant(5, 4, 3), 5), 1);
  EXPECT_EQ(Precision(Constant(9, 4, 3), Constant(5, 4, 3.001f), 5), 0);
}

TEST_F(PrecisionRecall, TellsQualityFromVariety) {
  const Tensor reference = Normal(1000, 4, 1);
  const Tensor one_spot = Normal(1000, 4, 2, 0, 0.05f);
  EXPECT_GT(Precision(reference, one_spot, 5), 0.95);
  EXPECT_LT(Precision(one_spot, reference, 5), 0.05);
}

TEST_F(PrecisionRecall, RefusesWhatItCannotJudge) {
  const Tensor a = Normal(20, 4, 1);
  EXPECT_TRUE(Contains(ErrorOf([&] { Precision(a, WithNan(Normal(20, 4, 2)), 5); }),
                       "[precision] wants finite features"));
  EXPECT_TRUE(Contains(ErrorOf([&] { Precision(Normal(5, 4, 1), a, 5); }), "more than 5 pictures"));
}

}  // namespace
}  // namespace gan::core
