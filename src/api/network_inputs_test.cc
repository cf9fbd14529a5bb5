#include "api/network_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "gan/error.h"

namespace gan::core {
namespace {

Array Filled(std::vector<int64_t> shape, float value = 0) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  return {std::move(shape), std::vector<float>(static_cast<size_t>(count), value)};
}

Model Dcgan(int64_t classes) {
  return BuildRandom("dcgan", {{"size", 16}, {"latent", 5}, {"width", 2}, {"classes", classes}}, 1);
}

ErrorCode CodeOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode{};
}

TEST(NetworkInputs, RowsAndPixelsAreTheSameLatent) {
  const Model model = Dcgan(0);
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{3, 5}, {3, 5, 1, 1}}) {
    const std::vector<Tensor> inputs = InputsFrom(model, Filled(shape), {});
    ASSERT_EQ(inputs.size(), 1u);
    EXPECT_EQ(inputs[0].shape(), (Shape{3, 5, 1, 1}));
  }
  for (const std::vector<int64_t>& shape :
       {std::vector<int64_t>{3, 6}, {5}, {3, 5, 1, 2}, {1, 3, 5}}) {
    EXPECT_EQ(CodeOf([&] { InputsFrom(model, Filled(shape), {}); }), ErrorCode::kBadData);
  }
}

TEST(NetworkInputs, LabelsAreNumbersOrWeights) {
  const Model model = Dcgan(4);
  const Array z = Filled({2, 5});
  const std::vector<Tensor> numbers = InputsFrom(model, z, {{2}, {3, 0}});
  ASSERT_EQ(numbers.size(), 2u);
  const std::vector<float> wanted = {0, 0, 0, 1, 1, 0, 0, 0};
  EXPECT_TRUE(std::ranges::equal(numbers[1].floats(), wanted));
  const std::vector<Tensor> weights = InputsFrom(model, z, Filled({2, 4}, 0.25f));
  EXPECT_EQ(weights[1].floats()[5], 0.25f);
}

TEST(NetworkInputs, RefusesLabelsThatDoNotFit) {
  const Array z = Filled({2, 5});
  const auto code = [&](int64_t classes, const Array& labels) {
    return CodeOf([&] { InputsFrom(Dcgan(classes), z, labels); });
  };
  EXPECT_EQ(code(4, {}), ErrorCode::kUsage);
  EXPECT_EQ(code(0, {{2}, {0, 0}}), ErrorCode::kUsage);
  EXPECT_EQ(code(4, {{3}, {0, 0, 0}}), ErrorCode::kBadData);
  EXPECT_EQ(code(4, {{2}, {0, 4}}), ErrorCode::kBadData);
  EXPECT_EQ(code(4, {{2}, {0, -1}}), ErrorCode::kBadData);
  EXPECT_EQ(code(4, {{2}, {0, 0.5f}}), ErrorCode::kBadData);
  EXPECT_EQ(code(4, Filled({2, 5})), ErrorCode::kBadData);
}

TEST(NetworkInputs, PicturesPassAsTheyAre) {
  const Model model = BuildRandom("compact", {{"num_feat", 4}, {"num_conv", 1}}, 1);
  EXPECT_EQ(InputsFrom(model, Filled({1, 3, 2, 2}), {})[0].shape(), (Shape{1, 3, 2, 2}));
  EXPECT_EQ(CodeOf([&] {
              InputsFrom(model, Filled({1, 3, 2, 2}), {{1}, {0}});
            }),
            ErrorCode::kUsage);
}

}  // namespace
}  // namespace gan::core
