#include "latent/first_layer.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/error.h"

namespace gan::core {
namespace {

Tensor Counted(const Shape& shape) {
  Tensor out(DType::kF32, shape);
  std::iota(out.floats().begin(), out.floats().end(), 0.0f);
  return out;
}

std::vector<float> Numbers(const Tensor& tensor) {
  return {tensor.floats().begin(), tensor.floats().end()};
}

TEST(FirstWeights, AreTheColumnsOfTheNumbersInALinearLayer) {
  GraphBuilder b("linear");
  const Dim n = Dim::Symbol("N");
  const ValueId z = b.Input("z", {n, 2}), labels = b.Input("labels", {n, 1});
  const ValueId scaled = b.Add(Affine{.scale = 2}, {z});
  const ValueId both = b.Add(Concat{}, {labels, scaled});
  const ValueId x = b.Add(Linear{}, {both, b.Parameter("w", {4, 3})});
  Model model;
  model.graph = b.Finish({b.Add(Reshape{{1, 2, 2}}, {b.Add(Activation{}, {x})})});
  model.parameters.Add("w", Counted({4, 3}));
  model.latent = LatentInfo{2, 1};
  EXPECT_EQ(Numbers(FirstWeights(model)), (std::vector<float>{1, 2, 4, 5, 7, 8, 10, 11}));
  const Graph part = UpToFirstActivation(model.graph);
  EXPECT_EQ(part.inputs.size(), 2u);
  EXPECT_EQ(ToString(part.value(part.outputs[0]).shape), "[N, 4]");
}

TEST(FirstWeights, AreTheTapsOfATransposedConvolutionThatLandInside) {
  GraphBuilder b("transposed");
  const ValueId z = b.Input("z", {Dim::Symbol("N"), 2});
  const ValueId pixel = b.Add(Reshape{{2, 1, 1}}, {z});
  const ConvTranspose2d op{.kernel = {3, 3}, .padding = {0, 0, 1, 1}};
  const ValueId x = b.Add(op, {pixel, b.Parameter("w", {2, 1, 3, 3})});
  Model model;
  model.graph = b.Finish({b.Add(Activation{}, {x})});
  model.parameters.Add("w", Counted({2, 1, 3, 3}));
  model.latent = LatentInfo{2, 0};
  // Of each number its four taps: 0 1 3 4 of the first, 9 more of the second.
  EXPECT_EQ(Numbers(FirstWeights(model)), (std::vector<float>{0, 9, 1, 10, 3, 12, 4, 13}));
}

TEST(FirstWeights, AreThereInEveryTrainedFamily) {
  for (const char* family : {"dcgan", "resnet-gan", "r3gan"}) {
    for (const int64_t classes : {0, 3}) {
      SCOPED_TRACE(family);
      const Model model =
          BuildRandom(family, {{"size", 16}, {"latent", 6}, {"width", 4}, {"classes", classes}}, 1);
      const Tensor weights = FirstWeights(model);
      EXPECT_EQ(weights.shape()[1], 6);
      EXPECT_GE(weights.shape()[0], 16);
      const Graph part = UpToFirstActivation(model.graph);
      EXPECT_LT(part.nodes.size(), model.graph.nodes.size());
      EXPECT_EQ(part.value(part.inputs[0]).name, "z");
    }
  }
}

TEST(FirstWeights, AskForALinearBeginning) {
  GraphBuilder b("strange");
  const ValueId z = b.Input("z", {Dim::Symbol("N"), 4});
  const ValueId x = b.Add(Activation{}, {z});
  Model model;
  model.graph = b.Finish({b.Add(Reshape{{1, 2, 2}}, {x})});
  model.latent = LatentInfo{4, 0};
  EXPECT_THROW(FirstWeights(model), Error);
  EXPECT_THROW(UpToFirstActivation(model.graph), Error);
}

TEST(StyleWeights, AreThoseOfTheLayersAskedFor) {
  const Model model =
      BuildRandom("stylegan2", {{"size", 8}, {"style", 3}, {"base", 32}, {"channels", 1}}, 1);
  // Channels into the convolutions: 8, 8, 4; into the last picture 4.
  EXPECT_EQ(StyleWeights(model, {0, 3}).shape(), (Shape{8 + 8 + 4 + 4, 3}));
  const Tensor one = StyleWeights(model, {2, 2});
  EXPECT_EQ(Numbers(one), Numbers(model.parameters.At("synthesis.b8.conv1.affine.weight")));
  EXPECT_THROW(StyleWeights(model, {0, 4}), Error);
}

}  // namespace
}  // namespace gan::core
