#include "latent/moves.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/error.h"

namespace gan::core {
namespace {

const Tensor kDirections = Tensor::FromFloats({2, 2}, std::vector<float>{1, 0, 10, 20});

std::vector<float> Numbers(const Tensor& tensor) {
  return {tensor.floats().begin(), tensor.floats().end()};
}

TEST(MoveLatents, AddsDirectionsToThePartsAskedFor) {
  Tensor latents = Tensor::Zeros(DType::kF32, {2, 6});
  const Move moves[] = {{0, 3}, {1, -0.5}};
  MoveLatents(latents, kDirections, moves, {1, 2});
  const std::vector<float> row = {0, 0, -2, -10, -2, -10};
  std::vector<float> both = row;
  both.insert(both.end(), row.begin(), row.end());
  EXPECT_EQ(Numbers(latents), both);
}

TEST(MoveLatents, NamesADirectionThatIsNotThere) {
  Tensor latents = Tensor::Zeros(DType::kF32, {1, 2});
  for (const Move move :
       {Move{2, 1}, Move{-1, 1}, Move{0, std::numeric_limits<double>::infinity()}}) {
    try {
      MoveLatents(latents, kDirections, {&move, 1}, {0, 0});
      ADD_FAILURE() << move.direction;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      EXPECT_NE(std::string(error.what()).find("from 0 to 1"), std::string::npos) << error.what();
    }
  }
}

TEST(Walks, GoFromOneSideToTheOther) {
  const Tensor start = Tensor::FromFloats({1, 2}, std::vector<float>{5, 5});
  const Tensor walks = Walks(start, kDirections, 3, 2, {0, 0});
  EXPECT_EQ(walks.shape(), (Shape{6, 2}));
  EXPECT_EQ(Numbers(walks), (std::vector<float>{3, 5, 5, 5, 7, 5, -15, -35, 5, 5, 25, 45}));
  EXPECT_EQ(Numbers(Walks(start, kDirections, 1, 2, {0, 0})), (std::vector<float>{5, 5, 5, 5}));
}

}  // namespace
}  // namespace gan::core
