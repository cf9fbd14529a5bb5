#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"
#include "models/looks_like.h"
#include "models/model.h"

namespace gan::core {
namespace {

std::string MessageOf(ErrorCode code, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code);
    return e.what();
  }
  return "no error";
}

NamedTensors One(const std::string& name, const Shape& shape) {
  NamedTensors out;
  out.Add(name, Tensor::Zeros(DType::kF32, shape));
  return out;
}

TEST(DetectModel, SaysWhatSpokeAgainstEachFamily) {
  const std::string text = MessageOf(ErrorCode::kBadData, [] {
    DetectModel(One("synthesis.b4.conv.weight", {8, 8, 3, 3}));
  });
  EXPECT_NE(text.find("looks like a StyleGAN generator (\"synthesis.b4.conv.weight\")"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("no ESRGAN generator: has no residual dense blocks"), std::string::npos);
  EXPECT_NE(text.find("no Real-ESRGAN compact generator: has no plain chain"), std::string::npos);
}

TEST(DetectModel, TextFromTheFileIsMadePrintable) {
  const std::string text = MessageOf(ErrorCode::kBadData, [] {
    DetectModel(One("evil\n\x1b[31m.weight", {8, 8, 3, 3}));
  });
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(DetectModel, NothingButCounters) {
  NamedTensors tensors;
  tensors.Add("epoch", Tensor::Zeros(DType::kI64, {}));
  EXPECT_NE(MessageOf(ErrorCode::kBadData, [&] { DetectModel(tensors); }).find("has none"),
            std::string::npos);
}

TEST(LooksLike, NamesTheUsualSuspects) {
  const auto look = [](const std::string& name, const Shape& shape) {
    return LooksLike(FindStateDicts(One(name, shape)).at(0));
  };
  EXPECT_NE(look("layers.0.residual_group.blocks.0.norm1.weight", {180}).find("transformer"),
            std::string::npos);
  EXPECT_NE(look("up.lora_down.weight", {4, 320}).find("LoRA"), std::string::npos);
  EXPECT_NE(look("final.weight", {1, 512, 4, 4}).find("discriminator"), std::string::npos);
  EXPECT_NE(look("fc.weight", {10, 10}).find("no 2-D convolutions"), std::string::npos);
  EXPECT_NE(look("conv.weight", {64, 3, 3, 3}).find("no known order"), std::string::npos);
}

TEST(BuildRandom, SameSeedSameWeights) {
  const ModelSizes sizes = {{"num_feat", 4}, {"num_conv", 1}};
  const Model a = BuildRandom("compact", sizes, 5);
  const Model b = BuildRandom("compact", sizes, 5);
  const Model c = BuildRandom("compact", sizes, 6);
  const auto first = [](const Model& model) {
    return model.parameters.At("body.0.weight").floats()[0];
  };
  EXPECT_EQ(first(a), first(b));
  EXPECT_NE(first(a), first(c));
}

TEST(BuildRandom, RefusesWhatItDoesNotKnow) {
  const auto build = [](std::string_view family, const ModelSizes& sizes) {
    return MessageOf(ErrorCode::kUsage, [&] { BuildRandom(family, sizes, 0); });
  };
  EXPECT_NE(build("esrgun", {}).find("it knows esrgan, compact"), std::string::npos);
  EXPECT_NE(build("compact", {{"num_block", 3}}).find("it has num_in_ch, num_feat"),
            std::string::npos);
  EXPECT_NE(build("esrgan", {{"num_feat", 0}}).find("num_feat from 1 to 1024, got 0"),
            std::string::npos);
  EXPECT_NE(build("esrgan", {{"scale", 3}}).find("powers of two"), std::string::npos);
}

TEST(ModelFromGraph, WantsTheGraphsParameters) {
  const auto graph = [] {
    GraphBuilder b("g");
    const ValueId x = b.Input("x", {1, 2, Dim::Symbol("H"), Dim::Symbol("W")});
    return b.Finish({b.Add(Conv2d{}, {x, b.Parameter("w", {4, 2, 1, 1})})});
  };
  const Model model = ModelFromGraph(graph(), One("w", {4, 2, 1, 1}), "ncnn");
  EXPECT_EQ(model.family, "ncnn");
  EXPECT_EQ(model.description, "ncnn network: 1 operations, 8 weights");
  EXPECT_THROW(ModelFromGraph(graph(), One("w", {4, 2, 3, 3}), "ncnn"), Error);
  EXPECT_THROW(ModelFromGraph(graph(), {}, "ncnn"), Error);
}

TEST(ModelFromGraph, ALatentMayComeWithLabels) {
  const auto latent_of = [](const std::vector<std::string>& inputs) {
    GraphBuilder b("g");
    ValueId sum = b.Add(Affine{.scale = 2}, {b.Parameter("w", {1, 8})});
    for (const std::string& name : inputs) {
      sum = b.Add(Binary{}, {b.Input(name, {Dim::Symbol("N"), 8}), sum});
    }
    const ValueId out = b.Add(Reshape{{2, 2, 2}}, {sum});
    return ModelFromGraph(b.Finish({out}), One("w", {1, 8}), "onnx").latent;
  };
  EXPECT_FALSE(latent_of({}));
  EXPECT_EQ(latent_of({"z"})->classes, 0);
  EXPECT_EQ(latent_of({"z", "labels"})->classes, 8);
  EXPECT_FALSE(latent_of({"z", "other"}));
  EXPECT_FALSE(latent_of({"z", "labels", "noise"}));
}

}  // namespace
}  // namespace gan::core
