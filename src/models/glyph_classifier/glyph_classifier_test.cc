#include "models/glyph_classifier/glyph_classifier.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "models/glyph_classifier/network.h"

namespace gan::core {
namespace {

NamedTensors RandomParameters(const Graph& graph) {
  Random random(1);
  NamedTensors parameters;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    Tensor tensor(DType::kF32, Evaluate(value.shape, {}));
    random.FillNormal(tensor.floats());
    parameters.Add(value.name, tensor);
  }
  return parameters;
}

std::string MessageOf(const NamedTensors& tensors) {
  try {
    DetectFeatureModel(tensors);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadData);
    return e.what();
  }
  return "no error";
}

TEST(GlyphClassifier, RoundTrips) {
  for (const ClassifierSizes& sizes :
       {ClassifierSizes{.classes = 62}, ClassifierSizes{.classes = 10, .features = 32}}) {
    const Graph graph = ClassifierGraph(sizes);
    const FeatureModel found = DetectFeatureModel(RandomParameters(graph));
    EXPECT_EQ(found.name, "glyphs");
    EXPECT_EQ(ToString(found.graph), ToString(graph));
    EXPECT_EQ(found.parameters.At("logits.weight").shape(),
              (Shape{sizes.classes, sizes.features, 1, 1}));
  }
}

TEST(GlyphClassifier, NamesHolesAndMisfits) {
  const NamedTensors good = RandomParameters(ClassifierGraph({.classes = 4}));
  NamedTensors hole, strange = good;
  for (const auto& [name, tensor] : good) {
    if (name != "conv.2.bias") hole.Add(name, tensor);
  }
  EXPECT_NE(MessageOf(hole).find("[glyphs] wants \"conv.2.bias\" [64]"), std::string::npos);
  strange.Add("conv.9.weight", Tensor::Zeros(DType::kF32, {1}));
  EXPECT_NE(MessageOf(strange).find("\"conv.9.weight\""), std::string::npos);
  // Of colour pictures, and of larger ones.
  EXPECT_NE(MessageOf(RandomParameters(ClassifierGraph({.channels = 3, .classes = 4})))
                .find("\"conv.0.weight\" wants [32, 1, 3, 3], got [32, 3, 3, 3]"),
            std::string::npos);
  EXPECT_NE(
      MessageOf(RandomParameters(ClassifierGraph({.size = 64, .classes = 4}))).find("\"conv.4."),
      std::string::npos);
  EXPECT_NE(MessageOf(RandomParameters(ClassifierGraph({.size = 16, .classes = 4})))
                .find("\"features.weight\""),
            std::string::npos);
}

}  // namespace
}  // namespace gan::core
