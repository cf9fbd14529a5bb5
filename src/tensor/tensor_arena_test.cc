#include "tensor/tensor_arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace gan::core {
namespace {

TEST(TensorArena, TensorsLieApartAndOutliveIt) {
  std::vector<Tensor> made;
  {
    TensorArena arena(100'000'000);
    // More than one block, with one that is too large for any.
    for (int64_t i = 0; i < 300; ++i) {
      made.push_back(arena.Make(DType::kF32, {i == 7 ? 5'000'000 : 1 + i * 100}));
    }
  }
  for (size_t i = 0; i < made.size(); ++i) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(made[i].raw().data()) % 64, 0u);
    for (float& value : made[i].floats()) value = static_cast<float>(i);
  }
  for (size_t i = 0; i < made.size(); ++i) {
    EXPECT_EQ(made[i].floats().front(), static_cast<float>(i));
    EXPECT_EQ(made[i].floats().back(), static_cast<float>(i));
  }
}

TEST(TensorArena, NoElementsNeedNoMemory) {
  TensorArena arena(100);
  EXPECT_EQ(arena.Make(DType::kF32, {3, 0}).bytes(), 0u);
}

}  // namespace
}  // namespace gan::core
