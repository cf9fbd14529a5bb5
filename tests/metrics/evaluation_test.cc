#include "metrics/evaluation.h"

#include <gtest/gtest.h>

#include "backends/cpu/backend.h"
#include "metrics/feature_testing.h"
#include "metrics/picture_testing.h"

namespace gan::core {
namespace {

class EvaluationTest : public ::testing::Test {
 protected:
  EvaluationTest() {
    options_.metrics.assign(kFigures.begin(), kFigures.end());
    options_.samples = 150;
    options_.reference_name = "train";
    options_.subsets = 5;
    options_.seed = 7;
    options_.cache = "none";
    options_.threads = 2;
  }

  Evaluation Against(const PictureSource& reference, int64_t count = 300) {
    return Evaluation(options_, SmallFeatureModel(), *backend_, reference, count, 1);
  }

  ThreadPool pool_{2};
  std::unique_ptr<Backend> backend_ = MakeCpuBackend(pool_);
  EvaluationOptions options_;
};

TEST_F(EvaluationTest, TheReferenceItselfIsPerfectAndRemembered) {
  Evaluation evaluation = Against(Stripes(1), 150);
  const Figures figures = evaluation.Evaluate(Stripes(1), 150);
  ASSERT_EQ(figures.size(), kFigures.size());
  EXPECT_NEAR(*ValueOf(figures, "fid"), 0, 1e-9);
  EXPECT_EQ(ValueOf(figures, "precision"), 1);
  EXPECT_EQ(ValueOf(figures, "recall"), 1);
  EXPECT_EQ(ValueOf(figures, "coverage"), 1);
  EXPECT_EQ(ValueOf(figures, "memorisation"), 1);
  EXPECT_EQ(ValueOf(figures, "memorisation_ratio"), 0);
  EXPECT_NEAR(*ValueOf(figures, "variety"), 1, 1e-12);
  EXPECT_EQ(ValueOf(figures, "nonsense"), std::nullopt);
}

TEST_F(EvaluationTest, TellsTheSameKindFromAnother) {
  Evaluation evaluation = Against(Stripes(1));
  const Figures same = evaluation.Evaluate(Stripes(2), 150);
  const Figures faint = evaluation.Evaluate(Stripes(2, 0.2f), 150);
  EXPECT_LT(*ValueOf(same, "fid"), *ValueOf(faint, "fid"));
  EXPECT_LT(*ValueOf(same, "kid"), *ValueOf(faint, "kid"));
  EXPECT_GT(*ValueOf(same, "coverage"), 0.8);
  EXPECT_LT(*ValueOf(faint, "coverage"), 0.5);
  EXPECT_LT(*ValueOf(same, "memorisation"), 0.2);
  EXPECT_NEAR(*ValueOf(same, "variety"), 1, 0.15);
  EXPECT_LT(*ValueOf(faint, "variety"), 0.4);
}

TEST_F(EvaluationTest, EveryFigureIsSigned) {
  Evaluation evaluation = Against(Stripes(1));
  const Figures figures = evaluation.Evaluate(Stripes(2), 160);
  for (const Figure& figure : figures) {
    EXPECT_TRUE(Contains(figure.protocol, "small-1")) << figure.protocol;
    EXPECT_TRUE(Contains(figure.protocol, "made")) << figure.protocol;
  }
  EXPECT_EQ(figures[0].protocol,
            "FID, small-1 features (6), resize none, 160 made vs 300 reference (train), seed 7");
  EXPECT_EQ(figures[1].protocol,
            "KID (5 subsets of 160), small-1 features (6), resize none, 160 made vs 300 reference "
            "(train), seed 7");
  EXPECT_EQ(figures[5].protocol,
            "coverage (k = 5), small-1 features (6), resize none, 160 made vs 150 of 300 reference "
            "(train), seed 7");
  EXPECT_EQ(figures[6].protocol,
            "Inception score (10 splits), small-1 with 3 classes, resize none, 160 made");
  EXPECT_TRUE(figures[1].spread && figures[6].spread && !figures[0].spread);
}

TEST_F(EvaluationTest, IsTheSameForAnyNumberOfThreads) {
  Evaluation two = Against(Stripes(1));
  options_.threads = 1;
  Evaluation one = Against(Stripes(1));
  const Figures a = two.Evaluate(Stripes(2), 150), b = one.Evaluate(Stripes(2), 150);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].value, b[i].value) << a[i].name;
}

TEST_F(EvaluationTest, FindsTheTrainingPictureBehindASample) {
  Evaluation evaluation = Against(Stripes(1));
  const Features made = evaluation.extractor().Extract(Stripes(1), 120, 3);
  const Neighbours nearest = evaluation.NearestReference(made.values, 2);
  EXPECT_EQ(nearest.indices[0], 120);
  EXPECT_EQ(nearest.indices[2], 121);
  EXPECT_EQ(nearest.distances[4], 0);
}

TEST_F(EvaluationTest, RefusesInOneLine) {
  Evaluation evaluation = Against(Stripes(1));
  EXPECT_TRUE(Contains(ErrorOf([&] { evaluation.Evaluate(Stripes(2), 0); }), "got none"));
  EXPECT_TRUE(Contains(ErrorOf([&] { evaluation.Evaluate(Stripes(2), 1); }), "at least 2"));
  options_.metrics = {"fid", "lpips"};
  EXPECT_TRUE(Contains(ErrorOf([&] { Against(Stripes(1)); }), "not \"lpips\""));
  options_.metrics = {"fid"};
  options_.neighbours = 0;
  EXPECT_TRUE(Contains(ErrorOf([&] { Against(Stripes(1)); }), "neighbours wants at least 1"));
  options_.neighbours = 5;
  EXPECT_TRUE(Contains(ErrorOf([&] { Against(Stripes(1), 4); }), "more than 5 pictures"));
}

}  // namespace
}  // namespace gan::core
