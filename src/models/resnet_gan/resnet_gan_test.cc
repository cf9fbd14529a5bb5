#include "models/resnet_gan/resnet_gan.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::ExpectRoundTrip;
using testing::MessageOf;
using testing::Resized;
using testing::Without;
using testing::ZerosFor;

TEST(ResnetGan, RoundTripsAtEverySize) {
  for (const int64_t size : {16, 28, 32, 64, 128, 256}) {
    for (const int64_t channels : {1, 2, 3, 4}) {
      for (const int64_t classes : {0, 7}) {
        for (const int64_t attention : {0, 1}) {
          ExpectRoundTrip("resnet-gan", {{"size", size},
                                         {"channels", channels},
                                         {"classes", classes},
                                         {"attention", attention},
                                         {"norm", (channels + attention) % 2},
                                         {"latent", 9},
                                         {"width", 3}});
        }
      }
    }
  }
}

size_t Count(const std::string& text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ResnetGan, AttentionStandsWhereThePapersHaveIt) {
  for (const auto& [size, side] : {std::pair{28, 14}, {16, 8}, {32, 16}, {64, 32}, {128, 32}}) {
    SCOPED_TRACE(size);
    const Pair pair = BuildPair({.family = "resnet-gan",
                                 .size = size,
                                 .generator_width = 4,
                                 .discriminator_width = 4,
                                 .attention = true});
    for (const Graph* graph : {&pair.generator, &pair.discriminator}) {
      size_t found = 0;
      for (const Node& node : graph->nodes) {
        if (!std::holds_alternative<Attention>(node.op)) continue;
        ++found;
        EXPECT_EQ(graph->value(node.output).shape[2], Dim(side));
      }
      EXPECT_EQ(found, 1u);
    }
  }
}

TEST(ResnetGan, ClassesSteerEveryBlock) {
  const Model model = BuildRandom("resnet-gan", {{"size", 32}, {"classes", 5}, {"width", 2}}, 0);
  EXPECT_EQ(model.description,
            "ResNet GAN 32 x 32, 3 channels: from 128 random numbers and 5 classes");
  EXPECT_EQ(model.parameters.At("blocks.2.norm2.gain.weight").shape(), (Shape{2, 5}));
  EXPECT_EQ(Count(ToString(model.graph), "batch_norm("), 7u);
  const Pair pair =
      BuildPair({.family = "resnet-gan", .size = 32, .classes = 5, .discriminator_width = 2});
  EXPECT_EQ(Count(ToString(pair.discriminator), "batch_norm("), 0u);
  EXPECT_NE(ToString(pair.discriminator).find("projection = linear"), std::string::npos);
}

TEST(ResnetGan, SaysWhatADiscriminatorIs) {
  const Pair pair = BuildPair({.family = "resnet-gan", .size = 32, .discriminator_width = 2});
  EXPECT_NE(MessageOf(ZerosFor(pair.discriminator)).find("[resnet-gan] holds a discriminator"),
            std::string::npos);
}

TEST(ResnetGan, NamesHolesAndMisfits) {
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  const NamedTensors good =
      BuildRandom("resnet-gan", {{"size", 16}, {"width", 2}, {"latent", 6}}, 0).parameters;
  has(MessageOf(Without(good, "blocks.1.conv2.bias")), "wants \"blocks.1.conv2.bias\" [2]");
  has(MessageOf(Resized(good, "linear.weight", {50, 6})), "wants 4 x 4 or 7 x 7 pixels");
  has(MessageOf(Resized(good, "linear.weight", {128, 0})), "wants 2 sizes above 0");
  NamedTensors more = good;
  more.Add("blocks.99.conv1.weight", Tensor::Zeros(DType::kF32, {2, 2, 3, 3}));
  has(MessageOf(more), "has 100 blocks");
  NamedTensors embedded = good;
  embedded.Add("label_embedding.weight", Tensor::Zeros(DType::kF32, {6, 3}));
  has(MessageOf(embedded), "leaves nothing");
}

}  // namespace
}  // namespace gan::core
