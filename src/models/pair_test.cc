#include "models/pair.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

std::string MessageOf(const PairConfig& config) {
  try {
    BuildPair(config);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kConfiguration);
    return e.what();
  }
  return "no error";
}

void ExpectInputs(const Graph& graph, std::string_view first, int64_t classes) {
  ASSERT_EQ(graph.inputs.size(), classes > 0 ? 2u : 1u);
  EXPECT_EQ(graph.value(graph.inputs[0]).name, first);
  if (classes == 0) return;
  const Value& labels = graph.value(graph.inputs[1]);
  EXPECT_EQ(labels.name, "labels");
  EXPECT_EQ(ToString(labels.shape), fmt::format("[N, {}]", classes));
}

// What the trainer takes for granted, of every family at every size.
TEST(Pair, EveryFamilyKeepsToTheInterface) {
  for (const std::string_view family : PairFamilyNames()) {
    for (const int64_t size : {16, 28, 32, 64, 128, 256}) {
      for (const int64_t classes : {0, 10}) {
        for (const int64_t channels : {1, 4}) {
          const PairConfig config{.family = std::string(family),
                                  .size = size,
                                  .channels = channels,
                                  .classes = classes,
                                  .latent = 12,
                                  .generator_width = 4,
                                  .discriminator_width = 5,
                                  .dropout = classes > 0 ? 0.5 : 0};
          SCOPED_TRACE(fmt::format("{} {} {}", family, size, classes));
          const Pair pair = BuildPair(config);
          const std::string picture = fmt::format("[N, {}, {}, {}]", channels, size, size);
          ExpectInputs(pair.generator, "z", classes);
          ExpectInputs(pair.discriminator, "image", classes);
          const Graph& g = pair.generator;
          const Graph& d = pair.discriminator;
          EXPECT_EQ(ToString(g.value(g.outputs[0]).shape), picture);
          EXPECT_EQ(ToString(d.value(d.inputs[0]).shape), picture);
          EXPECT_EQ(ToString(d.value(d.outputs[0]).shape), "[N, 1]");
          const SymbolicShape& z = g.value(g.inputs[0]).shape;
          EXPECT_TRUE(ToString(z) == "[N, 12]" || ToString(z) == "[N, 12, 1, 1]");
        }
      }
    }
  }
}

TEST(Pair, NormsAreLeftOutWhereAsked) {
  const auto has_norm = [](const Graph& graph) {
    return ToString(graph).find("batch_norm") != std::string::npos;
  };
  for (const bool wanted : {false, true}) {
    const Pair pair = BuildPair({.generator_norm = wanted, .discriminator_norm = wanted});
    EXPECT_EQ(has_norm(pair.generator), wanted);
    EXPECT_EQ(has_norm(pair.discriminator), wanted);
  }
}

TEST(Pair, DropoutIsInTheDiscriminatorAlone) {
  for (const std::string_view family : PairFamilyNames()) {
    const Pair pair = BuildPair({.family = std::string(family), .size = 16, .dropout = 0.5});
    EXPECT_NE(ToString(pair.discriminator).find("dropout("), std::string::npos) << family;
    EXPECT_EQ(ToString(pair.generator).find("dropout("), std::string::npos) << family;
  }
}

TEST(Pair, RefusesWhatCannotBe) {
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(MessageOf({.family = "dcgun"}), "knows no family \"dcgun\" to train; it knows");
  has(MessageOf({.family = "esrgan"}), "knows no family \"esrgan\" to train");
  has(MessageOf({.size = 48}), "28 pixels a side or a power of two from 16 to 256, got 48");
  has(MessageOf({.channels = 5}), "channels from 1 to 4, got 5");
  has(MessageOf({.classes = -1}), "classes from 0 to 4096");
  has(MessageOf({.latent = 0}), "a latent from 1");
  has(MessageOf({.generator_width = 0}), "a generator width from 1");
  has(MessageOf({.discriminator_width = 100'000}), "a discriminator width from 1");
  has(MessageOf({.dropout = 1}), "dropout from 0 to below 1");
  has(MessageOf({.attention = true}), "has no attention; resnet-gan has");
}

}  // namespace
}  // namespace gan::core
