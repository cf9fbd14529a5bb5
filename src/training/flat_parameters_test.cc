#include "training/flat_parameters.h"

#include <gtest/gtest.h>

#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace gan::core {
namespace {

// 3, 2x20 and 1 numbers, counted from 1.
NamedTensors ThreeTensors() {
  std::vector<float> numbers(40);
  std::iota(numbers.begin(), numbers.end(), 1.0f);
  NamedTensors tensors;
  tensors.Add("a", Tensor::FromFloats({3}, std::span(numbers).first(3)));
  tensors.Add("b", Tensor::FromFloats({2, 20}, numbers));
  tensors.Add("c", Tensor::FromFloats({1}, std::span(numbers).first(1)));
  return tensors;
}

TEST(FlatParameters, CopiesInOrderOnCacheLines) {
  const FlatParameters flat(ThreeTensors(), at::kCPU);
  EXPECT_EQ(flat.names(), (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_EQ(flat.leaves().size(), 3u);
  EXPECT_EQ(flat.values().numel(), 16 + 48 + 16);
  for (const at::Tensor& leaf : flat.leaves()) {
    EXPECT_EQ((leaf.data_ptr<float>() - flat.values().data_ptr<float>()) % 16, 0);
  }
  EXPECT_EQ(flat.leaves()[1].sizes(), (at::IntArrayRef{2, 20}));
  EXPECT_TRUE(at::equal(flat.leaves()[1], at::arange(1, 41, at::kFloat).reshape({2, 20})));
  // Holes are 0.
  EXPECT_EQ(flat.values().sum().item<double>(), 6 + 820 + 1);
}

TEST(FlatParameters, ViewsShareMemory) {
  FlatParameters flat(ThreeTensors(), at::kCPU);
  flat.RequireGradients(true);
  EXPECT_FALSE(flat.values().requires_grad());
  for (const at::Tensor& leaf : flat.leaves()) {
    EXPECT_TRUE(leaf.requires_grad());
    EXPECT_TRUE(leaf.is_leaf());
  }
  const at::NoGradGuard no_gradients;
  flat.values().mul_(2);
  EXPECT_EQ(flat.leaves()[0][2].item<double>(), 6);
  flat.leaves()[2].fill_(9);
  EXPECT_EQ(flat.values()[64].item<double>(), 9);
  flat.RequireGradients(false);
  EXPECT_FALSE(flat.leaves()[0].requires_grad());
}

TEST(FlatParameters, GatherWithUndefined) {
  const FlatParameters flat(ThreeTensors(), at::kCPU);
  const at::Tensor block = flat.NewBlock();
  EXPECT_EQ(block.sizes(), flat.values().sizes());
  EXPECT_EQ(block.abs().sum().item<double>(), 0);
  const at::Tensor b = at::arange(40, at::kFloat).reshape({20, 2}).t();  // not contiguous
  flat.Gather({at::full({3}, 5.0), at::Tensor(), at::full({1}, 7.0)}, block);
  EXPECT_EQ(block.sum().item<double>(), 15 + 7);
  flat.Gather({at::Tensor(), b, at::Tensor()}, block);
  EXPECT_TRUE(at::equal(flat.PartOf(block, 1), b));
  EXPECT_EQ(block.sum().item<double>(), 780);  // what was there before is gone
}

TEST(FlatParameters, TensorsThereAndBack) {
  const at::Tensor x = at::arange(6, at::kFloat).reshape({2, 3}).t();
  const Tensor ours = ToTensor(x);
  EXPECT_EQ(ours.floats()[1], 3);
  const at::Tensor back = ToAten(ours, at::kCPU);
  EXPECT_TRUE(at::equal(back, x));
  back.zero_();
  EXPECT_EQ(ours.floats()[1], 3);  // a copy
}

}  // namespace
}  // namespace gan::core
