#include "metrics/memorisation.h"

#include <gtest/gtest.h>

#include "metrics/feature_matrix.h"
#include "metrics/feature_testing.h"
#include "metrics/nearest_neighbours.h"

namespace gan::core {
namespace {

Memorisation Judge(const Tensor& training, const Tensor& made) {
  ThreadPool pool(2);
  return MemorisationOf(training, NeighbourRadii("memorisation", training, 1, pool), made, pool);
}

TEST(Memorisation, TellsCopiesFromNewPictures) {
  const Tensor training = Normal(2000, 6, 1);
  const Memorisation fresh = Judge(training, Normal(1000, 6, 2));
  EXPECT_NEAR(fresh.share, fresh.expected, 0.03);
  EXPECT_NEAR(fresh.median_ratio, 1, 0.05);
  const Memorisation copied = Judge(training, FirstRows(training, 500));
  EXPECT_EQ(copied.share, 1);
  EXPECT_EQ(copied.median_ratio, 0);
  Tensor noisy = FirstRows(training, 500).Clone();
  const Tensor noise = Normal(500, 6, 3, 0, 0.01f);
  for (size_t i = 0; i < noisy.floats().size(); ++i) noisy.floats()[i] += noise.floats()[i];
  EXPECT_GT(Judge(training, noisy).share, 0.95);
  EXPECT_LT(Judge(training, noisy).median_ratio, 0.1);
}

TEST(Memorisation, SeesAFewCopiesAmongMany) {
  const Tensor training = Normal(1000, 6, 1);
  Tensor made = Normal(1000, 6, 2, 0, 2);
  std::ranges::copy(training.floats().first(200 * 6), made.floats().begin());
  const Memorisation mixed = Judge(training, made);
  EXPECT_GT(mixed.share, 0.2);
  EXPECT_LT(mixed.share, 0.25);
}

TEST(Memorisation, DoublesInTheDataAreNoAccusation) {
  Tensor training = Normal(200, 6, 1);
  std::ranges::copy(training.floats().first(600), training.floats().begin() + 600);  // each twice
  EXPECT_EQ(Judge(training, Normal(100, 6, 2)).share, 0);
  EXPECT_EQ(Judge(training, FirstRows(training, 50)).share, 1);
}

// NumPy 1.24: np.sort of the nearest distances, the middle ones divided.
TEST(Memorisation, AgreesWithNumPy) {
  const Memorisation m = Judge(Wave(60, 5, 0), Wave(40, 5, 0.7, 1.1f));
  EXPECT_EQ(m.share, 0);
  EXPECT_NEAR(m.median_ratio, 1.488296529053281, 1e-5);
}

TEST(Memorisation, RefusesNan) {
  EXPECT_TRUE(Contains(ErrorOf([] { Judge(Normal(9, 2, 1), WithNan(Normal(9, 2, 2))); }),
                       "[memorisation] wants finite features"));
}

}  // namespace
}  // namespace gan::core
