#include "kernels/upfirdn2d.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

void Filter(const ConstTensorView& x, const Tensor& filter, const Upfirdn2dParams& params,
            const TensorView& out, ThreadPool& pool) {
  std::vector<std::byte> workspace(
      Upfirdn2dWorkspaceBytes(filter.shape(), out.shape, params, pool.threads()));
  Upfirdn2d(x, filter.view(), params, out, workspace, pool);
}

TEST(Upfirdn2d, AgreesWithTheReferenceAtEveryStepAndBorder) {
  Random random(46);
  ThreadPool pool(2);
  for (const int64_t up : {1, 2, 3}) {
    for (const int64_t down : {1, 2}) {
      for (int64_t width = 1; width <= 37; width += 3) {
        const GappedTensor x(RandomTensor({2, 3, 5, width}, random));
        const Tensor filter = RandomTensor({4, 3}, random);
        const Upfirdn2dParams params{{up, 1}, {down, down}, {2, 1}, 0.5f};
        const Upfirdn2dParams both{{up, up}, {1, down}, {3, 0}, 1};
        for (const Upfirdn2dParams& p : {params, both}) {
          // As far as one row and column of zeros below and on the right.
          const int64_t height = (5 * p.up[0] + p.before[0] + 1 - 4) / p.down[0] + 1;
          const int64_t columns = (width * p.up[1] + p.before[1] + 1 - 3) / p.down[1] + 1;
          if (width * p.up[1] + p.before[1] + 1 < 3) continue;
          Tensor wanted(DType::kF32, {2, 3, height, columns});
          reference::Upfirdn2d(x.view(), filter.view(), p, wanted.view());
          OnEveryTarget([&] {
            Tensor got(DType::kF32, wanted.shape());
            Filter(x.view(), filter, p, got.view(), pool);
            ExpectClose(got.floats(), wanted.floats(), 2e-6f);
          });
        }
      }
    }
  }
}

// A single pixel draws the filter itself, not its mirror image.
TEST(Upfirdn2d, Convolves) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({1, 1, 1, 1}, std::vector<float>{1});
  const Tensor filter = Tensor::FromFloats({2, 2}, std::vector<float>{1, 2, 3, 4});
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {1, 1, 2, 2});
    Filter(x.view(), filter, {.before = {1, 1}}, out.view(), pool);
    ExpectClose(out.floats(), std::vector<float>{1, 2, 3, 4}, 0);
  });
}

}  // namespace
}  // namespace gan::core::kernels
