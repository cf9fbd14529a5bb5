#include "training/autocast.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(LossScale, OnlyFp16IsScaled) {
  for (const char* precision : {"fp32", "bf16"}) {
    LossScale scale(precision);
    for (const bool finite : {false, true, false}) scale.Update(finite);
    EXPECT_EQ(scale.scale(), 1) << precision;
  }
  EXPECT_EQ(LossScale("fp16").scale(), 65536);
}

TEST(LossScale, HalvedByAnOverflowNotBelowOne) {
  LossScale scale("fp16");
  scale.Update(false);
  EXPECT_EQ(scale.scale(), 32768);
  for (int i = 0; i < 40; ++i) scale.Update(false);
  EXPECT_EQ(scale.scale(), 1);
}

TEST(LossScale, DoubledAfterManyGoodSteps) {
  LossScale scale("fp16");
  for (int i = 0; i < 1999; ++i) scale.Update(true);
  EXPECT_EQ(scale.scale(), 65536);
  scale.Update(true);
  EXPECT_EQ(scale.scale(), 131072);
  EXPECT_EQ(scale.state().good, 0);
  // An overflow starts the count again.
  for (int i = 0; i < 1999; ++i) scale.Update(true);
  scale.Update(false);
  for (int i = 0; i < 1999; ++i) scale.Update(true);
  EXPECT_EQ(scale.scale(), 65536);

  LossScale resumed("fp16");
  resumed.Restore(scale.state());
  EXPECT_EQ(resumed.state(), scale.state());
  resumed.Update(true);
  EXPECT_EQ(resumed.scale(), 131072);
}

TEST(Autocast, ChangesProductsWhileItLives) {
  const at::Tensor a = at::ones({2, 2});
  {
    const Autocast cast("bf16", at::kCPU);
    EXPECT_EQ(at::mm(a, a).scalar_type(), at::kBFloat16);
  }
  EXPECT_EQ(at::mm(a, a).scalar_type(), at::kFloat);
  const Autocast none("fp32", at::kCPU);
  EXPECT_EQ(at::mm(a, a).scalar_type(), at::kFloat);
}

}  // namespace
}  // namespace gan::core
