#include "training/sample_grid.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "training/flat_parameters.h"
#include "training/processes.h"
#include "training/real_batches.h"
#include "training/step_random.h"

namespace gan::core {
namespace {

constexpr int64_t kSize = 16;
constexpr uint64_t kSeed = 5;

class SampleGridTest : public testing::Test {
 protected:
  SampleGridTest() { at::set_num_threads(1); }

  // After a few large steps, so that classes have become different.
  std::unique_ptr<AdversarialTraining> Make(int64_t classes) {
    PairConfig config;
    config.size = kSize;
    config.classes = classes;
    config.latent = 4;
    config.generator_width = config.discriminator_width = 4;
    Recipe recipe;
    recipe.network.latent = 4;
    recipe.network.conditional = classes > 0;
    recipe.train.batch = 4;
    recipe.ema.half_life = 0;
    recipe.generator.learning_rate = recipe.discriminator.learning_rate = 0.005;
    auto training = std::make_unique<AdversarialTraining>(recipe, config, *processes_, at::kCPU);
    for (int64_t i = 0; i < 5; ++i) {
      TrainingBatch batch;
      batch.pictures = at::arange(4 * 3 * 256, at::kFloat).add(i).sin().reshape({4, 3, 16, 16});
      if (classes > 0) {
        std::vector<int32_t> labels;
        for (int64_t j = 0; j < 4; ++j) labels.push_back(static_cast<int32_t>((i + j) % classes));
        batch.labels = OneHot(labels, classes);
      }
      const std::vector<TrainingBatch> batches = {batch};
      training->Step(batches, i * 4);
    }
    return training;
  }

  static at::Tensor Latent(int64_t i) {
    StepRandom random(kSeed, StepRandom::Purpose::kGrid, static_cast<uint64_t>(i), {0, 1, 1},
                      at::kCPU);
    return random.Normal(4);
  }
  static at::Tensor Tile(const Tensor& grid, int64_t row, int64_t column) {
    return ToAten(grid, at::kCPU)
        .narrow(1, row * (kSize + 1), kSize)
        .narrow(2, column * (kSize + 1), kSize);
  }
  static bool Close(const at::Tensor& a, const at::Tensor& b) {
    return at::allclose(a, b, 1e-4, 1e-5);
  }

  std::unique_ptr<Processes> processes_ = Processes::Alone();
};

TEST_F(SampleGridTest, IsASquareWithoutClasses) {
  const auto training = Make(0);
  const Tensor grid = SampleGrid(*training, kSeed, 0, 3);
  EXPECT_EQ(grid.shape(), Shape({3, 3 * 17 - 1, 3 * 17 - 1}));
  for (const float value : grid.floats()) {
    ASSERT_GE(value, 0);
    ASSERT_LE(value, 1);
  }
  const at::Tensor pictures = SampleRange(*training, kSeed, 0, 0, 9).mul(0.5).add(0.5);
  for (int64_t i = 0; i < 9; ++i) EXPECT_TRUE(Close(Tile(grid, i / 3, i % 3), pictures[i])) << i;
  EXPECT_FALSE(Close(Tile(grid, 0, 0), Tile(grid, 0, 1)));
  EXPECT_FALSE(Close(Tile(grid, 0, 0), Tile(grid, 1, 0)));
}

TEST_F(SampleGridTest, HasARowForEachClass) {
  const auto training = Make(3);
  const Tensor grid = SampleGrid(*training, kSeed, 3, 4);
  EXPECT_EQ(grid.shape(), Shape({3, 3 * 17 - 1, 4 * 17 - 1}));
  for (int32_t row = 0; row < 3; ++row) {
    for (int64_t column = 0; column < 4; ++column) {
      const std::vector<int32_t> label = {row};
      const at::Tensor made = training->Sample(Latent(column), OneHot(label, 3))[0];
      EXPECT_TRUE(Close(Tile(grid, row, column), made.mul(0.5).add(0.5))) << row << " " << column;
      const at::Tensor below = Tile(grid, (row + 1) % 3, column);
      EXPECT_FALSE(Tile(grid, row, column).equal(below)) << row << " " << column;
    }
  }
}

TEST_F(SampleGridTest, HasNotTooManyRows) {
  const Tensor grid = SampleGrid(*Make(kClassRows + 5), kSeed, kClassRows + 5, 2);
  EXPECT_EQ(grid.shape(), Shape({3, kClassRows * 17 - 1, 2 * 17 - 1}));
}

TEST_F(SampleGridTest, APictureDependsOnItsNumberAlone) {
  for (const int64_t classes : {0, 3}) {
    const auto training = Make(classes);
    const at::Tensor all = SampleRange(*training, kSeed, classes, 0, 70);
    ASSERT_EQ(all.sizes(), at::IntArrayRef({70, 3, kSize, kSize}));
    for (const int64_t i : {0, 1, 63, 64, 69}) {
      EXPECT_TRUE(Close(SampleRange(*training, kSeed, classes, i, 1)[0], all[i])) << i;
    }
    EXPECT_TRUE(Close(SampleRange(*training, kSeed, classes, 60, 8), all.narrow(0, 60, 8)));
    EXPECT_FALSE(all[0].equal(all[3]));
    EXPECT_FALSE(Close(SampleRange(*training, kSeed + 1, classes, 0, 1)[0], all[0]));
    if (classes == 0) continue;
    const std::vector<int32_t> label = {64 % 3};
    EXPECT_TRUE(Close(training->Sample(Latent(64), OneHot(label, 3))[0], all[64]));
  }
}

}  // namespace
}  // namespace gan::core
