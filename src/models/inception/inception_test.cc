#include "models/inception/inception.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "models/inception/network.h"

namespace gan::core {
namespace {

// A checkpoint of the layout with small random weights.
NamedTensors Checkpoint(int64_t classes) {
  NamedTensors out;
  Random random(1);
  const auto add = [&](const std::string& name, const Shape& shape, float low, float high) {
    Tensor tensor(DType::kF32, shape);
    random.FillUniform(tensor.floats(), low, high);
    out.Add(name, tensor);
  };
  const Graph graph = InceptionGraph({.classes = classes});
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter || !value.name.ends_with(".weight")) continue;
    const std::string name = value.name.substr(0, value.name.size() - 7);
    const Shape shape = Evaluate(value.shape, {});
    if (name == "fc") {
      add("fc.weight", {classes, 2048}, -1, 1);
      add("fc.bias", {classes}, -1, 1);
      continue;
    }
    add(name + ".conv.weight", shape, -1, 1);
    add(name + ".bn.weight", {shape[0]}, 0.5f, 2);
    add(name + ".bn.bias", {shape[0]}, -1, 1);
    add(name + ".bn.running_mean", {shape[0]}, -1, 1);
    add(name + ".bn.running_var", {shape[0]}, 0.1f, 2);
  }
  return out;
}

NamedTensors Without(const NamedTensors& tensors, std::string_view left_out) {
  NamedTensors out;
  for (const auto& [name, tensor] : tensors) {
    if (name != left_out) out.Add(name, tensor);
  }
  return out;
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

const NamedTensors& FirstFid() {
  static const NamedTensors tensors = Checkpoint(1008);
  return tensors;
}

TEST(Inception, HasPublishedSizes) {
  const Graph graph = InceptionGraph({.classes = 1000, .first_fid = false});
  // torchvision's 23,834,568 of the network without its auxiliary classifier hold two numbers for
  // each channel's norm, where one bias is left after folding: 17,216 channels.
  const GraphCost cost = CostOf(graph, {{"N", 1}});
  EXPECT_EQ(cost.parameters, 23'834'568 - 17'216);
  EXPECT_NEAR(cost.multiply_adds / 1e9, 5.71, 0.1);
  EXPECT_EQ(ToString(graph.value(graph.outputs[0]).shape), "[N, 2048, 1, 1]");
  EXPECT_EQ(ToString(graph.value(graph.outputs[1]).shape), "[N, 1000, 1, 1]");
}

TEST(Inception, TellsTheTwoLayoutsByTheirClasses) {
  const FeatureModel first = DetectFeatureModel(FirstFid());
  EXPECT_EQ(first.name, "Inception-v3 (TF port)");
  CheckParameters(first.graph, first.parameters);
  EXPECT_NE(ToString(first.graph).find("count_padding=0"), std::string::npos);

  NamedTensors wrapped;  // as training scripts save it, with what torchvision has beside it
  for (const auto& [name, tensor] : Checkpoint(1000)) wrapped.Add("state_dict." + name, tensor);
  wrapped.Add("state_dict.AuxLogits.fc.bias", Tensor::Zeros(DType::kF32, {1000}));
  wrapped.Add("state_dict.Conv2d_1a_3x3.bn.num_batches_tracked", Tensor::Zeros(DType::kI64, {}));
  const FeatureModel second = DetectFeatureModel(wrapped);
  EXPECT_EQ(second.name, "Inception-v3 (torchvision)");
  EXPECT_EQ(ToString(second.graph).find("count_padding=0"), std::string::npos);
}

TEST(Inception, FoldsTheBatchNorms) {
  const std::string name = "Mixed_6a.branch3x3";
  const FeatureModel model = DetectFeatureModel(FirstFid());
  const auto at = [&](const std::string& part, size_t i) {
    return static_cast<double>(FirstFid().At(name + part).floats()[i]);
  };
  const double factor = at(".bn.weight", 5) / std::sqrt(at(".bn.running_var", 5) + 0.001);
  const size_t inner = 288 * 9;
  EXPECT_NEAR(model.parameters.At(name + ".weight").floats()[5 * inner + 11],
              at(".conv.weight", 5 * inner + 11) * factor, 1e-6);
  EXPECT_NEAR(model.parameters.At(name + ".bias").floats()[5],
              at(".bn.bias", 5) - at(".bn.running_mean", 5) * factor, 1e-6);
}

TEST(Inception, NamesHolesMisfitsAndStrangers) {
  EXPECT_NE(MessageOf(Without(FirstFid(), "fc.weight")).find("inception: has no \"fc.weight\""),
            std::string::npos);
  EXPECT_NE(MessageOf(Without(FirstFid(), "Mixed_6b.branch7x7_2.bn.bias"))
                .find("[inception] wants \"Mixed_6b.branch7x7_2.bn.bias\""),
            std::string::npos);
  NamedTensors misfit = Without(FirstFid(), "Conv2d_3b_1x1.conv.weight");
  misfit.Add("Conv2d_3b_1x1.conv.weight", Tensor::Zeros(DType::kF32, {80, 63, 1, 1}));
  EXPECT_NE(MessageOf(misfit).find("wants [80, 64, 1, 1], got [80, 63, 1, 1]"), std::string::npos);
  NamedTensors classes = Without(FirstFid(), "fc.weight");
  classes.Add("fc.weight", Tensor::Zeros(DType::kF32, {10, 2048}));
  EXPECT_NE(MessageOf(classes).find("wants 1008 classes"), std::string::npos);
  NamedTensors more = FirstFid();
  more.Add("Mixed_8a.conv.weight", Tensor::Zeros(DType::kF32, {1}));
  EXPECT_NE(MessageOf(more).find("no place for \"Mixed_8a.conv.weight\" [1]"), std::string::npos);
  NamedTensors negative = Without(FirstFid(), "Conv2d_3b_1x1.bn.running_var");
  negative.Add("Conv2d_3b_1x1.bn.running_var",
               Tensor::FromFloats({80}, std::vector<float>(80, -1.0f)));
  EXPECT_NE(MessageOf(negative).find("wants variances, got -1"), std::string::npos);
  EXPECT_NE(MessageOf({}).find("got no tensors"), std::string::npos);
}

}  // namespace
}  // namespace gan::core
