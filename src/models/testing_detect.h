// What the tests of families ask of models, and small changes to their tensors.
#ifndef GAN_MODELS_TESTING_DETECT_H_
#define GAN_MODELS_TESTING_DETECT_H_

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"
#include "models/model.h"

namespace gan::core::testing {

inline std::string FactOf(const Model& model, std::string_view name) {
  for (const Fact& fact : model.facts) {
    if (fact.name == name) return fact.value;
  }
  return "none";
}

// Of the error that detection ends with, which must be kBadData.
inline std::string MessageOf(const NamedTensors& tensors) {
  try {
    DetectModel(tensors);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadData);
    return e.what();
  }
  return "no error";
}

// The parameters of a graph, all zeros.
inline NamedTensors ZerosFor(const Graph& graph) {
  NamedTensors out;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    out.Add(value.name, Tensor::Zeros(DType::kF32, Evaluate(value.shape, {})));
  }
  return out;
}

// `name` left out, or with other sizes.
inline NamedTensors Without(const NamedTensors& tensors, std::string_view name) {
  NamedTensors out;
  for (const auto& [known, tensor] : tensors) {
    if (known != name) out.Add(known, tensor);
  }
  return out;
}

inline NamedTensors Resized(const NamedTensors& tensors, const std::string& name,
                            const Shape& shape) {
  NamedTensors out = Without(tensors, name);
  out.Add(name, Tensor::Zeros(DType::kF32, shape));
  return out;
}

inline void ExpectSameNetwork(const Model& found, const Model& made) {
  EXPECT_EQ(found.family, made.family);
  EXPECT_EQ(found.description, made.description);
  EXPECT_EQ(ToString(found.graph), ToString(made.graph));
  EXPECT_EQ(found.parameters.size(), made.parameters.size());
  EXPECT_EQ(found.signed_pictures, made.signed_pictures);
}

// Random, given out as tensors under each of these heads, and found again: the same network.
inline void ExpectFoundUnder(std::initializer_list<std::string_view> heads, std::string_view family,
                             const ModelSizes& sizes) {
  const Model made = BuildRandom(family, sizes, 3);
  EXPECT_EQ(made.family, family);
  SCOPED_TRACE(made.description);
  for (const std::string_view head : heads) {
    NamedTensors tensors;
    for (const auto& [name, tensor] : made.parameters) {
      tensors.Add(std::string(head) + name, tensor);
    }
    ExpectSameNetwork(DetectModel(tensors), made);
  }
}

// Random, given out as tensors, and found again: the same network, of the sizes asked for.
inline void ExpectRoundTrip(std::string_view family, const ModelSizes& sizes) {
  const Model made = BuildRandom(family, sizes, 3);
  EXPECT_EQ(made.family, family);
  SCOPED_TRACE(made.description);
  const Model found = DetectModel(made.parameters);
  ExpectSameNetwork(found, made);
  for (const auto& [name, value] : sizes) {
    EXPECT_EQ(FactOf(found, name), fmt::format("{}", value)) << name;
  }
  ASSERT_TRUE(found.latent.has_value());
  EXPECT_EQ(fmt::format("{}", found.latent->size), FactOf(made, "latent"));
  EXPECT_EQ(fmt::format("{}", found.latent->classes), FactOf(made, "classes"));
}

}  // namespace gan::core::testing

#endif  // GAN_MODELS_TESTING_DETECT_H_
