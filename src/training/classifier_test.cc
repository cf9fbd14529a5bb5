#include "training/classifier.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "models/glyph_classifier/network.h"

namespace gan::core {
namespace {

// Bright above or bright on the left, under noise; a third class is neither.
LabelledTensors Halves(int64_t count, uint64_t seed, at::ScalarType type = at::kFloat) {
  Random random(seed);
  at::Tensor pictures = at::empty({count, 1, 16, 16});
  random.FillNormal(std::span(pictures.data_ptr<float>(), static_cast<size_t>(pictures.numel())),
                    0.3f);
  at::Tensor labels = at::empty({count}, at::kLong);
  for (int64_t i = 0; i < count; ++i) {
    labels[i] = i % 3;
    if (i % 3 == 0) pictures[i][0].narrow(0, 0, 8).add_(0.7);
    if (i % 3 == 1) pictures[i][0].narrow(1, 0, 8).add_(0.7);
  }
  pictures.clamp_(-1, 1);
  if (type == at::kByte) pictures = pictures.add(1).mul(127.5).round().to(at::kByte);
  return {pictures, labels};
}

const ClassifierSizes kSizes{.channels = 1, .size = 16, .classes = 3, .features = 8};

std::string MessageOf(ErrorCode code, const LabelledTensors& data) {
  try {
    TrainClassifier(ClassifierGraph(kSizes), {&data, 1}, {.steps = 1});
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code);
    return e.what();
  }
  return "no error";
}

TEST(TrainClassifier, LearnsFromFloatsAndBytes) {
  const Graph graph = ClassifierGraph(kSizes);
  const LabelledTensors test = Halves(90, 2);
  for (const at::ScalarType type : {at::kFloat, at::kByte}) {
    const LabelledTensors data = Halves(96, 1, type);
    const NamedTensors trained = TrainClassifier(graph, {&data, 1}, {.steps = 60, .batch = 16});
    const Accuracy accuracy = Score(graph, trained, test);
    EXPECT_GT(accuracy.plain, 0.9);
    EXPECT_GT(accuracy.balanced, 0.9);
  }
  EXPECT_LT(Score(graph, InitialClassifier(graph, 1), test).plain, 0.8);
}

// A tenth as many pictures, but half of every batch: what they teach is not drowned.
TEST(TrainClassifier, SourcesShareEachBatch) {
  const Graph graph = ClassifierGraph(kSizes);
  LabelledTensors wrong = Halves(300, 3);
  wrong.labels.fill_(2);
  const std::vector<LabelledTensors> sources{Halves(30, 1), wrong};
  const LabelledTensors joined{at::cat({sources[0].pictures, sources[1].pictures}),
                               at::cat({sources[0].labels, sources[1].labels})};
  const ClassifierOptions options{.steps = 60, .batch = 16};
  const LabelledTensors test = Halves(90, 2);
  const double shared = Score(graph, TrainClassifier(graph, sources, options), test).plain;
  const double drowned = Score(graph, TrainClassifier(graph, {&joined, 1}, options), test).plain;
  EXPECT_GT(shared, drowned + 0.1);
}

TEST(TrainClassifier, SameArgumentsSameBytes) {
  const Graph graph = ClassifierGraph(kSizes);
  const LabelledTensors data = Halves(30, 1);
  const auto train = [&](uint64_t seed) {
    return TrainClassifier(graph, {&data, 1}, {.steps = 5, .batch = 8, .seed = seed});
  };
  const auto same = [](const NamedTensors& a, const NamedTensors& b) {
    const Tensor& x = a.At("features.weight");
    const Tensor& y = b.At("features.weight");
    return std::memcmp(x.raw().data(), y.raw().data(), x.bytes()) == 0;
  };
  EXPECT_TRUE(same(train(3), train(3)));
  EXPECT_FALSE(same(train(3), train(4)));
}

TEST(TrainClassifier, ReportsAndStops) {
  const Graph graph = ClassifierGraph(kSizes);
  const LabelledTensors data = Halves(6, 1);
  double last = 0;
  CancelFlag cancel;
  const auto progress = [&](double done) {
    EXPECT_GT(done, last);
    last = done;
    if (done >= 0.5) cancel.Cancel();
  };
  EXPECT_THROW(TrainClassifier(graph, {&data, 1}, {.steps = 4}, progress, &cancel), Error);
  EXPECT_EQ(last, 0.5);
}

TEST(TrainClassifier, RefusesWhatItCannotLearn) {
  EXPECT_EQ(MessageOf(ErrorCode::kBadData, {at::empty({0, 1, 16, 16}), at::empty({0}, at::kLong)}),
            "[classifier] wants labelled pictures, got none");
  LabelledTensors strange = Halves(6, 1);
  strange.labels[2] = 7;
  EXPECT_EQ(MessageOf(ErrorCode::kBadData, strange), "[classifier] has 3 classes, got label 7");
}

// All of one class right and half of another: the plain mean follows the counts, the balanced
// does not.
TEST(Score, BalancesTheClasses) {
  GraphBuilder builder("mean");
  const ValueId image = builder.Input("image", {Dim::Symbol("N"), 1, 16, 16});
  const ValueId mean = builder.Add(GlobalPool{}, {image});
  const ValueId weight = builder.Parameter("logits.weight", {2, 1, 1, 1});
  const ValueId logits = builder.Add(Conv2d{}, {mean, weight});
  const Graph graph = builder.Finish({mean, logits});
  NamedTensors parameters;
  const float values[] = {-1, 1};
  parameters.Add("logits.weight", Tensor::FromFloats({2, 1, 1, 1}, values));
  LabelledTensors data{at::full({8, 1, 16, 16}, -0.5), at::zeros({8}, at::kLong)};
  data.pictures[6].fill_(0.5);
  data.labels[6] = 1;
  data.labels[7] = 1;
  const Accuracy accuracy = Score(graph, parameters, data);
  EXPECT_DOUBLE_EQ(accuracy.plain, 7.0 / 8);
  EXPECT_DOUBLE_EQ(accuracy.balanced, 0.75);
}

}  // namespace
}  // namespace gan::core
