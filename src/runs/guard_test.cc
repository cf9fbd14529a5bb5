#include "runs/guard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "base/random.h"
#include "gan/error.h"

namespace gan::core {
namespace {

constexpr int64_t kBatch = 64;
constexpr int64_t kWindow = 10'000;

Recipe WithAction(const std::string& action) {
  Recipe recipe;
  recipe.guard.action = action;
  recipe.guard.window = kWindow;
  return recipe;
}

// A run in balance, that a test bends.
class TrainingRun {
 public:
  explicit TrainingRun(const Recipe& recipe) : guard(recipe) {}

  using Bend = std::function<void(StepFigures&)>;

  // Steps over so many images; what the guard said.
  std::vector<Finding> Go(int64_t images, const Bend& bend = {}) {
    std::vector<Finding> out;
    for (const int64_t end = images_ + images; images_ < end;) {
      images_ += kBatch;
      StepFigures step;
      step.images = images_;
      step.generator_loss = 0.9 + 0.2 * random_.Normal();
      step.discriminator_loss = 1.2 + 0.2 * random_.Normal();
      step.real_accuracy = 0.75 + 0.1 * random_.Uniform();
      step.fake_accuracy = 0.75 + 0.1 * random_.Uniform();
      step.generator_gradient = std::exp(0.3 * random_.Normal());
      if (bend) bend(step);
      for (Finding& finding : guard.Observe(step)) out.push_back(std::move(finding));
    }
    return out;
  }

  std::vector<Finding> Evaluate(EvaluationFigures figures) {
    figures.images = images_;
    return guard.Observe(figures);
  }

  int64_t images() const { return images_; }

  Guard guard;

 private:
  int64_t images_ = 0;
  Random random_{17};
};

void Winning(StepFigures& step) { step.real_accuracy = step.fake_accuracy = 1.0; }
void WinningWithoutGradient(StepFigures& step) {
  Winning(step);
  step.generator_gradient = *step.generator_gradient * 1e-3;
}
void NotFinite(StepFigures& step) { step.finite = false; }

TEST(Guard, SaysNothingOfAGoodRun) {
  TrainingRun run(WithAction("stop"));
  EXPECT_TRUE(run.Go(500'000).empty());
  EXPECT_TRUE(
      run.Evaluate({.diversity = 0.9, .coverage = 0.7, .recall = 0.5, .copies = 0.0}).empty());
  EXPECT_TRUE(
      run.Evaluate({.diversity = 0.8, .coverage = 0.6, .recall = 0.4, .copies = 0.1}).empty());
  EXPECT_EQ(run.guard.Word(), "ok");
  EXPECT_EQ(run.guard.rate(), 1);
}

TEST(Guard, SkipsAStepThatIsNotFinite) {
  TrainingRun run(WithAction("warn"));
  run.Go(20'000);
  const auto said = run.Go(kBatch, NotFinite);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, FindingKind::kNonFinite);
  EXPECT_EQ(said[0].action, GuardAction::kSkipStep);
  EXPECT_EQ(said[0].text.find("losses or gradients at image 20,096 are not finite: the step is "
                              "skipped"),
            0u)
      << said[0].text;
  EXPECT_EQ(run.guard.Word(), "not finite");
  // The next one is skipped without a word.
  const auto next = run.Go(kBatch, NotFinite);
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].action, GuardAction::kSkipStep);
  EXPECT_EQ(next[0].text, "");
  const auto over = run.Go(2 * kWindow);
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].severity, Severity::kNote);
  EXPECT_EQ(run.guard.skipped(), 2);
  EXPECT_EQ(run.guard.Word(), "ok");
}

TEST(Guard, RollsBackAfterManyInARowAndThenGivesUp) {
  Recipe recipe = WithAction("warn");
  recipe.guard.rollbacks = 2;
  TrainingRun run(recipe);
  for (int i = 1; i <= 2; ++i) {
    const auto said = run.Go(5 * kBatch, NotFinite);
    ASSERT_EQ(said.size(), 5u);
    EXPECT_EQ(said[4].action, GuardAction::kRollBack);
    EXPECT_NE(said[4].text.find("5 steps in a row were not finite"), std::string::npos);
    run.guard.RolledBack(run.images() - 1000);
    EXPECT_EQ(run.guard.rate(), std::pow(0.5, i));
  }
  const auto last = run.Go(5 * kBatch, NotFinite);
  EXPECT_EQ(last[4].action, GuardAction::kStop);
  EXPECT_NE(last[4].text.find("giving up after 2 rollbacks"), std::string::npos) << last[4].text;
  TrainingRun stopped(WithAction("stop"));
  EXPECT_EQ(stopped.Go(5 * kBatch, NotFinite)[4].action, GuardAction::kStop);
}

TEST(Guard, NoticesADiscriminatorThatHasWon) {
  TrainingRun run(WithAction("rollback"));
  run.Go(260'000);
  const auto said = run.Go(5 * kWindow, WinningWithoutGradient);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, FindingKind::kDiscriminatorWon);
  EXPECT_EQ(said[0].severity, Severity::kSevere);
  EXPECT_EQ(said[0].action, GuardAction::kRollBack);
  EXPECT_NEAR(static_cast<double>(said[0].since), 266'000, 3000);
  EXPECT_NE(said[0].text.find("of the time since image 26"), std::string::npos) << said[0].text;
  EXPECT_NE(said[0].text.find("gets no signal"), std::string::npos);
  EXPECT_NE(said[0].text.find("try a discriminator.learning_rate below 0.0002, regularisers.r1 or "
                              "augment.policy = \"ada\""),
            std::string::npos)
      << said[0].text;
  EXPECT_EQ(run.guard.Word(), "D has won");
  const auto over = run.Go(5 * kWindow);
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].severity, Severity::kNote);
  EXPECT_EQ(run.guard.Word(), "ok");
}

TEST(Guard, WinningWithAGradientIsAWarningAndGetsWorse) {
  TrainingRun run(WithAction("rollback"));
  run.Go(100'000);
  const auto said = run.Go(5 * kWindow, Winning);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].severity, Severity::kWarning);
  EXPECT_EQ(said[0].action, GuardAction::kNone);
  const auto worse = run.Go(2 * kWindow, WinningWithoutGradient);
  ASSERT_EQ(worse.size(), 1u);
  EXPECT_EQ(worse[0].severity, Severity::kSevere);
  EXPECT_EQ(worse[0].since, said[0].since);
}

TEST(Guard, CriticsMayBeRight) {
  Recipe recipe = WithAction("warn");
  recipe.loss.adversarial = "wasserstein";
  TrainingRun run(recipe);
  EXPECT_TRUE(run.Go(300'000, Winning).empty());
  const auto said = run.Go(5 * kWindow, WinningWithoutGradient);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].text.find("diffaugment"), std::string::npos) << said[0].text;
}

TEST(Guard, AdvisesOnlyWhatIsNotDoneYet) {
  Recipe recipe = WithAction("warn");
  recipe.regularisers.r1 = 1;
  recipe.augment.policy = "ada";
  TrainingRun run(recipe);
  run.Go(100'000);
  const auto said = run.Go(5 * kWindow, WinningWithoutGradient);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].text.ends_with("try a discriminator.learning_rate below 0.0002"))
      << said[0].text;
}

TEST(Guard, NoticesAGeneratorThatExplodes) {
  TrainingRun run(WithAction("rollback"));
  run.Go(200'000);
  const auto said = run.Go(kWindow, [](StepFigures& step) {
    step.generator_gradient = *step.generator_gradient * 1000;
  });
  ASSERT_GE(said.size(), 1u);
  EXPECT_LE(said.size(), 3u);
  EXPECT_EQ(said[0].kind, FindingKind::kExploding);
  EXPECT_EQ(said[0].action, GuardAction::kRollBack);
  EXPECT_NE(said[0].text.find("train.clip_gradient = "), std::string::npos) << said[0].text;
  const auto over = run.Go(3 * kWindow);
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].severity, Severity::kNote);
}

TEST(Guard, NoticesLossesBeyondAnyScale) {
  TrainingRun run(WithAction("rollback"));
  const auto said = run.Go(3 * kWindow, [](StepFigures& step) { step.discriminator_loss = 5.8e9; });
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, FindingKind::kDiverged);
  EXPECT_EQ(said[0].action, GuardAction::kRollBack);
  EXPECT_NE(said[0].text.find("5.8e+09 (discriminator)"), std::string::npos) << said[0].text;
  EXPECT_EQ(run.guard.Word(), "diverged");
}

TEST(Guard, NoticesAGeneratorWithoutAnyGradient) {
  TrainingRun run(WithAction("stop"));
  const auto said = run.Go(3 * kWindow, [](StepFigures& step) { step.generator_gradient = 0; });
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, FindingKind::kDiverged);
  EXPECT_EQ(said[0].action, GuardAction::kStop);
  EXPECT_NE(said[0].text.find("saturated"), std::string::npos) << said[0].text;
}

TEST(Guard, NoticesThatVarietyIsLost) {
  TrainingRun run(WithAction("rollback"));
  run.Go(kWindow);
  EXPECT_TRUE(run.Evaluate({.diversity = 0.9, .coverage = 0.8}).empty());
  run.Go(kWindow);
  const auto said = run.Evaluate({.diversity = 0.85, .coverage = 0.3});
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, FindingKind::kVarietyLost);
  EXPECT_EQ(said[0].action, GuardAction::kRollBack);
  EXPECT_EQ(said[0].text.find("coverage fell from 0.80 to 0.30 at image "), 0u) << said[0].text;
  EXPECT_TRUE(run.Evaluate({.diversity = 0.85, .coverage = 0.28}).empty());
  const auto worse = run.Evaluate({.diversity = 0.01, .coverage = 0.2});
  ASSERT_EQ(worse.size(), 1u);
  EXPECT_EQ(worse[0].text.find("the difference between samples fell from 0.90 to 0.01"), 0u)
      << worse[0].text;
  EXPECT_TRUE(run.Evaluate({.diversity = 0.9, .coverage = 0.42}).empty()) << "ends well above";
  ASSERT_EQ(run.Evaluate({.diversity = 0.9, .coverage = 0.7}).size(), 1u);
  EXPECT_EQ(run.guard.Word(), "ok");
}

TEST(Guard, NoticesThatSamplesNeverVaried) {
  TrainingRun run(WithAction("stop"));
  run.Go(kWindow);
  const auto said = run.Evaluate({.diversity = 0.02});
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].action, GuardAction::kStop);
  EXPECT_EQ(said[0].text.find("samples differ by 2 % of what real pictures do at image 10,048"), 0u)
      << said[0].text;
}

TEST(Guard, NoticesCopies) {
  TrainingRun run(WithAction("rollback"));
  run.Go(kWindow);
  const auto said = run.Evaluate({.copies = 0.61});
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, FindingKind::kMemorising);
  EXPECT_EQ(said[0].action, GuardAction::kNone) << "an earlier checkpoint has learnt it too";
  EXPECT_EQ(said[0].text.find("61 % of the samples at image 10,048 are pictures of the training"),
            0u)
      << said[0].text;
  EXPECT_TRUE(run.Evaluate({.copies = 0.7}).empty());
  EXPECT_EQ(run.Evaluate({.copies = 0.1}).size(), 1u);
}

TEST(Guard, NoticesLossesThatDoNotMove) {
  TrainingRun run(WithAction("warn"));
  const auto said = run.Go(500'000, [](StepFigures& step) {
    step.generator_loss = 0.6931;
    step.discriminator_loss = 1.3863;
  });
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].kind, FindingKind::kStuck);
  EXPECT_EQ(run.Go(kWindow)[0].severity, Severity::kNote);
}

TEST(Guard, IgnoresSingleFiguresThatAreNotFinite) {
  TrainingRun run(WithAction("stop"));
  EXPECT_TRUE(run.Go(100'000,
                     [](StepFigures& step) {
                       step.generator_loss = NAN;
                       step.generator_gradient = INFINITY;
                     })
                  .empty());
  EXPECT_TRUE(run.Evaluate({.diversity = NAN, .coverage = INFINITY, .copies = NAN}).empty());
}

TEST(Guard, StateIsSavedBitForBit) {
  TrainingRun run(WithAction("rollback"));
  run.Go(100'000);
  run.Evaluate({.diversity = 1.0 / 3, .coverage = 0.7, .recall = 0.1});
  run.Go(30'000, Winning);
  run.Go(2 * kBatch, NotFinite);
  TrainingRun other(WithAction("rollback"));
  other.guard.Restore(run.guard.Save());
  EXPECT_EQ(other.guard.Save(), run.guard.Save());
  // And it goes on the same.
  for (int64_t images = run.images() + kBatch; images < run.images() + 40'000; images += kBatch) {
    StepFigures step;
    step.images = images;
    step.real_accuracy = step.fake_accuracy = 0.999;
    step.generator_gradient = 1e-5;
    step.generator_loss = step.discriminator_loss = 1.0 / static_cast<double>(images);
    const auto a = run.guard.Observe(step), b = other.guard.Observe(step);
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].text, b[i].text);
    ASSERT_EQ(other.guard.Save(), run.guard.Save());
  }
}

TEST(Guard, RefusesAStateThatIsNotItsOwn) {
  Guard guard(WithAction("warn"));
  const std::string good = guard.Save();
  for (const std::string& text : {std::string(), std::string("[]"), std::string("{}"), good + "x",
                                  good.substr(0, 40), std::string("{\"images\":\"a\"}")}) {
    try {
      guard.Restore(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
    }
  }
  EXPECT_EQ(guard.Save(), good);
}

}  // namespace
}  // namespace gan::core
