#include "kernels/attention.h"

#include <gtest/gtest.h>

#include <limits>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

struct Operands {
  Tensor queries, keys, values;
};

Tensor Attend(const Operands& in, float scale, ThreadPool& pool) {
  const Shape& q = in.queries.shape();
  Tensor out(DType::kF32, {q[0], in.values.shape()[1], q[2], q[3]});
  const int64_t positions = in.keys.shape()[2] * in.keys.shape()[3];
  const auto bytes = static_cast<int64_t>(AttentionWorkspaceBytes(positions, q[1], pool.threads()));
  Tensor workspace(DType::kU8, {bytes});
  Attention(in.queries.view(), in.keys.view(), in.values.view(), scale, out.view(), workspace.raw(),
            pool);
  return out;
}

TEST(Attention, EverySizeAgainstTheReference) {
  Random random(33);
  ThreadPool pool(2);
  for (const auto& [height, width, below] :
       {std::array<int64_t, 3>{1, 1, 1}, {1, 7, 2}, {5, 6, 3}, {4, 8, 4}, {9, 11, 5}, {3, 65, 1}}) {
    for (const int64_t channels : {1, 3, 8, 17}) {
      const Operands in{RandomTensor({2, channels, height, width}, random),
                        RandomTensor({2, channels, below, width}, random),
                        RandomTensor({2, 2 * channels + 1, below, width}, random)};
      Tensor wanted(DType::kF32, {2, 2 * channels + 1, height, width});
      reference::Attention(in.queries.view(), in.keys.view(), in.values.view(), 0.5f,
                           wanted.view());
      OnEveryTarget([&] { ExpectClose(Attend(in, 0.5f, pool).floats(), wanted.floats(), 2e-6f); });
    }
  }
}

TEST(Attention, KnownWeights) {
  ThreadPool pool(1);
  // Scores of 0 and ln 3: shares of a quarter and three quarters.
  const Operands in{Tensor::FromFloats({1, 1, 1, 2}, std::vector<float>{0, 1}),
                    Tensor::FromFloats({1, 1, 1, 2}, std::vector<float>{0, std::log(3.0f)}),
                    Tensor::FromFloats({1, 1, 1, 2}, std::vector<float>{4, 8})};
  OnEveryTarget([&] {
    const Tensor out = Attend(in, 1, pool);
    EXPECT_NEAR(out.floats()[0], 6, 1e-5);
    EXPECT_NEAR(out.floats()[1], 7, 1e-5);
  });
}

TEST(Attention, LargeScoresDoNotOverflow) {
  ThreadPool pool(1);
  const Operands in{Tensor::FromFloats({1, 1, 1, 1}, std::vector<float>{1000}),
                    Tensor::FromFloats({1, 1, 1, 3}, std::vector<float>{-1000, 1000, 0}),
                    Tensor::FromFloats({1, 1, 1, 3}, std::vector<float>{1, 2, 3})};
  OnEveryTarget([&] { EXPECT_EQ(Attend(in, 1, pool).floats()[0], 2); });
}

TEST(Attention, NanAndInfinityAreNotLost) {
  ThreadPool pool(1);
  for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    const Operands in{Tensor::FromFloats({1, 1, 1, 1}, std::vector<float>{1}),
                      Tensor::FromFloats({1, 1, 1, 3}, std::vector<float>{0, bad, 0}),
                      Tensor::FromFloats({1, 1, 1, 3}, std::vector<float>{1, 2, 3})};
    OnEveryTarget([&] { EXPECT_TRUE(std::isnan(Attend(in, 1, pool).floats()[0])) << bad; });
  }
}

TEST(Attention, ThreadsDoNotChangeABit) {
  Random random(34);
  const Operands in{RandomTensor({3, 4, 9, 9}, random), RandomTensor({3, 4, 4, 4}, random),
                    RandomTensor({3, 10, 4, 4}, random)};
  ThreadPool one(1);
  const Tensor wanted = Attend(in, 1, one);
  for (const int threads : {2, 3, 8}) {
    ThreadPool pool(threads);
    ExpectSameBits(Attend(in, 1, pool).floats(), wanted.floats());
  }
}

}  // namespace
}  // namespace gan::core::kernels
