#include "tensor/fingerprint.h"

#include <gtest/gtest.h>

#include <set>

namespace gan::core {
namespace {

std::string Of(const std::string& name, const Shape& shape, float first) {
  NamedTensors tensors;
  Tensor tensor = Tensor::Zeros(DType::kF32, shape);
  tensor.floats()[0] = first;
  tensors.Add(name, tensor);
  return FingerprintOf(tensors);
}

TEST(Fingerprint, ChangesWithEverything) {
  const std::set<std::string> all{FingerprintOf({}), Of("a", {4}, 0), Of("b", {4}, 0),
                                  Of("a", {2, 2}, 0), Of("a", {4}, 1)};
  EXPECT_EQ(all.size(), 5u);
  EXPECT_EQ(Of("a", {4}, 1), Of("a", {4}, 1));
  EXPECT_EQ(Of("a", {4}, 1).size(), 32u);
}

}  // namespace
}  // namespace gan::core
