#include "training/adversarial_training.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "backends/torch/run_graph.h"
#include "base/error.h"
#include "base/random.h"
#include "training/flat_parameters.h"
#include "training/processes.h"

namespace gan::core {
namespace {

constexpr int64_t kBatch = 4;
constexpr int64_t kClasses = 3;

PairConfig SmallPair(const std::string& family = "dcgan", int64_t classes = 0) {
  PairConfig config;
  config.family = family;
  config.size = 16;
  config.channels = 3;
  config.classes = classes;
  config.latent = 4;
  config.generator_width = 4;
  config.discriminator_width = 4;
  return config;
}

// Without batch norms in the discriminator: what penalties on its slope need.
PairConfig PlainPair(const std::string& family = "dcgan") {
  PairConfig config = SmallPair(family);
  config.discriminator_norm = false;
  return config;
}

Recipe SmallRecipe(const std::string& family = "dcgan") {
  Recipe recipe;
  recipe.network.family = family;
  recipe.network.latent = 4;
  recipe.train.batch = kBatch;
  recipe.train.seed = 3;
  recipe.generator.learning_rate = recipe.discriminator.learning_rate = 1e-3;
  return recipe;
}

TrainingBatch Batch(uint64_t seed, int64_t classes = 0) {
  Random random(seed);
  TrainingBatch batch;
  batch.pictures = at::empty({kBatch, 3, 16, 16});
  random.FillNormal(
      {batch.pictures.data_ptr<float>(), static_cast<size_t>(batch.pictures.numel())});
  batch.pictures = batch.pictures.mul(0.4).clamp(-1, 1);
  if (classes > 0) {
    batch.labels = at::zeros({kBatch, classes});
    for (int64_t i = 0; i < kBatch; ++i) batch.labels[i][i % classes] = 1;
  }
  return batch;
}

at::Tensor SomeLatents(int64_t count) {
  Random random(77);
  at::Tensor z = at::empty({count, 4});
  random.FillNormal({z.data_ptr<float>(), static_cast<size_t>(z.numel())});
  return z;
}

// The tensors whose names start so, by the rest of their names.
std::map<std::string, std::string> BytesOf(const AdversarialTraining::Saved& saved,
                                           const std::string& prefix) {
  std::map<std::string, std::string> bytes;
  for (const auto& [name, tensor] : saved.tensors) {
    if (!name.starts_with(prefix)) continue;
    bytes[name.substr(prefix.size())] = {reinterpret_cast<const char*>(tensor.raw().data()),
                                         tensor.bytes()};
  }
  return bytes;
}

// All parameters below a prefix in one row of numbers.
std::vector<float> ValuesOf(const AdversarialTraining::Saved& saved, const std::string& prefix,
                            const NamedTensors& like) {
  std::vector<float> values;
  for (const auto& [name, tensor] : like) {
    if (const Tensor* found = saved.tensors.Find(prefix + name)) {
      values.insert(values.end(), found->floats().begin(), found->floats().end());
    }
  }
  return values;
}

void ExpectSame(const AdversarialTraining::Saved& a, const AdversarialTraining::Saved& b) {
  const auto left = BytesOf(a, ""), right = BytesOf(b, "");
  ASSERT_EQ(left.size(), right.size());
  for (const auto& [name, bytes] : left) {
    ASSERT_TRUE(right.contains(name)) << name;
    EXPECT_TRUE(right.at(name) == bytes) << name;
  }
  EXPECT_TRUE(a.state == b.state) << a.state.dump() << b.state.dump();
}

void ExpectFinite(const AdversarialTraining::Saved& saved) {
  for (const auto& [name, tensor] : saved.tensors) {
    for (const float value : tensor.floats()) ASSERT_TRUE(std::isfinite(value)) << name;
  }
}

void ExpectFinite(const StepReport& report) {
  for (const double value :
       {report.discriminator_loss, report.generator_loss, report.penalty, report.real_logit,
        report.fake_logit, report.real_right, report.fake_right, report.real_sign,
        report.discriminator_gradient, report.generator_gradient, report.rate}) {
    EXPECT_TRUE(std::isfinite(value));
  }
  EXPECT_GT(report.discriminator_gradient, 0);
  EXPECT_GT(report.generator_gradient, 0);
  for (const double share : {report.real_right, report.fake_right}) {
    EXPECT_GE(share, 0);
    EXPECT_LE(share, 1);
  }
  EXPECT_EQ(report.skipped, 0);
}

class AdversarialTrainingTest : public testing::Test {
 protected:
  AdversarialTrainingTest() { at::set_num_threads(1); }

  std::unique_ptr<AdversarialTraining> Make(const Recipe& recipe, const PairConfig& config) {
    return std::make_unique<AdversarialTraining>(recipe, config, *processes_, at::kCPU);
  }
  static StepReport Step(AdversarialTraining& training, int64_t i, int64_t classes = 0) {
    const std::vector<TrainingBatch> batches = {Batch(static_cast<uint64_t>(100 + i), classes)};
    return training.Step(batches, i * kBatch);
  }
  static StepReport Steps(AdversarialTraining& training, int64_t first, int64_t count,
                          int64_t classes = 0) {
    StepReport report;
    for (int64_t i = first; i < first + count; ++i) report = Step(training, i, classes);
    return report;
  }
  static void ExpectAStep(AdversarialTraining& training, int64_t classes = 0) {
    const auto before = training.Save();
    ExpectFinite(Step(training, 0, classes));
    const auto after = training.Save();
    EXPECT_NE(BytesOf(before, "generator."), BytesOf(after, "generator."));
    EXPECT_NE(BytesOf(before, "discriminator."), BytesOf(after, "discriminator."));
    ExpectFinite(Step(training, 1, classes));
    ExpectFinite(training.Save());
  }
  // 3 steps, a save, a restore and 3 steps are 6 steps.
  void ExpectToContinue(const Recipe& recipe, const PairConfig& config, int64_t classes = 0) {
    const auto whole = Make(recipe, config), first = Make(recipe, config);
    auto start = whole->Save();
    start.state["ada"]["probability"] = 0.5;
    whole->Restore(start);
    first->Restore(start);
    Steps(*whole, 0, 6, classes);
    Steps(*first, 0, 3, classes);
    const auto middle = first->Save();
    Recipe other = recipe;
    other.train.seed = 99;  // whatever it starts from must not show
    const auto second = Make(recipe, config), strange = Make(other, config);
    second->Restore(middle);
    ExpectSame(second->Save(), middle);
    Steps(*second, 3, 3, classes);
    ExpectSame(second->Save(), whole->Save());
    strange->Restore(middle);
    ExpectSame(strange->Save(), middle);
  }

  std::unique_ptr<Processes> processes_ = Processes::Alone();
};

// Family, classes.
using FamilyCase = std::tuple<std::string, int64_t>;
class FamilyTest : public AdversarialTrainingTest,
                   public testing::WithParamInterface<FamilyCase> {};

TEST_P(FamilyTest, StepsAndContinues) {
  const auto& [family, classes] = GetParam();
  Recipe recipe = SmallRecipe(family);
  recipe.network.conditional = classes > 0;
  if (family == "r3gan") recipe.loss.relativistic = true;
  const PairConfig config = SmallPair(family, classes);
  const auto training = Make(recipe, config);
  ExpectAStep(*training, classes);
  const at::Tensor labels = classes > 0 ? Batch(1, classes).labels : at::Tensor();
  const at::Tensor pictures = training->Sample(SomeLatents(kBatch), labels);
  EXPECT_EQ(pictures.sizes(), at::IntArrayRef({kBatch, 3, 16, 16}));
  EXPECT_LE(pictures.abs().max().item<float>(), 1);
  ExpectToContinue(recipe, config, classes);
}

INSTANTIATE_TEST_SUITE_P(All, FamilyTest,
                         testing::Combine(testing::Values("dcgan", "resnet-gan", "r3gan"),
                                          testing::Values(0, kClasses)));

// Loss, relativistic, regulariser.
using LossCase = std::tuple<std::string, bool, std::string>;
class LossTest : public AdversarialTrainingTest, public testing::WithParamInterface<LossCase> {};

TEST_P(LossTest, IsFinite) {
  const auto& [loss, relativistic, regulariser] = GetParam();
  Recipe recipe = SmallRecipe();
  recipe.loss.adversarial = loss;
  recipe.loss.relativistic = relativistic;
  Recipe::Regularisers& wanted = recipe.regularisers;
  if (regulariser == "gp1" || regulariser == "gp0") wanted.gradient_penalty = 10;
  wanted.gradient_penalty_centre = regulariser == "gp0" ? 0 : 1;
  if (regulariser == "r1" || regulariser == "r1r2") wanted.r1 = 1;
  if (regulariser == "r2" || regulariser == "r1r2") wanted.r2 = 1;
  if (regulariser == "lecam") wanted.lecam = 0.1;
  recipe.network.spectral_norm = regulariser == "spectral";
  const auto training = Make(recipe, PlainPair());
  ExpectAStep(*training);
  const StepReport report = Step(*training, 2);
  ExpectFinite(report);
  const bool penalised = regulariser != "none" && regulariser != "spectral";
  if (!penalised) {
    EXPECT_EQ(report.penalty, 0);
  }
  if (penalised && regulariser != "lecam") {
    EXPECT_GT(report.penalty, 0);
  }
  const double anchor = training->Save().state.at("lecam").at("real").get<double>();
  EXPECT_EQ(anchor != 0, regulariser == "lecam");
}

INSTANTIATE_TEST_SUITE_P(All, LossTest,
                         testing::Combine(testing::Values("non-saturating", "hinge",
                                                          "least-squares", "wasserstein"),
                                          testing::Bool(),
                                          testing::Values("none", "gp1", "gp0", "r1", "r2", "r1r2",
                                                          "lecam", "spectral")));

TEST_F(AdversarialTrainingTest, PenaltiesThatAreNotDueAreLeftOut) {
  Recipe recipe = SmallRecipe();
  recipe.regularisers.r1 = 1;
  recipe.regularisers.r1_every = 2;
  const auto training = Make(recipe, PlainPair());
  EXPECT_GT(Step(*training, 0).penalty, 0);
  EXPECT_EQ(Step(*training, 1).penalty, 0);
  EXPECT_GT(Step(*training, 2).penalty, 0);
}

TEST_F(AdversarialTrainingTest, Augments) {
  Recipe recipe = SmallRecipe();
  const auto plain = Make(recipe, SmallPair());
  ExpectAStep(*plain);
  for (const char* policy : {"diffaugment", "ada"}) {
    recipe.augment.policy = policy;
    recipe.augment.ada_target = 0;  // a fixed probability
    recipe.augment.probability = 0.8;
    const auto training = Make(recipe, SmallPair());
    ExpectAStep(*training);
    EXPECT_NE(BytesOf(training->Save(), "discriminator."), BytesOf(plain->Save(), "discriminator."))
        << policy;
    ExpectToContinue(recipe, SmallPair());
  }
}

TEST_F(AdversarialTrainingTest, ContinuesWithAllThatHasAState) {
  Recipe recipe = SmallRecipe();
  recipe.augment.policy = "ada";
  recipe.regularisers.lecam = 0.1;
  recipe.network.spectral_norm = recipe.network.generator_spectral_norm = true;
  recipe.ema.half_life = 50;
  recipe.ema.ramp_up = 0;
  for (const char* kind : {"adam", "rmsprop"}) {
    recipe.generator.kind = recipe.discriminator.kind = kind;
    ExpectToContinue(recipe, SmallPair());
    ExpectToContinue(recipe, PlainPair("resnet-gan"));
  }
}

TEST_F(AdversarialTrainingTest, RestoreRefusesWhatIsNotIts) {
  const auto training = Make(SmallRecipe(), SmallPair());
  PairConfig wider = SmallPair();
  wider.generator_width = 2;
  const auto code_of = [&](const AdversarialTraining::Saved& saved) {
    try {
      training->Restore(saved);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of(Make(SmallRecipe(), wider)->Save()), ErrorCode::kBadData);
  auto saved = training->Save();
  saved.state.erase("ada");
  EXPECT_EQ(code_of(saved), ErrorCode::kBadData);
  saved = training->Save();
  saved.state["salt"] = "much";
  EXPECT_EQ(code_of(saved), ErrorCode::kBadData);
}

TEST_F(AdversarialTrainingTest, TheSeedDecides) {
  Recipe recipe = SmallRecipe();
  const auto a = Make(recipe, SmallPair()), b = Make(recipe, SmallPair());
  Steps(*a, 0, 3);
  Steps(*b, 0, 3);
  ExpectSame(a->Save(), b->Save());
  const auto saved = a->Save();
  recipe.train.seed = 4;
  const auto other = Make(recipe, SmallPair());
  Steps(*other, 0, 3);
  EXPECT_NE(BytesOf(other->Save(), "generator."), BytesOf(saved, "generator."));
  // Not the first weights alone: the draws too.
  a->Restore(saved);
  other->Restore(saved);
  Step(*a, 3);
  Step(*other, 3);
  EXPECT_NE(BytesOf(other->Save(), "discriminator."), BytesOf(a->Save(), "discriminator."));
}

TEST_F(AdversarialTrainingTest, ChangesRateAndDraws) {
  const auto a = Make(SmallRecipe(), SmallPair()), b = Make(SmallRecipe(), SmallPair());
  const NamedTensors like = a->Generator();
  a->Change(0, 1);
  EXPECT_EQ(a->rate_factor(), 0);
  EXPECT_EQ(a->salt(), 1u);
  const auto before = a->Save();
  Step(*a, 0);
  const auto after = a->Save();
  for (const auto& [name, tensor] : like) {
    // The running statistics of batch norms go on.
    if (before.tensors.Find("generator_ema." + name) == nullptr) continue;
    EXPECT_TRUE(BytesOf(before, "generator." + name) == BytesOf(after, "generator." + name))
        << name;
  }
  a->Restore(before);
  a->Change(1, 1);
  Step(*a, 0);
  Step(*b, 0);
  EXPECT_NE(BytesOf(a->Save(), "discriminator."), BytesOf(b->Save(), "discriminator."));
}

TEST_F(AdversarialTrainingTest, Accumulates) {
  Recipe recipe = SmallRecipe();
  recipe.train.accumulate = 2;
  recipe.regularisers.r1 = 1;
  recipe.network.spectral_norm = recipe.network.generator_spectral_norm = true;
  ExpectAStep(*Make(recipe, PlainPair()));
  ExpectToContinue(recipe, PlainPair());
  // Equal weights of both halves: the order of the real ones changes the pairs, not their mean.
  recipe.regularisers.r1 = 0;
  const auto a = Make(recipe, PlainPair()), b = Make(recipe, PlainPair());
  const std::vector<TrainingBatch> batch = {Batch(5)};
  const std::vector<TrainingBatch> turned = {
      {at::cat({batch[0].pictures.narrow(0, 2, 2), batch[0].pictures.narrow(0, 0, 2)}), {}}};
  const StepReport first = a->Step(batch, 0), second = b->Step(turned, 0);
  EXPECT_NEAR(first.real_logit, second.real_logit, 1e-5);
  EXPECT_NEAR(first.discriminator_gradient, second.discriminator_gradient,
              1e-4 * first.discriminator_gradient);
}

TEST_F(AdversarialTrainingTest, AveragesTheGenerator) {
  Recipe recipe = SmallRecipe();
  recipe.ema = {.half_life = 0, .ramp_up = 0.05};
  const auto raw = Make(recipe, SmallPair());
  const auto start = raw->Save();
  Step(*raw, 0);
  const auto one = raw->Save();
  const NamedTensors like = raw->Generator();
  const std::vector<float> initial = ValuesOf(start, "generator_ema.", like);
  const std::vector<float> ema = ValuesOf(one, "generator_ema.", like);
  ASSERT_FALSE(ema.empty());
  EXPECT_NE(initial, ema);
  for (const auto& [name, bytes] : BytesOf(one, "generator_ema.")) {
    EXPECT_TRUE(BytesOf(one, "generator.").at(name) == bytes) << name;
  }
  // At the start of a run the ramp leaves no lag whatever the half-life.
  recipe.ema = {.half_life = 10'000, .ramp_up = 0.05};
  const auto ramp = Make(recipe, SmallPair());
  Step(*ramp, 0);
  EXPECT_EQ(ValuesOf(ramp->Save(), "generator_ema.", like), ema);
  // Half of the way after as many pictures as the half-life.
  recipe.ema = {.half_life = kBatch, .ramp_up = 0};
  const auto half = Make(recipe, SmallPair());
  Step(*half, 0);
  const std::vector<float> between = ValuesOf(half->Save(), "generator_ema.", like);
  ASSERT_EQ(between.size(), ema.size());
  for (size_t i = 0; i < ema.size(); ++i) {
    EXPECT_NEAR(between[i], (initial[i] + ema[i]) / 2, 1e-6);
  }
  // A large one lags behind.
  recipe.ema = {.half_life = 1'000'000'000, .ramp_up = 0};
  const auto slow = Make(recipe, SmallPair());
  Step(*slow, 0);
  const std::vector<float> late = ValuesOf(slow->Save(), "generator_ema.", like);
  for (size_t i = 0; i < ema.size(); ++i) EXPECT_NEAR(late[i], initial[i], 1e-6);
}

TEST_F(AdversarialTrainingTest, SkipsWhatIsNotFinite) {
  for (const bool relativistic : {false, true}) {
    SCOPED_TRACE(relativistic);
    Recipe recipe = SmallRecipe();
    recipe.loss.relativistic = relativistic;
    const auto training = Make(recipe, PlainPair());
    Step(*training, 0);
    const auto before = training->Save();
    std::vector<TrainingBatch> batch = {Batch(9)};
    batch[0].pictures[1][0][3][3] = std::numeric_limits<float>::quiet_NaN();
    const StepReport report = training->Step(batch, kBatch);
    EXPECT_EQ(report.skipped, relativistic ? 2 : 1);
    const auto after = training->Save();
    EXPECT_EQ(BytesOf(before, "discriminator."), BytesOf(after, "discriminator."));
    EXPECT_EQ(BytesOf(before, "optimiser.discriminator."),
              BytesOf(after, "optimiser.discriminator."));
    if (relativistic) {
      EXPECT_EQ(BytesOf(before, "optimiser.generator."), BytesOf(after, "optimiser.generator."));
    }
    ExpectFinite(after);
    ExpectFinite(Step(*training, 2));
  }
}

// One bad picture must not stay in the moving averages that later steps are judged by.
TEST_F(AdversarialTrainingTest, LeCamSurvivesWhatIsNotFinite) {
  Recipe recipe = SmallRecipe();
  recipe.regularisers.lecam = 0.1;
  const auto training = Make(recipe, PlainPair());
  std::vector<TrainingBatch> batch = {Batch(9)};
  batch[0].pictures[1][0][3][3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_GT(training->Step(batch, 0).skipped, 0);
  EXPECT_TRUE(std::isfinite(training->Save().state.at("lecam").at("real").get<double>()));
  ExpectFinite(Step(*training, 1));
}

TEST_F(AdversarialTrainingTest, TakesSeveralStepsOfTheDiscriminator) {
  Recipe recipe = SmallRecipe();
  recipe.train.discriminator_steps = 2;
  const auto training = Make(recipe, SmallPair()), once = Make(recipe, SmallPair());
  const std::vector<TrainingBatch> two = {Batch(1), Batch(2)};
  ExpectFinite(training->Step(two, 0));
  ExpectFinite(once->Step(std::span(two).first(1), 0));
  const auto saved = training->Save();
  EXPECT_EQ(saved.state.at("discriminator_steps").get<int>(), 2);
  EXPECT_EQ(saved.state.at("discriminator_optimiser_steps").get<int>(), 2);
  EXPECT_EQ(saved.state.at("generator_optimiser_steps").get<int>(), 1);
  EXPECT_NE(BytesOf(saved, "discriminator."), BytesOf(once->Save(), "discriminator."));
  EXPECT_EQ(saved.tensors.size(), once->Save().tensors.size());
}

TEST_F(AdversarialTrainingTest, WhatIsExportedIsWhatIsSampled) {
  for (const bool spectral : {false, true}) {
    Recipe recipe = SmallRecipe();
    recipe.network.generator_spectral_norm = spectral;
    recipe.ema = {.half_life = 20, .ramp_up = 0};
    const auto training = Make(recipe, SmallPair());
    Steps(*training, 0, 3);
    const Graph& graph = training->generator_graph();
    at::Tensor z = SomeLatents(5);
    const at::Tensor sampled = training->Sample(z, {});
    EXPECT_FALSE(sampled.requires_grad());
    if (graph.value(graph.inputs[0]).shape.size() == 4) z = z.reshape({5, 4, 1, 1});
    const auto parameters = torch_backend::ParametersOf(graph, training->Generator(), at::kCPU);
    const at::NoGradGuard no_gradients;
    const at::Tensor run =
        torch_backend::RunGraph(graph, parameters, std::vector<at::Tensor>{z}).at(0);
    EXPECT_TRUE(run.equal(sampled));
    EXPECT_FALSE(run[0].equal(run[1]));
    // Sampling leaves no trace.
    const auto before = training->Save();
    training->Sample(SomeLatents(5), {});
    ExpectSame(before, training->Save());
  }
}

}  // namespace
}  // namespace gan::core
