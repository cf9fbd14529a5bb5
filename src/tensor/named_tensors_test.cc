#include "tensor/named_tensors.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

TEST(NamedTensors, KeepsOrderAndRefusesTwins) {
  NamedTensors tensors;
  tensors.Add("b", Tensor::Zeros(DType::kF32, {1}));
  tensors.Add("a", Tensor::Zeros(DType::kF32, {2}));
  EXPECT_EQ(tensors.begin()->first, "b");
  EXPECT_EQ(tensors.At("a").shape(), (Shape{2}));
  EXPECT_EQ(tensors.Find("c"), nullptr);
  EXPECT_THROW(tensors.At("c"), Error);
  EXPECT_THROW(tensors.Add("a", Tensor()), Error);
}

}  // namespace
}  // namespace gan::core
